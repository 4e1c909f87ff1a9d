import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { environment } from './pairs.ts';

/** The command line as users get it. */
export const MKROOTFS: string = join(import.meta.dirname, '../dist/cli/mkrootfs.cjs');

/** Programs with some 2, 60 and 215 libraries. */
export const FEW = '/bin/echo';
export const SOME = '/usr/bin/gdb';
export const MANY = '/usr/bin/ffmpeg';

/** Programs whose closure has some 500 MB. */
export const LARGE: readonly string[] = [
  MANY,
  SOME,
  process.execPath,
  '/usr/lib/gcc/x86_64-linux-gnu/12/cc1',
  '/usr/lib/gcc/x86_64-linux-gnu/12/cc1plus',
  '/usr/lib/gcc/x86_64-linux-gnu/12/lto1',
].filter((path) => existsSync(path));

/** Lists are kept here, to be given to `--from`, `tar -T` and `xargs`. */
const LISTS = join(import.meta.dirname, 'results/lists');

/** A list of paths, and the file that holds it. */
export interface List {
  readonly paths: readonly string[];
  readonly file: string;
}

/** Every ELF program and shared object of this machine's own kind in some directories, and below others. */
export function elfFiles(name: string, directories: readonly string[], trees: readonly string[] = []): List {
  const flat = directories.flatMap((directory) => [...found(directory, false)]);
  return list(name, [...flat, ...trees.flatMap((directory) => [...found(directory, true)])]);
}

/** Writes a list to a file. */
export function list(name: string, paths: readonly string[]): List {
  mkdirSync(LISTS, { recursive: true });
  const file = join(LISTS, `${name}.txt`);
  writeFileSync(file, paths.map((path) => `${path}\n`).join(''));
  return { paths, file };
}

/** What `mkrootfs ARGV...` writes. */
export function output(argv: readonly string[], anyCode = false): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MKROOTFS, ...argv], {
    encoding: 'utf8',
    env: environment(),
    maxBuffer: 1 << 28,
  });
  if (status === null || (status !== 0 && !anyCode)) throw new Error(`mkrootfs ${argv.join(' ')}: ${stderr}`);
  return stdout;
}

/** The files of a rootfs as paths on this machine: what a peer packs or copies, links included. */
export function filesOf(name: string, programs: readonly string[]): List & { readonly bytes: number } {
  const document = JSON.parse(output(['build', '--dry-run', '--json', '--discover', 'none', ...programs]));
  const entries: { readonly path: string; readonly type: string }[] = document.plan.entries;
  const paths = entries
    .filter(({ path, type }) => type !== 'directory' && existsSync(path))
    .map(({ path }) => path);
  const bytes = paths
    .map((path) => lstatSync(path))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
  return {
    ...list(
      name,
      paths.map((path) => path.slice(1)),
    ),
    bytes,
  };
}

function* found(directory: string, below: boolean): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && below) yield* found(path, below);
    else if (entry.isFile() && isNative(path)) yield path;
  }
}

const HEAD = Buffer.alloc(20);
/** EM_X86_64 and EM_AARCH64 (elf.h). */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };

/** An executable or shared object (ET_EXEC, ET_DYN) of this machine, with bytes of its own: no debug file. */
function isNative(path: string): boolean {
  if (path.endsWith('.debug') || statSync(path).size < HEAD.length) return false;
  const fd = openSync(path, 'r');
  try {
    readSync(fd, HEAD, 0, HEAD.length, 0);
  } finally {
    closeSync(fd);
  }
  const type = HEAD.readUInt16LE(16);
  return (
    HEAD.readUInt32BE(0) === 0x7f45_4c46 &&
    HEAD[4] === 2 &&
    HEAD.readUInt16LE(18) === MACHINES[process.arch] &&
    (type === 2 || type === 3)
  );
}
