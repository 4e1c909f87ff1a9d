import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** One command line, measured whole: from its start to its end. */
export interface Timed {
  readonly argv: readonly [string, ...string[]];
  /** Where its output goes: a file, or nowhere. */
  readonly stdout?: string;
  /** Before each run, outside the time: a fresh destination. */
  readonly before?: () => void;
}

/** What pairs of runs showed. */
export interface Ratio {
  /** Median of ours / peer, pair by pair. */
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** Medians, milliseconds. */
  readonly ours: number;
  readonly peer: number;
  readonly pairs: number;
}

/**
 * Runs two commands in turn and compares them pair by pair, so that whatever else the machine does hits both. One run
 * of each goes before and is not counted.
 */
export function measurePair(ours: Timed, peer: Timed, pairs: number): Ratio {
  runOnce(ours);
  runOnce(peer);
  const times = Array.from({ length: pairs }, () => ({ ours: runOnce(ours), peer: runOnce(peer) }));
  const ratios = times.map((pair) => pair.ours / pair.peer);
  return {
    median: median(ratios),
    least: Math.min(...ratios),
    most: Math.max(...ratios),
    ours: median(times.map((pair) => pair.ours)),
    peer: median(times.map((pair) => pair.peer)),
    pairs,
  };
}

/** NODE_EXTRA_CA_CERTS makes node itself start three times slower: it is taken away from both. */
const { NODE_EXTRA_CA_CERTS: _unset, ...ENVIRONMENT } = process.env;

function runOnce({ argv: [file, ...args], stdout = '/dev/null', before }: Timed): number {
  before?.();
  const out = openSync(stdout, 'w');
  const start = process.hrtime.bigint();
  const { status, error, stderr } = spawnSync(file, args, {
    env: ENVIRONMENT,
    stdio: ['ignore', out, 'pipe'],
  });
  const end = process.hrtime.bigint();
  closeSync(out);
  // Peers end with 1 where they miss a library of one file among thousands.
  if (error || status === null || status > 3) throw new Error(`${file} failed: ${error?.message ?? stderr}`);
  return Number(end - start) / 1e6;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
