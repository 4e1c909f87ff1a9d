import { execFileSync } from 'node:child_process';
import {
  closeSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** The built command line. */
export const MKROOTFS: string = join(import.meta.dirname, '../dist/cli/mkrootfs.cjs');

/** A directory in memory for destinations, gone at the end. */
export const SCRATCH: string = mkdtempSync('/dev/shm/mkrootfs-bench-');
process.on('exit', () => rmSync(SCRATCH, { recursive: true, force: true }));

/** ELF files below directories, as a sorted list; links and separate debug files are left out. */
export function elfFiles(...directories: readonly string[]): readonly string[] {
  const found: string[] = [];
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory() && entry.name !== 'debug') visit(path);
      else if (entry.isFile() && isElf(path)) found.push(path);
    }
  };
  for (const directory of directories) visit(directory);
  return found.sort();
}

/** Programs and shared objects alone: what a loader can be asked about. */
function isElf(path: string): boolean {
  if (lstatSync(path).size < 64) return false;
  const head = Buffer.alloc(18);
  const fd = openSync(path, 'r');
  const count = readSync(fd, head, 0, 18, 0);
  closeSync(fd);
  const type = head.readUInt16LE(16);
  return count === 18 && head.readUInt32BE(0) === 0x7f454c46 && (type === 2 || type === 3);
}

/** A file of lines, for commands that read lists. */
export function listFile(name: string, lines: readonly string[]): string {
  const path = join(SCRATCH, name);
  mkdirSync(SCRATCH, { recursive: true });
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

/** Real paths of all that some programs load, by our own resolver. */
export function closureOf(programs: readonly string[]): readonly string[] {
  const options = { encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  return execFileSync(process.execPath, [MKROOTFS, 'resolve', '--paths', ...programs], options)
    .trim()
    .split('\n');
}

/** A destination that is not there yet. */
export function fresh(name: string): { readonly path: string; readonly clear: () => void } {
  const path = join(SCRATCH, name);
  return { path, clear: () => rmSync(path, { recursive: true, force: true }) };
}
