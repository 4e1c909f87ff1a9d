import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { MeasureOptions, Result } from './row.ts';

/** Placeholder in arguments for a path that does not exist yet, another one in each run. */
export const OUT = '{out}';

/** One process to time. */
export interface Command {
  readonly argv: readonly string[];
  readonly cwd?: string;
  /** File for standard input. */
  readonly input?: string;
  /** How it is written in the report, where the arguments are too many. */
  readonly shown?: string;
  /** Whether any exit code will do: libtree's counts what is missing. */
  readonly anyCode?: boolean;
}

/** Where fresh outputs go: tmpfs, unless a row asks for another place. */
export const MEMORY = '/dev/shm';

/**
 * Runs two commands in turn, A B A B, and takes the median of the pairs' ratios: what disturbs a machine for a
 * second then disturbs both. One run of each before that warms the page cache.
 */
export function paired(
  ours: Command,
  peer: Command,
  pairs: number,
  { effort }: MeasureOptions,
  place: string = MEMORY,
): Result {
  const count = Math.max(3, Math.round(pairs * effort));
  mkdirSync(place, { recursive: true });
  const scratch = mkdtempSync(join(place, 'mkrootfs-bench-'));
  try {
    const time = (command: Command, run: number): number => timed(command, join(scratch, String(run)));
    time(ours, -2);
    time(peer, -1);
    const times = Array.from(
      { length: count },
      (_, i) => [time(ours, 2 * i), time(peer, 2 * i + 1)] as const,
    );
    const ratios = times.map(([a, b]) => a / b);
    return {
      value: median(ratios),
      spread: [Math.min(...ratios), Math.max(...ratios)],
      milliseconds: [median(times.map(([a]) => a)), median(times.map(([, b]) => b))],
      pairs: count,
      commands: [shown(ours), shown(peer)],
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs a command once; its output is removed outside the time taken. */
function timed(command: Command, out: string): number {
  const [file = '', ...args] = command.argv.map((word) => word.replaceAll(OUT, out));
  const input = command.input === undefined ? 'ignore' : openSync(command.input, 'r');
  try {
    if (command.argv.includes(`${OUT}/`)) mkdirSync(out);
    const start = process.hrtime.bigint();
    const { status, signal, error, stderr } = spawnSync(file, args, {
      stdio: [input, 'ignore', 'pipe'],
      env: environment(),
      maxBuffer: 1 << 28,
      ...(command.cwd !== undefined && { cwd: command.cwd }),
    });
    const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
    if (error) throw error;
    if (status === null || (status !== 0 && !command.anyCode)) {
      throw new Error(`${shown(command)} ended with ${signal ?? status}: ${stderr.toString().slice(0, 500)}`);
    }
    return milliseconds;
  } finally {
    if (typeof input === 'number') closeSync(input);
    rmSync(out, { recursive: true, force: true });
  }
}

/** NODE_EXTRA_CA_CERTS makes Node read certificates at start, which takes longer than all that is measured here. */
export function environment(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, NODE_V8_COVERAGE: ___, ...env } = process.env;
  return { ...env, LC_ALL: 'C.UTF-8' };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** The command line as a person would type it. */
export function shown({ argv, shown: text, input }: Command): string {
  return text ?? `${argv.join(' ')}${input === undefined ? '' : ` < ${input}`}`;
}
