/** The dispatcher: reads which command is meant and loads only that one's chunk (see bundle.mjs). */
import { isRootfsError, RootfsError } from '../errors.ts';
import type { Command } from './command.ts';
import { readCommandLine } from './command-line.ts';
import { describeFailure } from './failure.ts';
import type { CommandName } from './flags.ts';
import { nearest } from './nearest.ts';
import type { Terminal } from './terminal.ts';

const COMMANDS: Readonly<Record<CommandName, () => Promise<{ command: Command }>>> = {
  build: () => import('./commands/build.ts'),
  resolve: () => import('./commands/resolve.ts'),
  run: () => import('./commands/run.ts'),
  inspect: () => import('./commands/inspect.ts'),
  verify: () => import('./commands/verify.ts'),
  explain: () => import('./commands/explain.ts'),
};

/**
 * Runs one command line to its end, failures included.
 * @param argv its words, without node and the script
 * @returns the exit code
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    const { text, exitCode } = describeFailure(error);
    terminal.progress('');
    terminal.note(text);
    return exitCode;
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [first, ...rest] = argv;
  if (
    first === undefined ||
    first === 'help' ||
    first === '--help' ||
    first === '-h' ||
    first === '--version'
  ) {
    return (await import('./help.ts')).help(first, rest, terminal);
  }
  if (isCommand(first)) return runCommand(first, rest, terminal);
  return runCommand('build', argv, terminal).catch((error: unknown) => {
    throw commandMeant(error, first);
  });
}

/** A first word that names no program may be a mistyped command. */
function commandMeant(error: unknown, word: string): unknown {
  if (!isRootfsError(error) || error.code !== 'ERR_NOT_FOUND' || error.details.path !== word) return error;
  const near = nearest(word, Object.keys(COMMANDS));
  if (near === null) return error;
  return new RootfsError(error.code, error.message, {
    ...error.details,
    hint: `did you mean mkrootfs ${near}?`,
  });
}

async function runCommand(name: CommandName, argv: readonly string[], terminal: Terminal): Promise<number> {
  const { command } = await COMMANDS[name]();
  const input = readCommandLine(name, command, argv);
  if (input.flags.has('help')) return (await import('./help.ts')).help('help', [name], terminal);
  return command.run(input, terminal);
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}
