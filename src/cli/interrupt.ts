import { constants } from 'node:os';
import { EXIT_CODES, isRootfsError } from '../errors.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does work that a signal may stop: the first SIGINT, SIGTERM or SIGHUP aborts it, so that it can clean up what it
 * began; a second one ends the process as it always does.
 * @returns the work's exit code, or 128 and the signal's number
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  let caught: (typeof SIGNALS)[number] | null = null;
  const stop = (signal: (typeof SIGNALS)[number]): void => {
    caught = signal;
    forget();
    controller.abort();
  };
  const forget = (): void => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (caught !== null && isRootfsError(error) && EXIT_CODES[error.code] === EXIT_CODES.ERR_INTERRUPTED) {
      return 128 + constants.signals[caught];
    }
    throw error;
  } finally {
    forget();
  }
}
