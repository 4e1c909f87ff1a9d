import type { FlagName } from './flags.ts';
import type { Terminal } from './terminal.ts';

/** One command line, read and checked against the table of flags. */
export interface Input {
  readonly flags: Flags;
  /** What stands on the line besides options. */
  readonly operands: readonly string[];
  /** A foreign command line at the end (`run ROOTFS CMD ARG...`), its options untouched. */
  readonly trailing: readonly string[];
}

/** The options given. */
export interface Flags {
  /** Whether it was given. */
  has(name: FlagName): boolean;
  /** Its value, the last one if given twice; undefined where it was not given. */
  text(name: FlagName): string | undefined;
  /** All its values, in order. */
  list(name: FlagName): readonly string[];
}

/** What a file of src/cli/commands exports as `command`. */
export interface Command {
  /**
   * How many operands stand before a foreign command line begins. Absent: there is none, and options may stand
   * anywhere.
   * @param given the options met so far, left to right
   */
  readonly operandsBeforeTrailing?: (given: ReadonlySet<string>) => number;
  /**
   * @returns the exit code
   * @throws RootfsError for every failure foreseen; its code decides the exit code
   */
  run(input: Input, terminal: Terminal): number | Promise<number>;
}
