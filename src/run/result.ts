import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { RootfsError } from '../errors.ts';
import type { ExecFailure } from './diagnose.ts';
import type { Obstacle } from './probe.ts';
import type { Report } from './reports.ts';

/** How a program ended. */
export interface RunResult {
  /** Its own code; 126 not executable, 127 not found, 128+N killed by signal N. */
  readonly exitCode: number;
  /** The signal that killed it, else null. */
  readonly signal: NodeJS.Signals | null;
  /** Whether it was killed because `timeout` had passed. */
  readonly timedOut: boolean;
  /** Why it was never started (exit code 126 or 127), where that is known; {@link diagnose} explains it. */
  readonly failure: ExecFailure | null;
}

/** How the process that was started ended: one of the two is null. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

type Ending = Omit<RunResult, 'timedOut'>;

/** Result of a launch without our PID 1: only the process itself tells. */
export function plainEnding({ code, signal }: ProcessEnd): Ending {
  return signal === null
    ? { exitCode: code ?? 0, signal, failure: null }
    : killedBy(constants.signals[signal]);
}

/**
 * Result of a launch with our PID 1, by its reports.
 * @param program for messages
 * @param findObstacles asked only where the namespaces were not made
 * @throws RootfsError ERR_MACHINE or ERR_NOT_FOUND: the rootfs could not be entered
 */
export function reportedEnding(
  program: string,
  reports: readonly Report[],
  end: ProcessEnd,
  findObstacles: () => readonly Obstacle[],
): Ending {
  const failure = reports.find((report) => report.kind === 'exec');
  const exit = reports.find((report) => report.kind === 'exit');
  const setup = reports.find((report) => report.kind === 'setup');
  if (setup) throw cannotEnter(program, setup.errno, setup.what, findObstacles);
  if (exit) {
    const failed = failure ? { path: failure.path, code: errorName(failure.errno) } : null;
    return { ...statusEnding(exit.status), failure: failed };
  }
  // Killed from outside: PID 1 had no time to report.
  if (end.signal !== null || reports.length > 0) return killedBy(constants.signals[end.signal ?? 'SIGKILL']);
  throw noNamespaces(program, findObstacles());
}

/** The status that wait(2) gives: seven bits of signal, eight of code. */
function statusEnding(status: number): Ending {
  const signal = status & 0x7f;
  return signal === 0 ? { exitCode: (status >> 8) & 0xff, signal: null, failure: null } : killedBy(signal);
}

function killedBy(number: number): Ending {
  return { exitCode: 128 + number, signal: signalName(number), failure: null };
}

/** Real-time signals have no name here. */
function signalName(number: number): NodeJS.Signals | null {
  const known = Object.entries(constants.signals).find(([, value]) => value === number);
  return known ? (known[0] as NodeJS.Signals) : null;
}

function cannotEnter(
  program: string,
  errno: number,
  what: string,
  findObstacles: () => readonly Obstacle[],
): RootfsError {
  const [name, description] = getSystemErrorMap().get(-errno) ?? [`error ${errno}`, `error ${errno}`];
  const message = `cannot run ${program}: cannot ${what}: ${description}`;
  if (name === 'ENOENT' || name === 'ENOTDIR') return new RootfsError('ERR_NOT_FOUND', message);
  const [obstacle] = findObstacles();
  const hint = obstacle
    ? `${obstacle.why}; ${obstacle.mend}`
    : HINTS.find(([start]) => what.startsWith(start))?.[1];
  return new RootfsError('ERR_MACHINE', message, hint ? { hint } : {});
}

/** What to do about a step of PID 1 that failed, by the beginning of its words. */
const HINTS: readonly (readonly [string, string])[] = [
  [
    'mount an overlay',
    'overlayfs is missing (modprobe overlay); --writable does without, and keeps what is written',
  ],
  ['pivot', 'on an initramfs, first switch_root to a real file system'],
];

function noNamespaces(program: string, [obstacle]: readonly Obstacle[]): RootfsError {
  const why = obstacle?.why ?? 'this machine refused it (unshare has said why)';
  return new RootfsError('ERR_MACHINE', `cannot run ${program}: no namespaces of its own: ${why}`, {
    hint: obstacle?.mend ?? 'a container or a seccomp filter around this process may forbid unshare(2)',
  });
}

function errorName(errno: number): string {
  return getSystemErrorMap().get(-errno)?.[0] ?? `error ${errno}`;
}
