import { isRootfsError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { ByteSource, RootPath, Sysroot } from '../sysroot/sysroot.ts';

/** Bytes looked at in one go, and how far a string may reach beyond them. */
const WINDOW = 56 << 10;
const REACH = 4 << 10;

/** Strings inside files: paths and names that a compiler put there. Each file is searched once for a needle. */
export class Strings {
  readonly #sysroot: Sysroot;
  readonly #known = new Map<string, readonly string[]>();

  constructor(sysroot: Sysroot) {
    this.#sysroot = sysroot;
  }

  /** Every run of printable ASCII of a file that holds a needle, each once, in file order; none where it cannot be read. */
  containing(path: RootPath, needle: string): readonly string[] {
    const key = `${needle}\0${path}`;
    let found = this.#known.get(key);
    if (found === undefined) {
      found = this.#search(path, needle);
      this.#known.set(key, found);
    }
    return found;
  }

  #search(path: RootPath, needle: string): readonly string[] {
    const source = this.#sysroot.open(path);
    if (typeof source === 'string') return [];
    try {
      return stringsIn(source, needle);
    } catch (error) {
      if (isRootfsError(error)) return [];
      throw error;
    } finally {
      source.close();
    }
  }
}

function stringsIn(source: ByteSource, needle: string): readonly string[] {
  const found = new Set<string>();
  const end = Math.min(source.size(), LIMITS.stringsBytes);
  for (let at = 0; at < end && found.size < LIMITS.strings; at += WINDOW) {
    const from = Math.max(0, at - REACH);
    const bytes = source.read(from, WINDOW + 2 * REACH);
    const window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    // Behind the window's own part the next one sees more of a string.
    const last = at - from + WINDOW;
    for (let hit = window.indexOf(needle, at - from); hit >= 0 && hit < last; ) {
      const [start, stop] = printableAround(window, hit);
      found.add(window.toString('latin1', start, stop));
      hit = window.indexOf(needle, Math.max(stop, hit + 1));
    }
  }
  return [...found];
}

function printableAround(bytes: Buffer, at: number): readonly [start: number, stop: number] {
  let start = at;
  let stop = at;
  while (start > 0 && isPrintable(bytes[start - 1] as number)) start--;
  while (stop < bytes.length && isPrintable(bytes[stop] as number)) stop++;
  return [start, stop];
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}
