import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, linkSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Machine } from './machines.ts';

/** What a real loader did. */
export interface Trace {
  readonly status: number | null;
  /** Paths of the objects mapped, the program and the kernel's own left out, in the order told. */
  readonly objects: readonly string[];
  readonly missing: readonly string[];
  readonly stderr: string;
}

/** How a program is started. */
export interface Start {
  readonly program: string;
  readonly libraryPath?: string | undefined;
  readonly preload?: string | undefined;
  /** Whether the loader is run on the program, not the program itself. */
  readonly explicit: boolean;
  readonly uid: number;
}

let helper: string | null = null;

/** The static program that changes root; compiled once. */
function enter(): string {
  if (helper !== null) return helper;
  const made = mkdtempSync(join(tmpdir(), 'mkrootfs-enter-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  const out = join(made, 'enter');
  const source = join(import.meta.dirname, 'enter.c');
  const { status, stderr } = spawnSync('cc', ['-static', '-O1', '-o', out, source], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cannot compile ${source}: ${stderr}`);
  chmodSync(made, 0o755);
  helper = out;
  return out;
}

let refused: string | null | undefined;

/** Why this process may not change its root directory; null where it may. */
export function chrootRefused(): string | null {
  if (refused === undefined) {
    const root = mkdtempSync(join(tmpdir(), 'mkrootfs-probe-'));
    try {
      spawnSync('mkdir', [join(root, 'proc')]);
      const { status, stderr } = spawnSync(enter(), [root, '0', '/none'], { encoding: 'utf8' });
      refused = status === 127 ? null : stderr.trim();
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }
  return refused;
}

/** Runs the loader in trace mode, in `root`. */
export function trace(root: string, machine: Machine, start: Start): Trace {
  return machine.libc === 'musl' ? traceMusl(root, machine, start) : traceGlibc(root, machine, start);
}

/** Starts the program itself, whose code ends at once with status 0. */
export function run(root: string, machine: Machine, start: Start): Trace {
  const { argv, env } = command(root, machine, start, {});
  return spawned(root, start, argv, env);
}

function traceGlibc(root: string, machine: Machine, start: Start): Trace {
  const { argv, env } = command(root, machine, start, { LD_TRACE_LOADED_OBJECTS: '1' });
  return spawned(root, start, argv, env);
}

function traceMusl(root: string, machine: Machine, start: Start): Trace {
  const options = [
    ...(start.libraryPath === undefined ? [] : ['--library-path', start.libraryPath]),
    ...(start.preload === undefined ? [] : ['--preload', start.preload]),
  ];
  const trace = spawned(root, start, [machine.interpreter, '--list', ...options, start.program], {});
  // The loader tells of itself first, and again under each name that means it.
  return { ...trace, objects: trace.objects.filter((path) => path !== machine.interpreter) };
}

function command(
  root: string,
  machine: Machine,
  { program, libraryPath, preload, explicit }: Start,
  more: Readonly<Record<string, string>>,
): { argv: readonly string[]; env: Readonly<Record<string, string>> } {
  const env = {
    ...more,
    ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }),
    ...(preload === undefined ? {} : { LD_PRELOAD: preload }),
  };
  const argv = explicit ? [machine.interpreter, program] : [program];
  if (machine.qemu === null) return { argv, env };
  const options = Object.entries(env).flatMap(([name, value]) => ['-E', `${name}=${value}`]);
  return { argv: [installed(root, machine.qemu), ...options, ...argv], env: {} };
}

/** qemu has to lie inside the new root. */
function installed(root: string, qemu: string): string {
  const from = join('/usr/bin', qemu);
  const to = join(root, basename(qemu));
  if (!existsSync(to)) {
    try {
      linkSync(from, to);
    } catch {
      copyFileSync(from, to);
    }
  }
  return `/${basename(qemu)}`;
}

function spawned(
  root: string,
  { uid }: Start,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Trace {
  const { status, stdout, stderr, error } = spawnSync(enter(), [root, String(uid), ...argv], {
    encoding: 'latin1',
    env: { ...env },
    timeout: 15_000,
  });
  if (error) throw error;
  const objects: string[] = [];
  const missing: string[] = [];
  for (const line of Buffer.from(stdout, 'latin1').toString('utf8').split('\n')) {
    const absent = /^\t(.*) => not found$/.exec(line)?.[1];
    if (absent !== undefined) missing.push(absent);
    const path = /^\t(?:.* => )?(.*) \((?:0x)?[0-9a-f]+\)$/.exec(line)?.[1];
    if (path !== undefined && !/^linux-(vdso(64)?|gate)\.so\.1$/.test(path)) objects.push(path);
  }
  for (const [, name] of stderr.matchAll(/Error loading shared library (.*): [^:]* \(needed by/g)) {
    missing.push(name as string);
  }
  return { status, objects, missing, stderr };
}
