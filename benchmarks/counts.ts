import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment } from './pairs.ts';

/** What a process did by strace(1): calls by name, those of its threads included. */
export function systemCalls(argv: readonly string[]): ReadonlyMap<string, number> {
  return withReport((report) => {
    run(['strace', '-f', '-c', '-U', 'name,calls', '-o', report, ...argv]);
    const lines = readFileSync(report, 'utf8').split('\n');
    const rows = lines.map((line) => /^(\w+)\s+(\d+)\s*$/.exec(line.trim())).filter((row) => row !== null);
    return new Map(rows.map(([, name = '', calls]) => [name, Number(calls)]));
  });
}

/** The calls that work on files; the others are those of Node's threads and memory, which vary from run to run. */
export const FILE_CALLS: readonly string[] = [
  ...['openat', 'open', 'close', 'read', 'pread64', 'lseek', 'stat', 'lstat', 'fstat', 'newfstatat', 'statx'],
  ...['access', 'faccessat', 'faccessat2', 'readlink', 'readlinkat', 'getdents64', 'mmap'],
];

/** Calls on files that `argv` makes beyond what `node -e 0` makes. */
export function fileCalls(argv: readonly string[]): number {
  // mmap is mostly memory: left to the peers, which read files by it.
  const names = FILE_CALLS.filter((name) => name !== 'mmap');
  const ours = systemCalls(argv);
  const node = systemCalls([process.execPath, '-e', '0']);
  return names.reduce((sum, name) => sum + (ours.get(name) ?? 0) - (node.get(name) ?? 0), 0);
}

/** Bytes that a process read by read(2) and pread(2) from file descriptors other than its standard ones. */
export function bytesRead(argv: readonly string[]): number {
  return withReport((report) => {
    run(['strace', '-f', '-e', 'trace=read,pread64', '-o', report, ...argv]);
    let bytes = 0;
    for (const [, size] of readFileSync(report, 'utf8').matchAll(/(?:read|pread64)\(.*\) = (\d+)$/gm)) {
      bytes += Number(size);
    }
    return bytes;
  });
}

/** Peak resident memory in MiB, by GNU time. */
export function peakMemory(argv: readonly string[]): number {
  return withReport((report) => {
    run(['/usr/bin/time', '-f', '%M', '-o', report, ...argv]);
    return Number(readFileSync(report, 'utf8').trim().split('\n').at(-1)) / 1024;
  });
}

function withReport<T>(read: (report: string) => T): T {
  const scratch = mkdtempSync(join(tmpdir(), 'mkrootfs-count-'));
  try {
    return read(join(scratch, 'report'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function run([file = '', ...args]: readonly string[]): void {
  const { error } = spawnSync(file, args, { stdio: 'ignore', env: environment() });
  if (error) throw error;
}
