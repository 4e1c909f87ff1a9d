import { fromLatin1 } from '../bytes.ts';
import { LIMITS } from '../limits.ts';
import type { ByteSource } from '../sysroot/sysroot.ts';
import { malformed } from './malformed.ts';

/** Bytes up to which a window is decoded whole: cheaper than string by string for the usual few names. */
const WHOLE = 4096;

/**
 * Strings of DT_STRTAB, read through windows: the table of a large program has megabytes, the names wanted lie
 * within a few hundred bytes of each other.
 */
export class StringTable {
  readonly #source: ByteSource;
  readonly #file: string;
  /** File offset of the table, and of the end of the segment that holds it. */
  readonly #base: number;
  readonly #end: number;
  #windowAt = 0;
  #window = '';

  constructor(source: ByteSource, file: string, base: number, end: number) {
    this.#source = source;
    this.#file = file;
    this.#base = base;
    this.#end = end;
  }

  /** Takes bytes that were read at a file offset as window; strings outside it cost a read each. */
  use(at: number, bytes: Uint8Array, first: number): void {
    const stop = Math.min(bytes.length, first + WHOLE);
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#windowAt = at + first;
    this.#window = buffer.toString('latin1', first, stop);
  }

  /**
   * The string at an offset into the table.
   * @throws RootfsError ERR_MALFORMED_ELF: outside its segment, unterminated, or longer than the limit.
   */
  at(offset: number, field: string): string {
    const start = this.#base + offset;
    if (this.#base < 0 || start >= this.#end) {
      throw malformed(this.#file, field, Math.max(this.#base, 0), offset, 'outside the string table');
    }
    const inWindow = start - this.#windowAt;
    if (inWindow >= 0 && inWindow < this.#window.length) {
      const stop = this.#window.indexOf('\0', inWindow);
      if (stop >= 0) return fromLatin1(this.#window.slice(inWindow, stop));
    }
    return this.#read(start, field);
  }

  #read(start: number, field: string): string {
    for (let length = 256; ; length = Math.min(length * 8, LIMITS.stringBytes)) {
      const bytes = this.#source.read(start, length);
      const stop = bytes.indexOf(0);
      if (stop >= 0) return fromLatin1(latin1(bytes.subarray(0, stop)));
      if (bytes.length < length || length >= LIMITS.stringBytes) {
        throw malformed(this.#file, field, start, bytes.length, 'the length of a string without end');
      }
    }
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
