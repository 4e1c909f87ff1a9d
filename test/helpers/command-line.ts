import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../src/cli/main.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { PLAIN } from '../../src/report/paint.ts';

/** The built command line (npm run build makes it). */
export const BINARY: string = join(import.meta.dirname, '../../dist/cli/mkrootfs.cjs');

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));

/** What one process left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to start it. */
export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/**
 * The environment of a command under test, with nothing of the machine's own. Coverage is not counted there: what
 * a bundle ran cannot be told line by line.
 */
export function environment(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  // Node passes the variable on by itself where it is not set, even empty.
  return { PATH: process.env.PATH ?? '', NODE_V8_COVERAGE: '', ...env };
}

/** Runs `mkrootfs ARGV...` to its end. */
export function mkrootfs(argv: readonly string[], { cwd, env, input }: Surroundings = {}): Outcome {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [BINARY, ...argv], {
    encoding: 'utf8',
    env: environment(env),
    maxBuffer: 1 << 28,
    ...(cwd !== undefined && { cwd }),
    ...(input !== undefined && { input }),
  });
  if (error) throw error;
  return { code: status, stdout, stderr };
}

/** Runs the same command line from the sources, in this process: what coverage counts. */
export async function mkrootfsHere(
  argv: readonly string[],
  surroundings: Surroundings = {},
): Promise<Outcome> {
  const { cwd = process.cwd(), env } = surroundings;
  const before = { cwd: process.cwd(), env: process.env };
  const written = { stdout: '', stderr: '' };
  const terminal: Terminal = {
    out: (text) => {
      written.stdout += text;
    },
    note: (text) => {
      written.stderr += text;
    },
    progress: () => {},
    paint: PLAIN,
  };
  Object.assign(globalThis, { MKROOTFS_VERSION: version });
  process.chdir(cwd);
  process.env = environment(env);
  try {
    return { code: await main(argv, terminal), ...written };
  } finally {
    process.chdir(before.cwd);
    process.env = before.env;
  }
}
