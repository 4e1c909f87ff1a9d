import { EXIT_CODES, isRootfsError, type RootfsError } from '../errors.ts';
import { printable } from '../report/printable.ts';

/** What a failed command prints on standard error, and the code that it exits with. */
export interface Failure {
  readonly text: string;
  readonly exitCode: number;
}

/** Turns whatever a command threw into words: docs/errors.md. */
export function describeFailure(error: unknown): Failure {
  if (isRootfsError(error) && error.code !== 'ERR_INTERNAL') return foreseen(error);
  return { text: bug(error), exitCode: EXIT_CODES.ERR_INTERNAL };
}

function foreseen(error: RootfsError): Failure {
  const { tried = [], hint } = error.details;
  const lines = [`mkrootfs: ${printable(error.message)}`];
  if (tried.length > 0) lines.push('tried:', ...tried.map((line) => `  ${printable(line)}`));
  if (hint) lines.push(`hint: ${printable(hint)}`);
  return { text: `${lines.join('\n')}\n`, exitCode: EXIT_CODES[error.code] };
}

function bug(error: unknown): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `mkrootfs: internal error: this is a bug in mkrootfs, please report it with what follows\n${what}\n`;
}
