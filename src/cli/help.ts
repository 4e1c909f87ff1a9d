import { RootfsError } from '../errors.ts';
import { type CommandName, type Flag, flagsOf } from './flags.ts';
import { MANUAL } from './manual.ts';
import { nearest } from './nearest.ts';
import type { Terminal } from './terminal.ts';

/** The package's version, put in by bundle.mjs. */
declare const MKROOTFS_VERSION: string;

/** Longest line of help: fits a terminal of the least usual width. */
const WIDTH = 80;

/**
 * `mkrootfs`, `mkrootfs --help`, `mkrootfs help COMMAND`, `mkrootfs --version`.
 * @returns the exit code
 */
export function help(word: string | undefined, operands: readonly string[], terminal: Terminal): number {
  if (word === undefined) {
    terminal.note(overview());
    return 2;
  }
  const [topic] = operands;
  if (word === '--version') terminal.out(`mkrootfs ${MKROOTFS_VERSION}\n`);
  else if (topic === undefined) terminal.out(overview());
  else terminal.out(page(topic));
  return 0;
}

function overview(): string {
  const names = Object.keys(MANUAL) as CommandName[];
  return [
    'mkrootfs: the smallest root filesystem in which a Linux program still runs',
    '',
    'usage: mkrootfs PROGRAM... -o OUT [options]',
    '       mkrootfs COMMAND ...',
    '',
    'commands:',
    ...names.map((name) => `  ${name.padEnd(9)} ${MANUAL[name].summary}`),
    '',
    'example:',
    '  mkrootfs /bin/echo -o rootfs',
    '  mkrootfs run rootfs /bin/echo "Hello, world!"',
    '',
    'mkrootfs help COMMAND says more of one command, mkrootfs --version prints the version.',
    '',
  ].join('\n');
}

function page(topic: string): string {
  const name = known(topic);
  const { usage, summary, description, examples } = MANUAL[name];
  const widest = Math.max(...examples.map(({ line }) => line.length));
  return [
    `mkrootfs ${name}: ${summary}`,
    '',
    ...usage.map((line, at) => `${at === 0 ? 'usage:' : '      '} mkrootfs ${line}`),
    '',
    ...description,
    '',
    'options:',
    ...flagsOf(name).flatMap(option),
    '',
    examples.length > 1 ? 'examples:' : 'example:',
    ...examples.map(({ line, what }) => `  ${line.padEnd(widest)}  # ${what}`),
    '',
  ].join('\n');
}

function known(topic: string): CommandName {
  if (Object.hasOwn(MANUAL, topic)) return topic as CommandName;
  const near = nearest(topic, Object.keys(MANUAL));
  throw new RootfsError('ERR_USAGE', `cannot show help of ${topic}: there is no such command`, {
    hint: near ? `did you mean ${near}?` : 'mkrootfs --help lists them',
  });
}

/** Name and value in a column of their own, the sentence beside it, folded. */
function option(flag: Flag): readonly string[] {
  const short = flag.short ? `-${flag.short}, ` : '    ';
  const left = `  ${short}--${flag.name}${flag.value ? ` ${flag.value}` : ''}`;
  const sentence = flag.choices ? `${flag.help}: ${flag.choices.join(' ')}` : flag.help;
  const text = fold(flag.repeatable ? `${sentence} (repeatable)` : sentence, WIDTH - 28);
  return text.map((line, at) => `${(at === 0 ? left : '').padEnd(27)} ${line}`);
}

function fold(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
