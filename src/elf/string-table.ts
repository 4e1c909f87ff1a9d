import { fromLatin1 } from '../bytes.ts';
import { LIMITS } from '../limits.ts';
import type { ByteSource } from '../sysroot/sysroot.ts';
import { malformed } from './malformed.ts';

/** Bytes up to which a window is decoded whole: cheaper than string by string for the usual few names. */
const WHOLE = 4096;
/** Bytes read round a string outside it. */
const BEFORE = 256;
const AFTER = 1024;

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
  /** What the last string outside the window was read with: version names lie together, at the table's end. */
  #spareAt = 0;
  #spare = '';

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
    return (
      cut(this.#window, start - this.#windowAt) ??
      cut(this.#spare, start - this.#spareAt) ??
      this.#read(start, field)
    );
  }

  #read(start: number, field: string): string {
    const before = Math.min(BEFORE, start - this.#base);
    this.#spare = latin1(this.#source.read(start - before, before + AFTER));
    this.#spareAt = start - before;
    return cut(this.#spare, before) ?? this.#readLong(start, field);
  }

  #readLong(start: number, field: string): string {
    for (let length = AFTER * 8; ; length = Math.min(length * 8, LIMITS.stringBytes)) {
      const bytes = this.#source.read(start, length);
      const stop = bytes.indexOf(0);
      if (stop >= 0) return fromLatin1(latin1(bytes.subarray(0, stop)));
      if (bytes.length < length || length >= LIMITS.stringBytes) {
        throw malformed(this.#file, field, start, bytes.length, 'the length of a string without end');
      }
    }
  }
}

/** The string that begins at an index of a window; null where it does not begin and end there. */
function cut(window: string, from: number): string | null {
  if (from < 0 || from >= window.length) return null;
  const stop = window.indexOf('\0', from);
  return stop < 0 ? null : fromLatin1(window.slice(from, stop));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
