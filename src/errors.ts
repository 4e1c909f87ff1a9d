/** What went wrong, as a stable word that programs may test (`error.code`). */
export type ErrorCode =
  | 'ERR_USAGE' // the call or the command line is wrong
  | 'ERR_NOT_FOUND' // an input does not exist
  | 'ERR_NOT_READABLE' // an input exists and cannot be read
  | 'ERR_NOT_A_PROGRAM' // an input is neither ELF nor a script
  | 'ERR_MALFORMED_ELF' // an ELF file whose own numbers contradict each other
  | 'ERR_MALFORMED_INPUT' // another input (cache, archive, lock ...) that cannot be understood
  | 'ERR_INCOMPLETE' // the closure lacks a library, version or interpreter
  | 'ERR_CHANGED' // an input changed while it was read
  | 'ERR_OUTPUT_EXISTS' // the output is there already and `force` was not given
  | 'ERR_OUTPUT' // the output cannot be written
  | 'ERR_MACHINE' // this machine lacks a tool, kernel feature or privilege
  | 'ERR_INTERRUPTED' // stopped by a signal or an AbortSignal
  | 'ERR_INTERNAL'; // a bug in mkrootfs

/** Exit code of the command line for each error code (docs/errors.md). */
export const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  ERR_USAGE: 2,
  ERR_INCOMPLETE: 3,
  ERR_NOT_FOUND: 4,
  ERR_NOT_READABLE: 4,
  ERR_NOT_A_PROGRAM: 4,
  ERR_MALFORMED_ELF: 4,
  ERR_MALFORMED_INPUT: 4,
  ERR_CHANGED: 4,
  ERR_OUTPUT_EXISTS: 5,
  ERR_OUTPUT: 5,
  ERR_MACHINE: 6,
  ERR_INTERRUPTED: 130,
  ERR_INTERNAL: 70,
};

/** Extra facts of an error: what was tried, what to do, and for malformed files where. */
export interface ErrorDetails {
  /** What was attempted, in order, one line each. */
  readonly tried?: readonly string[];
  /** What the user can do about it. */
  readonly hint?: string;
  /** The file concerned. */
  readonly path?: string;
  /** Byte offset in the file, for malformed input. */
  readonly offset?: number;
  /** Name of the field at that offset, as elf.h spells it. */
  readonly field?: string;
  /** The value found there. */
  readonly value?: number | string;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * Every failure that mkrootfs foresees. `message` reads `cannot VERB OBJECT: why`.
 *
 * Test `error.name === 'RootfsError'` and `error.code` instead of `instanceof`: each chunk of the command
 * line bundles its own copy of this class.
 */
export class RootfsError extends Error {
  override readonly name: 'RootfsError' = 'RootfsError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.details = details;
  }
}

/** Whether a caught value is a {@link RootfsError} of any bundle. */
export function isRootfsError(error: unknown): error is RootfsError {
  return error instanceof Error && error.name === 'RootfsError' && 'code' in error;
}
