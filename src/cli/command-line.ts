import { parseArgs } from 'node:util';
import { RootfsError } from '../errors.ts';
import type { Command, Flags, Input } from './command.ts';
import { type CommandName, FLAGS, type Flag, flagsOf } from './flags.ts';
import { nearest } from './nearest.ts';

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

/**
 * Reads the words after the command's name.
 * @throws RootfsError ERR_USAGE, with the nearest right word as hint
 */
export function readCommandLine(name: CommandName, command: Command, argv: readonly string[]): Input {
  const flags = flagsOf(name);
  const { words, trailing } = splitTrailing(flags, command, argv);
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokenize(flags, words)) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = flags.find((known) => known.name === token.name);
    if (!flag) throw unknownOption(name, flags, token);
    const value = checkedValue(flag, token);
    values.set(flag.name, [...(values.get(flag.name) ?? []), value]);
  }
  return { flags: flagsFrom(values), operands, trailing };
}

function flagsFrom(values: ReadonlyMap<string, readonly string[]>): Flags {
  return {
    has: (name) => values.has(name),
    text: (name) => values.get(name)?.at(-1),
    list: (name) => values.get(name) ?? [],
  };
}

/** Not strict: the errors of parseArgs are those of a library, ours name the nearest right word. */
function tokenize(flags: readonly Flag[], words: readonly string[]): readonly Token[] {
  const options = Object.fromEntries(
    flags.map((flag) => [
      flag.name,
      {
        type: flag.value ? ('string' as const) : ('boolean' as const),
        ...(flag.short && { short: flag.short }),
      },
    ]),
  );
  return parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

/** Cuts off the foreign command line, whose words are not ours to read. */
function splitTrailing(
  flags: readonly Flag[],
  command: Command,
  argv: readonly string[],
): { words: readonly string[]; trailing: readonly string[] } {
  const { operandsBeforeTrailing } = command;
  if (!operandsBeforeTrailing) return { words: argv, trailing: [] };
  const given = new Set<string>();
  let operands = 0;
  for (const token of tokenize(flags, argv)) {
    if (token.kind === 'option') given.add(token.name);
    if (token.kind === 'option-terminator') return cut(argv, token.index, 1);
    if (token.kind === 'positional' && operands++ >= operandsBeforeTrailing(given)) {
      return cut(argv, token.index, 0);
    }
  }
  return { words: argv, trailing: [] };
}

function cut(argv: readonly string[], index: number, dropped: number): ReturnType<typeof splitTrailing> {
  return { words: argv.slice(0, index), trailing: argv.slice(index + dropped) };
}

function checkedValue(flag: Flag, token: OptionToken): string {
  const { rawName, value } = token;
  if (!flag.value) {
    if (value !== undefined) throw usage(`option ${rawName} takes no value`);
    return '';
  }
  if (value === undefined) throw usage(`option ${rawName} needs a value (${flag.value})`);
  // `-o --force` is a forgotten value far more often than a file of that name.
  if (!token.inlineValue && value.length > 1 && value.startsWith('-')) {
    throw usage(
      `option ${rawName} needs a value (${flag.value})`,
      `to mean it, write --${flag.name}=${value}`,
    );
  }
  if (flag.choices && !flag.choices.includes(value)) {
    const near = nearest(value, flag.choices);
    const hint = near ? `did you mean ${near}?` : `one of: ${flag.choices.join(' ')}`;
    throw usage(`option ${rawName} does not take '${value}'`, hint);
  }
  return value;
}

function unknownOption(name: CommandName, flags: readonly Flag[], token: OptionToken): RootfsError {
  const why = `${token.rawName} is no option of mkrootfs ${name}`;
  const near = nearest(
    token.name,
    flags.map((flag) => flag.name),
  );
  if (near) return usage(why, `did you mean --${near}?`);
  const elsewhere = FLAGS.find((flag) => flag.name === token.name)?.commands[0];
  if (elsewhere) return usage(why, `mkrootfs ${elsewhere} has it`);
  return usage(why, `mkrootfs ${name} --help lists them`);
}

function usage(why: string, hint?: string): RootfsError {
  return new RootfsError('ERR_USAGE', `cannot read the command line: ${why}`, hint ? { hint } : {});
}
