import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { RootfsError } from '../errors.ts';
import type { Launch } from './backend.ts';
import { kernelFacts, obstacles } from './probe.ts';
import { parseReports } from './reports.ts';
import { type ProcessEnd, plainEnding, type RunResult, reportedEnding } from './result.ts';
import type { RunSpec } from './run-spec.ts';

/** Sends a signal to the program. */
export type Kill = (signal: NodeJS.Signals) => void;

/** What a started launch is followed by. */
export interface Following {
  readonly kill: Kill;
  readonly result: Promise<RunResult>;
}

/** How long PID 1 may take to kill the program, which it does at once unless it still makes mounts. */
const PATIENCE_MS = 1000;

/** Follows a started launch to its end. */
export function follow(
  child: ChildProcess,
  launch: Launch,
  spec: RunSpec,
  signal: AbortSignal | undefined,
): Following {
  const socket = launch.init ? ((child.stdio[3] as Socket | null | undefined) ?? null) : null;
  const kill = killer(child, socket);
  const program = spec.argv[0];
  let timedOut = false;
  const timer = spec.timeoutMs === null ? undefined : setTimeout(onTimeout, spec.timeoutMs);
  const onAbort = (): void => kill('SIGKILL');
  signal?.addEventListener('abort', onAbort);

  function onTimeout(): void {
    timedOut = true;
    kill('SIGKILL');
  }

  async function conclude(): Promise<RunResult> {
    try {
      const [end, reports] = await Promise.all([endOf(child, launch, program), drained(socket)]);
      if (signal?.aborted) throw new RootfsError('ERR_INTERRUPTED', `cannot run ${program}: interrupted`);
      const ending =
        socket === null
          ? plainEnding(end)
          : reportedEnding(program, parseReports(reports), end, () => obstacles(kernelFacts()));
      return { ...ending, timedOut };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }
  return { kill, result: conclude() };
}

function killer(child: ChildProcess, socket: Socket | null): Kill {
  return (name) => {
    if (socket === null && name === 'SIGKILL') child.kill(name);
    else if (socket === null) for (const pid of childrenOf(child.pid)) process.kill(pid, name);
    else socket.write(Uint8Array.of(constants.signals[name]));
    // Should PID 1 not answer: unshare dies at once and takes it along (--kill-child).
    if (socket !== null && name === 'SIGKILL') setTimeout(() => child.kill(name), PATIENCE_MS).unref();
  };
}

async function endOf(child: ChildProcess, launch: Launch, program: string): Promise<ProcessEnd> {
  try {
    const [code, signal] = await once(child, 'exit');
    return { code, signal };
  } catch (error) {
    const { message } = error as Error;
    throw new RootfsError('ERR_MACHINE', `cannot run ${program}: cannot start ${launch.file}: ${message}`, {
      cause: error,
    });
  }
}

/** All that PID 1 said, once it has closed its end. */
function drained(socket: Socket | null): Promise<string> {
  if (socket === null) return Promise.resolve('');
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part) => {
      text += part;
    });
    // Writing to a PID 1 that is gone is no failure: there is nothing left to signal.
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

/** unshare passes no signal on, so they go past it. */
function childrenOf(pid: number | undefined): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
