import type { RunSpec } from './run-spec.ts';

/** A way to hold a program: one file of backends/, one line of their table. */
export interface Backend {
  /**
   * Works out the process to start. Pure: `--print` shows what it returns.
   * @throws RootfsError ERR_MACHINE: this machine, or this backend, cannot do what the spec asks for
   */
  launch(spec: RunSpec, machine: Machine): Launch;
}

/** The process to start. */
export interface Launch {
  /** Absolute host path. */
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment of that process. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether our PID 1 runs in it, which speaks on descriptor 3 (src/run/reports.ts). */
  readonly init: boolean;
  /** What this way of starting leaves open, a sentence each. */
  readonly gaps: readonly string[];
}

/** What a launch depends on besides the spec: see machine.ts for how it is found. */
export interface Machine {
  /** Effective ids of the caller. */
  readonly uid: number;
  readonly gid: number;
  /** Absolute paths of the tools that backends start; null where this machine has none. */
  readonly tools: Readonly<Record<Tool, string | null>>;
  /** Absolute path of our PID 1 for this processor; null where there is none. */
  readonly init: string | null;
}

export type Tool = 'unshare';
