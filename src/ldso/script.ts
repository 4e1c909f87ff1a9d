import { decodeName } from '../bytes.ts';
import { LIMITS } from '../limits.ts';

/** The `#!` line of a script, split as the kernel does (fs/binfmt_script.c). */
export interface Shebang {
  /** The whole line after `#!`, blanks at both ends removed. */
  readonly line: string;
  /** The interpreter as written; '' where the kernel would answer ENOEXEC. */
  readonly interpreter: string;
  /** Everything after the interpreter: one argument; null where there is none. */
  readonly argument: string | null;
}

/**
 * Reads the first line of a file.
 * @param head at least the first 256 bytes, as far as the file has them
 * @returns null where the file does not begin with `#!`
 */
export function parseShebang(head: Uint8Array): Shebang | null {
  if (head[0] !== 0x23 || head[1] !== 0x21) return null;
  const limit = Math.min(head.length, LIMITS.scriptLine);
  let end = head.subarray(0, limit).indexOf(0x0a);
  // The kernel's buffer is zero behind a short file; a line that fills it is cut, unless that cuts the interpreter.
  const cut = end < 0;
  if (cut) end = limit;
  const nul = head.subarray(0, end).indexOf(0);
  const line = decodeName(head.subarray(2, nul < 0 ? end : nul)).replace(/^[ \t]+|[ \t]+$/g, '');
  const blank = line.search(/[ \t]/);
  if (cut && head.length >= LIMITS.scriptLine && blank < 0) return { line, interpreter: '', argument: null };
  const interpreter = blank < 0 ? line : line.slice(0, blank);
  const argument = blank < 0 ? null : line.slice(blank).replace(/^[ \t]+/, '');
  return { line, interpreter, argument };
}

/** A command that env(1) starts: what it looks up in PATH, or opens where the name has a slash. */
export interface EnvCommand {
  readonly command: string;
  /** Directory of `-C`, where a relative command with a slash starts; null for none. */
  readonly chdir: string | null;
}

/** Options of env(1) that take a value as the next word. */
const WITH_VALUE: ReadonlySet<string> = new Set(['-u', '--unset', '-C', '--chdir', '-a', '--argv0']);

/**
 * The command in env's argument: `env P`, `env -S 'P a b'`, options and `NAME=VALUE` words before it.
 * @returns null where the line names none (env would print its environment)
 */
export function envCommand(argument: string | null): EnvCommand | null {
  if (argument === null) return null;
  const split = /^(?:-[iv0]*S|--split-string=?)\s*(.*)$/s.exec(argument)?.[1];
  // Without -S the kernel's one argument is one word, blanks and all.
  const words = split === undefined ? [argument] : splitString(split);
  let chdir: string | null = null;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--') return commandAt(words, i + 1, chdir);
    if (/^(-C|--chdir)$/.test(word)) chdir = words[i + 1] ?? null;
    if (word.startsWith('--chdir=')) chdir = word.slice('--chdir='.length);
    if (WITH_VALUE.has(word)) i++;
    else if (!word.startsWith('-') && !/^[^=/]+=/.test(word)) return { command: word, chdir };
  }
  return null;
}

/** Behind `--` only assignments may still stand before the command. */
function commandAt(words: readonly string[], from: number, chdir: string | null): EnvCommand | null {
  const command = words.slice(from).find((word) => !/^[^=/]+=/.test(word));
  return command === undefined ? null : { command, chdir };
}

/**
 * Words of an `env -S` string: blanks separate, quotes join, a backslash escapes, `#` at the start of a word ends
 * the string. `${VAR}` is left as it stands: its value is known only at run time.
 */
function splitString(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  const pattern = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([ \t\n\v\f\r]+)|([^'"\\ \t\n\v\f\r]+)/gs;
  for (const [, single, double, escaped, blank, plain] of text.matchAll(pattern)) {
    if (blank !== undefined || escaped === '_') {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    if (word === null && plain?.startsWith('#') === true) break;
    if (escaped === 'c') break;
    word =
      (word ?? '') +
      (single?.replace(/\\(['\\])/g, '$1') ?? double?.replace(/\\(.)/gs, '$1') ?? escaped ?? plain ?? '');
  }
  if (word !== null) words.push(word);
  return words;
}
