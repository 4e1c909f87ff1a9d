/** How an archive's bytes are cut on their way to the output. */
export interface ChunkShape {
  /** Bytes of each chunk; the last one may be shorter. */
  readonly bytes: number;
  /** Buffers used in turn: a chunk is valid until the chunk that comes so many later is asked for. */
  readonly buffers: number;
}

/**
 * Fills chunks from a few buffers that are used in turn, so that an archive of any size needs no more
 * memory than those, and file bytes are read straight to where they leave from.
 */
export class ChunkRing {
  readonly #buffers: Buffer[];
  readonly #shape: ChunkShape;
  #turn = 0;
  #used = 0;
  #done = 0;

  constructor(shape: ChunkShape) {
    this.#shape = shape;
    this.#buffers = Array.from({ length: shape.buffers }, () => Buffer.allocUnsafeSlow(shape.bytes));
  }

  /** Bytes put in so far. */
  get position(): number {
    return this.#done + this.#used;
  }

  /** Puts `bytes` in, yielding each chunk as it fills. */
  *put(bytes: Uint8Array): Generator<Buffer, void> {
    for (let at = 0; at < bytes.length; ) {
      if (this.#used === this.#shape.bytes) yield this.#turnOver();
      const part = bytes.subarray(at, at + this.#shape.bytes - this.#used);
      this.#current.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
    }
  }

  /** Lets `read` fill the room that is left; it returns the bytes that it put in. */
  *fill(read: (into: Buffer, at: number, length: number) => number): Generator<Buffer, number> {
    if (this.#used === this.#shape.bytes) yield this.#turnOver();
    const count = read(this.#current, this.#used, this.#shape.bytes - this.#used);
    this.#used += count;
    return count;
  }

  /** Puts zero bytes in until the position is a multiple of `unit`. */
  *align(unit: number): Generator<Buffer, void> {
    const missing = (unit - (this.position % unit)) % unit;
    if (missing > 0) yield* this.put(Buffer.alloc(missing));
  }

  /** What is left at the end. */
  *flush(): Generator<Buffer, void> {
    if (this.#used > 0) yield this.#turnOver();
  }

  get #current(): Buffer {
    return this.#buffers[this.#turn] as Buffer;
  }

  #turnOver(): Buffer {
    const full = this.#current.subarray(0, this.#used);
    this.#done += this.#used;
    this.#used = 0;
    this.#turn = (this.#turn + 1) % this.#buffers.length;
    return full;
  }
}
