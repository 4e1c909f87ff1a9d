import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRootfsError, RootfsError } from '../../errors.ts';
import type { ExecFailure } from '../../run/diagnose.ts';
import type { RunOptions } from '../../run/options.ts';
import type { RunResult } from '../../run/result.ts';
import { shellWords } from '../../run/shell-words.ts';
import { prepare, type Running, spawn } from '../../run/spawn.ts';
import { assignments } from '../assignments.ts';
import type { Command, Flags, Input } from '../command.ts';
import { describeFailure } from '../failure.ts';
import { interruptible } from '../interrupt.ts';
import type { Terminal } from '../terminal.ts';

/** The runner itself failed, as env(1), timeout(1) and docker have it: every other code may be the program's. */
const RUNNER_FAILED = 125;

/** What reaches the program instead of ending us. */
const PASSED_ON = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGWINCH',
  'SIGCONT',
] as const;

export const command: Command = {
  operandsBeforeTrailing: (given) => (given.has('of') ? 0 : 1),
  async run(input, terminal) {
    try {
      return await (input.flags.has('of') ? runProgram(input, terminal) : runIn(input, terminal));
    } catch (error) {
      if (!isRootfsError(error) || error.code === 'ERR_USAGE' || error.code === 'ERR_INTERNAL') throw error;
      terminal.note(describeFailure(error).text);
      return RUNNER_FAILED;
    }
  },
};

async function runIn({ flags, operands, trailing }: Input, terminal: Terminal): Promise<number> {
  const [rootfs] = operands;
  if (rootfs === undefined)
    throw usage('no ROOTFS is named', 'mkrootfs run rootfs /bin/echo "Hello, world!"');
  const options = optionsFrom(flags);
  if (!flags.has('print')) return start(rootfs, trailing, options, terminal);
  const { launch } = prepare(rootfs, trailing, options);
  terminal.out(`${shellWords(launch)}\n`);
  return 0;
}

/** The rootfs is gone before we end, whatever the program did. */
async function runProgram({ flags, trailing }: Input, terminal: Terminal): Promise<number> {
  const name = flags.text('of') ?? '';
  if (flags.has('print')) {
    throw usage('--print shows a command for a rootfs that stays', `build ${name} first, then run --print`);
  }
  const options = optionsFrom(flags);
  const folder = mkdtempSync(join(tmpdir(), 'mkrootfs-run-'));
  const rootfs = join(folder, 'rootfs');
  try {
    let program = name;
    const stopped = await interruptible(async (signal) => {
      // Reading ELF and writing trees is code that only this form of the command needs.
      const { buildProgram } = await import('../build-program.ts');
      program = await buildProgram(name, rootfs, signal);
      return 0;
    });
    return stopped === 0 ? await start(rootfs, [program, ...trailing], options, terminal) : stopped;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function start(
  rootfs: string,
  argv: readonly string[],
  options: RunOptions,
  terminal: Terminal,
): Promise<number> {
  const { exitCode, failure } = await passingOn(() => {
    const running = spawn(rootfs, argv, options);
    for (const gap of running.gaps) terminal.note(`mkrootfs: note: ${gap}\n`);
    return running;
  });
  if (failure) await explain(failure, rootfs, options.workdir ?? '/', terminal);
  return exitCode;
}

async function explain(failure: ExecFailure, rootfs: string, cwd: string, terminal: Terminal): Promise<void> {
  const { explainFailure } = await import('../program-facts.ts');
  terminal.note(describeFailure(explainFailure(failure, rootfs, cwd)).text);
}

/** Listens before the program starts: it may be ready, and say so, while we still get there. */
async function passingOn(begin: () => Running): Promise<RunResult> {
  let running: Running | null = null;
  const pass = (signal: NodeJS.Signals): void => void running?.kill(signal);
  for (const signal of PASSED_ON) process.on(signal, pass);
  try {
    running = begin();
    return await running.result;
  } finally {
    for (const signal of PASSED_ON) process.off(signal, pass);
  }
}

function optionsFrom(flags: Flags): RunOptions {
  const options = {
    backend: flags.text('backend'),
    net: flags.text('net'),
    env: assignments(flags.list('env'), 'env', 'run'),
    hostname: flags.text('hostname'),
    user: flags.text('user'),
    workdir: flags.text('workdir'),
    bind: flags.list('bind'),
    tmpfs: flags.list('tmpfs'),
    readOnly: flags.has('read-only'),
    writable: flags.has('writable'),
    memory: flags.text('memory'),
    pids: number(flags, 'pids'),
    cpus: number(flags, 'cpus'),
    timeout: number(flags, 'timeout'),
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as RunOptions;
}

function number(flags: Flags, name: 'pids' | 'cpus' | 'timeout'): number | undefined {
  const text = flags.text(name);
  if (text === undefined || /^\d+(\.\d+)?$/.test(text)) return text === undefined ? text : Number(text);
  throw usage(`'${text}' is no number`, `--${name} takes one`);
}

function usage(why: string, hint: string): RootfsError {
  return new RootfsError('ERR_USAGE', `cannot run: ${why}`, { hint });
}
