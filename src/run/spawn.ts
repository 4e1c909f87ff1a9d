import { type ChildProcess, type StdioOptions, spawn as spawnProcess } from 'node:child_process';
import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { RootfsError } from '../errors.ts';
import type { Launch } from './backend.ts';
import { backendNamed } from './backends/table.ts';
import { follow, type Kill } from './follow.ts';
import { findMachine } from './machine.ts';
import type { RunOptions } from './options.ts';
import type { RunResult } from './result.ts';
import type { RunSpec } from './run-spec.ts';
import { runSpec } from './spec.ts';

/** Options of {@link spawn}: what is asked for, and how the caller is joined to it. */
export interface SpawnOptions extends RunOptions {
  /** Standard input, output and error of the program. @default 'inherit' */
  readonly stdio?: 'inherit' | 'pipe' | 'ignore';
  /** Kills the program; `result` then rejects with ERR_INTERRUPTED. */
  readonly signal?: AbortSignal;
}

/** A program that runs. */
export interface Running {
  /** Streams of the program with `stdio: 'pipe'`, else null. */
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** What the way of starting leaves open on this machine, a sentence each. */
  readonly gaps: readonly string[];
  /** Sends a signal to the program. SIGKILL ends all of its processes. */
  readonly kill: Kill;
  /** Rejects with ERR_MACHINE where the rootfs could not be entered. */
  readonly result: Promise<RunResult>;
}

/**
 * Runs a program in a rootfs and waits for its end.
 * @param rootfs directory
 * @param argv program and arguments, as inside
 * @throws RootfsError ERR_USAGE, ERR_NOT_FOUND (no rootfs), ERR_MACHINE (this machine cannot), ERR_INTERRUPTED
 */
export async function run(
  rootfs: string,
  argv: readonly string[],
  options: SpawnOptions = {},
): Promise<RunResult> {
  return spawn(rootfs, argv, options).result;
}

/**
 * Starts a program in a rootfs. It dies with this process, whatever ends this process.
 * @throws RootfsError as {@link run}
 */
export function spawn(rootfs: string, argv: readonly string[], options: SpawnOptions = {}): Running {
  if (options.signal?.aborted) throw new RootfsError('ERR_INTERRUPTED', `cannot run ${argv[0]}: interrupted`);
  const { spec, launch } = prepare(rootfs, argv, options);
  const child = startProcess(launch, options.stdio ?? 'inherit');
  const { stdin, stdout, stderr } = child;
  return { stdin, stdout, stderr, gaps: launch.gaps, ...follow(child, launch, spec, options.signal) };
}

/**
 * What {@link spawn} would start, and from which spec.
 * @throws RootfsError as {@link run}
 */
export function prepare(
  rootfs: string,
  argv: readonly string[],
  options: RunOptions = {},
): { readonly spec: RunSpec; readonly launch: Launch } {
  const root = rootDirectory(rootfs);
  const tmpHasFiles = hasFiles(join(root, 'tmp'));
  const caller = { cwd: process.cwd(), term: process.env.TERM ?? null, tmpHasFiles };
  const spec = runSpec(root, argv, options, caller);
  return { spec, launch: backendNamed(options.backend ?? 'auto').launch(spec, findMachine()) };
}

/** A link is not followed: it would lead out of the rootfs. */
function hasFiles(directory: string): boolean {
  const isDirectory = lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() ?? false;
  try {
    return isDirectory && readdirSync(directory).length > 0;
  } catch {
    return false;
  }
}

function rootDirectory(rootfs: string): string {
  const stat = statSync(rootfs, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return realpathSync(rootfs);
  const why = stat ? 'not a directory' : 'no such directory';
  throw new RootfsError('ERR_NOT_FOUND', `cannot run in ${rootfs}: ${why}`, {
    path: rootfs,
    hint: 'mkrootfs build PROGRAM -o ROOTFS makes one',
  });
}

/** Descriptor 3 is a socket to PID 1: its reports come out of it, numbers of signals go in. */
function startProcess({ file, args, env, init }: Launch, stdio: 'inherit' | 'pipe' | 'ignore'): ChildProcess {
  const streams: StdioOptions = init ? [stdio, stdio, stdio, 'pipe'] : [stdio, stdio, stdio];
  return spawnProcess(file, args, { env, stdio: streams });
}
