import type { ByteSource } from '../../src/sysroot/sysroot.ts';

/** A source that counts what is read of it, and reuses its buffer as a file's does. */
export interface CountingSource extends ByteSource {
  readonly reads: () => readonly (readonly [offset: number, length: number])[];
}

/** Bytes as a file: each read is valid until the next, as ByteSource says. */
export function sourceOf(bytes: Uint8Array): CountingSource {
  const reads: [number, number][] = [];
  let shared = new Uint8Array(0);
  return {
    read(offset, length) {
      reads.push([offset, length]);
      // A view of a buffer whose old content is gone.
      shared.fill(0xee);
      shared = Uint8Array.from(
        bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)),
      );
      return shared;
    },
    size: () => bytes.length,
    close() {},
    reads: () => reads,
  };
}
