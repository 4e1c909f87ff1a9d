import type { Sink } from '../sink.ts';

/** What has the name of a file in the store. */
export interface Named {
  readonly name: string;
}

/** Where an image's files go, in the order in which they are made: a directory, or a tar archive. */
export interface BlobStore {
  /**
   * Adds a file of a length and a name that are known only when all of it is written.
   * @param write writes the content, and tells the name, among what else it learnt
   */
  stream<Made extends Named>(write: (sink: Sink) => Promise<Made>): Promise<Made>;
  /** Adds a small file. */
  put(name: string, bytes: Uint8Array): void;
  /** Bytes written so far. */
  readonly bytes: number;
}
