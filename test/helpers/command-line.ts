import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The built command line (npm run build makes it). */
export const BINARY: string = join(import.meta.dirname, '../../dist/cli/mkrootfs.cjs');

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

/** The environment of a command under test: nothing of the machine's own, but what coverage needs. */
export function environment(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '', NODE_V8_COVERAGE } = process.env;
  return { PATH, ...(NODE_V8_COVERAGE !== undefined && { NODE_V8_COVERAGE }), ...env };
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
