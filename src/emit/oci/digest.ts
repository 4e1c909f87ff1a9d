import { createHash } from 'node:crypto';
import type { Sink } from '../sink.ts';

/** `sha256:` and 64 hexadecimal digits (OCI image specification, descriptor, "Digests"). */
export type Digest = `sha256:${string}`;

/** Digest and length of bytes that passed by. */
export class Digester {
  readonly #hash = createHash('sha256');
  #size = 0;

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#size += bytes.length;
  }

  get size(): number {
    return this.#size;
  }

  /** To be called once, after the last byte. */
  digest(): Digest {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}

/** The chunks as they are, seen by the digester as they pass. */
export function* observed(chunks: Iterable<Uint8Array>, digester: Digester): Generator<Uint8Array, void> {
  for (const chunk of chunks) {
    digester.update(chunk);
    yield chunk;
  }
}

/** The sink, with all that is written to it seen by the digester: so it shows no descriptor to write past it. */
export function observedSink(sink: Sink, digester: Digester): Sink {
  return {
    write(chunk) {
      digester.update(chunk);
      return sink.write(chunk);
    },
  };
}

/** The 64 digits alone: what blobs are called. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}
