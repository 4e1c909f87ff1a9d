import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';

/** Debian packages of the peers and subjects. */
export const PACKAGES: string = join(import.meta.dirname, 'packages.txt');

/** What the numbers depend on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Processes that wanted to run, over the last minute: above the number of cores the ratios are not to be trusted. */
  readonly load: number;
  readonly kernel: string;
  readonly node: string;
  readonly packages: Readonly<Record<string, string>>;
}

/** This machine and the versions of what is compared. */
export function machine(): Machine {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: loadavg()[0] ?? 0,
    kernel: release(),
    node: process.version,
    packages: versions(),
  };
}

function versions(): Record<string, string> {
  const names = readFileSync(PACKAGES, 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((name) => name !== '');
  const query = ['--show', '--showformat', '${Package} ${Version}\\n', ...names];
  const { stdout } = spawnSync('dpkg-query', query, { encoding: 'utf8' });
  const rows = (stdout ?? '').split('\n').map((line) => line.split(' '));
  return Object.fromEntries(rows.filter(([, version]) => version !== undefined && version !== ''));
}

/** Whether a Debian package is there. */
export function isInstalled(name: string): boolean {
  return spawnSync('dpkg-query', ['--status', name]).status === 0;
}
