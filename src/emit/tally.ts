import type { Entry, RootfsPlan } from '../plan/entry.ts';
import type { EmitOptions, EmitReport } from './emitter.ts';

/** Bytes between two calls of `onProgress`. */
const PROGRESS_STEP = 4 << 20;

/** Counts what an emitter writes, as it writes, and makes the report of it. */
export class Tally {
  readonly #counts: Record<Entry['type'], number> = {
    directory: 0,
    file: 0,
    symlink: 0,
    hardlink: 0,
    device: 0,
  };
  readonly #warnings: string[] = [];
  readonly #onProgress: EmitOptions['onProgress'];
  readonly #totalBytes: number;
  #contentBytes = 0;
  #told = 0;

  constructor(plan: RootfsPlan, onProgress: EmitOptions['onProgress']) {
    this.#onProgress = onProgress;
    this.#totalBytes = plan.entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0);
  }

  /** One entry was written. */
  entry(type: Entry['type']): void {
    this.#counts[type]++;
  }

  /** So many bytes of file content were written. */
  content(bytes: number): void {
    this.#contentBytes += bytes;
    if (this.#contentBytes - this.#told < PROGRESS_STEP) return;
    this.#told = this.#contentBytes;
    this.#onProgress?.(this.#contentBytes, this.#totalBytes);
  }

  /** Something could not be kept. */
  warn(text: string): void {
    this.#warnings.push(text);
  }

  report(output: string, format: string, outputBytes?: number): EmitReport {
    if (this.#told < this.#contentBytes) this.#onProgress?.(this.#contentBytes, this.#totalBytes);
    return {
      output,
      format,
      entries: { ...this.#counts },
      contentBytes: this.#contentBytes,
      outputBytes: outputBytes ?? this.#contentBytes,
      warnings: [...this.#warnings],
    };
  }
}
