import { spawnSync } from 'node:child_process';
import type { DeviceEntry } from '../plan/entry.ts';

/** Milliseconds that one mknod(2) may take. */
const TIMEOUT_MS = 10_000;
const ESCAPED_BYTE = /[\udc80-\udcff]/;

/**
 * Makes a device node by mknod(1), since Node has no call for it.
 * @returns why it could not be made; null where it was.
 */
export function makeDevice(entry: DeviceEntry, path: string): string | null {
  if (ESCAPED_BYTE.test(path)) return 'its name is not UTF-8, which no argument of mknod can be';
  const kind = entry.kind === 'character' ? 'c' : 'b';
  const made = spawnSync('mknod', ['-m', '600', path, kind, String(entry.major), String(entry.minor)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: TIMEOUT_MS,
  });
  if (made.error !== undefined) return `mknod cannot be run: ${made.error.message}`;
  if (made.status === 0) return null;
  return made.stderr.trim().split(': ').at(-1) || `mknod ended with ${made.signal ?? made.status}`;
}
