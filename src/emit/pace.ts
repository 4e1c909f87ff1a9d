import { RootfsError } from '../errors.ts';

/** Bytes of synchronous work between two looks at the signal: a few milliseconds. */
const BREATH = 8 << 20;
/** What one entry costs beside its bytes, in bytes of the same duration. */
const ENTRY_COST = 64 << 10;

/**
 * Lets long synchronous work be stopped. A signal can only arrive while the event loop turns, so the work
 * says what it has done (`spend`) and, once enough is done, waits for one turn (`breathe`).
 */
export class Pace {
  readonly #signal: AbortSignal | undefined;
  readonly #object: string;
  #spent = 0;

  /** `object` is what the message of an interruption names: the output. */
  constructor(signal: AbortSignal | undefined, object: string) {
    this.#signal = signal;
    this.#object = object;
    this.check();
  }

  get signal(): AbortSignal | undefined {
    return this.#signal;
  }

  /** Notes work done. @returns whether it is time to `breathe` */
  spend(bytes: number): boolean {
    this.#spent += bytes + ENTRY_COST;
    return this.#spent >= BREATH;
  }

  /** One turn of the event loop. @throws RootfsError ERR_INTERRUPTED */
  async breathe(): Promise<void> {
    this.#spent = 0;
    await new Promise((resolve) => setImmediate(resolve));
    this.check();
  }

  /** @throws RootfsError ERR_INTERRUPTED where the signal has come. */
  check(): void {
    if (!this.#signal?.aborted) return;
    throw new RootfsError('ERR_INTERRUPTED', `cannot write ${this.#object}: interrupted`, {
      cause: this.#signal.reason,
    });
  }
}
