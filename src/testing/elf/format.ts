/** Class and byte order: how numbers are laid out. */
export interface Format {
  readonly class: 32 | 64;
  readonly byteOrder: 'LE' | 'BE';
  readonly machine: number;
}

/** Bytes of an address. */
export function wordBytes(format: Format): 4 | 8 {
  return format.class === 32 ? 4 : 8;
}

/** Writes numbers of 1, 2, 4 or 8 bytes into bytes, cut to their length. */
export function putNumber(
  bytes: Uint8Array,
  offset: number,
  size: number,
  value: number | bigint,
  byteOrder: 'LE' | 'BE',
): void {
  let rest = BigInt.asUintN(64, BigInt(value));
  for (let i = 0; i < size; i++) {
    bytes[offset + (byteOrder === 'LE' ? i : size - 1 - i)] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}

/** Numbers and bytes one after another, in one format. */
export class ElfBytes {
  readonly #format: Format;
  #bytes: Uint8Array = new Uint8Array(256);
  #length = 0;

  constructor(format: Format) {
    this.#format = format;
  }

  u8(value: number): this {
    return this.#number(1, value);
  }

  u16(value: number): this {
    return this.#number(2, value);
  }

  u32(value: number): this {
    return this.#number(4, value);
  }

  u64(value: number | bigint): this {
    return this.#number(8, value);
  }

  /** 4 bytes in 32-bit files, 8 in 64-bit ones. */
  word(value: number | bigint): this {
    return this.#number(wordBytes(this.#format), value);
  }

  raw(bytes: Uint8Array): this {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** Zero bytes up to a multiple of `align`. */
  align(align: number): this {
    const gap = alignUp(this.#length, align) - this.#length;
    this.#room(gap);
    this.#length += gap;
    return this;
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #number(size: number, value: number | bigint): this {
    this.#room(size);
    const view = new DataView(this.#bytes.buffer, this.#length, size);
    const little = this.#format.byteOrder === 'LE';
    if (size === 8) view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), little);
    else if (size === 4) view.setUint32(0, Number(value), little);
    else if (size === 2) view.setUint16(0, Number(value), little);
    else view.setUint8(0, Number(value));
    this.#length += size;
    return this;
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * (this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** The next multiple of `align`. */
export function alignUp(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}
