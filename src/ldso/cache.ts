import { encodeName, fromLatin1 } from '../bytes.ts';
import { type ByteOrder, wordsOf } from '../elf/words.ts';
import * as f from './cache-format.ts';

/** A hit: the stored path, and the glibc-hwcaps name where the entry is a variant. */
export interface CacheHit {
  readonly path: string;
  readonly level: string | null;
}

/** An ld.so.cache, opened for look-ups. */
export interface LoaderCache {
  /**
   * What the loader's search_cache finds: the best usable glibc-hwcaps entry, else the first plain one.
   * @param flags entry flags that the loader accepts, the exact one last
   * @param levels active glibc-hwcaps names, the best first
   * @param legacy whether an entry with that hwcap field, low and high word, is taken; current loaders take none
   */
  lookup(
    name: string,
    flags: readonly number[],
    levels: readonly string[],
    legacy?: LegacyTest,
  ): CacheHit | null;
  /** Whether any entry is a glibc-hwcaps variant. */
  readonly hasVariants: boolean;
  /** Every entry, in file order: what `ldconfig -p` prints. */
  entries(): readonly CacheEntry[];
}

/** See `legacyEntries` of hwcaps.ts. */
export type LegacyTest = (low: number, high: number) => boolean;

const NO_LEGACY: LegacyTest = () => false;

/** One entry of the table. */
export interface CacheEntry {
  readonly flags: number;
  readonly name: string;
  readonly path: string;
  /** glibc-hwcaps name; null for a plain entry, '' for a legacy hwcap. */
  readonly level: string | null;
}

/**
 * Reads an ld.so.cache of any format (old, old with new appended, new), in the byte order of the machine.
 * @returns null where the loader would ignore the file: no known magic, another byte order, counts that do not fit
 */
export function readCache(bytes: Uint8Array, order: ByteOrder): LoaderCache | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  if (text.startsWith(f.NEW_MAGIC)) return newCache(bytes, text, 0, order);
  if (!text.startsWith(f.OLD_MAGIC) || bytes.length < f.OLD_HEADER) return null;
  const count = wordsOf(bytes.subarray(12, 16), order)[0] as number;
  const end = f.OLD_HEADER + count * f.OLD_ENTRY;
  if (end > bytes.length) return null;
  // The appended new table begins at the next multiple of its alignment: 8, or 4 on i386 and m68k.
  for (const at of [(end + 7) & ~7, (end + 3) & ~3]) {
    const whole = at + f.NEW_HEADER <= bytes.length;
    if (whole && text.startsWith(f.NEW_MAGIC, at)) return newCache(bytes, text, at, order);
  }
  const words = wordsOf(bytes.subarray(f.OLD_HEADER), order);
  return new Table(text, words, { count, step: 3, strings: end, levels: [] });
}

function newCache(bytes: Uint8Array, text: string, at: number, order: ByteOrder): LoaderCache | null {
  if (bytes.length - at < f.NEW_HEADER) return null;
  const words = wordsOf(bytes.subarray(at), order);
  const count = words[5] as number;
  const endian = (bytes[at + 28] as number) & 3;
  const wrong = order === 'LE' ? f.ENDIAN_BIG : f.ENDIAN_LITTLE;
  if (endian === f.ENDIAN_INVALID || endian === wrong) return null;
  if (count > (bytes.length - at - f.NEW_HEADER) / f.NEW_ENTRY) return null;
  const extension = words[8] as number;
  const levels = extension === 0 ? [] : readLevels(text, words, at, extension);
  return new Table(text, words.subarray(f.NEW_HEADER / 4), { count, step: 6, strings: at, levels, order });
}

/** Names of the glibc-hwcaps extension, by index; offsets count from the start of the new table. */
function readLevels(text: string, words: Uint32Array, at: number, extension: number): readonly string[] {
  const head = extension >>> 2;
  if ((extension & 3) !== 0 || words[head] !== f.EXTENSION_MAGIC) return [];
  const sections = Math.min(words[head + 1] ?? 0, 16);
  for (let i = 0; i < sections; i++) {
    const section = head + 2 + i * 4;
    if (words[section] !== f.EXTENSION_HWCAPS) continue;
    const first = (words[section + 2] ?? 0) >>> 2;
    const names = words.subarray(first, first + ((words[section + 3] ?? 0) >>> 2));
    return Array.from(names.subarray(0, MAX_LEVELS), (offset) => stringAt(text, at + offset) ?? '');
  }
  return [];
}

/** Far above the dozen names that exist. */
const MAX_LEVELS = 1024;

/** PATH_MAX: no longer name or path can be opened, and entries that share one huge string would cost its square. */
const STRING_BYTES = 4096;

function stringAt(text: string, at: number): string | null {
  const piece = text.slice(at, at + STRING_BYTES);
  const end = piece.indexOf('\0');
  return end < 0 ? null : piece.slice(0, end);
}

interface Layout {
  readonly count: number;
  /** Words of one entry. */
  readonly step: 3 | 6;
  /** Where string offsets count from. */
  readonly strings: number;
  readonly levels: readonly string[];
  readonly order?: ByteOrder;
}

/** Words of one entry in the old format. */
const OLD_WORDS = 3;

interface Candidate extends CacheHit {
  readonly rank: number;
}

/** Look-ups after which it is cheaper to index all names than to search again. */
const INDEX_AFTER = 12;

class Table implements LoaderCache {
  readonly #text: string;
  readonly #words: Uint32Array;
  readonly #layout: Layout;
  #lookups = 0;
  /** First entry of each name; null until built, or for good where the table is not sorted. */
  #index: Map<string, number> | null = null;
  #sorted = true;

  constructor(text: string, words: Uint32Array, layout: Layout) {
    this.#text = text;
    this.#words = words;
    this.#layout = layout;
  }

  get hasVariants(): boolean {
    return this.#layout.levels.length > 0;
  }

  lookup(
    name: string,
    flags: readonly number[],
    levels: readonly string[],
    legacy: LegacyTest = NO_LEGACY,
  ): CacheHit | null {
    const bytes = latin1Of(name);
    const first = this.#first(bytes);
    if (first < 0) return null;
    let best: Candidate | null = null;
    for (let i = first; i < this.#layout.count; i++) {
      if (i > first && !this.#names(i, bytes)) break;
      const candidate = this.#candidate(i, flags, levels, legacy);
      if (candidate === null) continue;
      // Variants precede plain entries in the table, so the first plain one ends the search.
      if (candidate.level === null && best !== null && best.rank <= candidate.rank) break;
      if (best === null || candidate.rank < best.rank) best = candidate;
    }
    return best === null ? null : { path: best.path, level: best.level };
  }

  /** An entry that the loader would take, and its rank: variants by preference, then plain ones. */
  #candidate(
    entry: number,
    flags: readonly number[],
    levels: readonly string[],
    legacy: LegacyTest,
  ): Candidate | null {
    const found = flags.indexOf(this.#words[entry * this.#layout.step] as number);
    const path = this.#string(entry, 2);
    if (found < 0 || path === null) return null;
    let level = this.#level(entry);
    if (level === '' && legacy(...this.#hwcap(entry))) level = null;
    const preferred = level === null ? -1 : levels.indexOf(level);
    if (level !== null && (preferred < 0 || this.#isaLevel(entry) > levels.length)) return null;
    // The old format has no variants and prefers the exact flags, which stand last.
    const plain = levels.length + (this.#layout.step === OLD_WORDS ? flags.length - found : 0);
    return { path: fromLatin1(path), level, rank: level === null ? plain : preferred };
  }

  entries(): readonly CacheEntry[] {
    const all: CacheEntry[] = [];
    for (let i = 0; i < this.#layout.count; i++) {
      const name = this.#string(i, 1);
      const path = this.#string(i, 2);
      if (name === null || path === null) continue;
      const flags = this.#words[i * this.#layout.step] as number;
      all.push({ flags, name: fromLatin1(name), path: fromLatin1(path), level: this.#level(i) });
    }
    return all;
  }

  /** Index of the first entry that _dl_cache_libcmp calls equal; -1 where there is none. */
  #first(name: string): number {
    if (this.#sorted && ++this.#lookups > INDEX_AFTER) {
      this.#index ??= this.#build();
      if (this.#index !== null) return this.#index.get(numberedKey(name)) ?? -1;
    }
    return this.#search(name);
  }

  /** The loader's own binary search, so that a table out of order gives what it gives there. */
  #search(name: string): number {
    let left = 0;
    let right = this.#layout.count - 1;
    while (left <= right) {
      let middle = (left + right) >>> 1;
      const key = this.#string(middle, 1);
      if (key === null) return -1;
      const order = f.compareNames(name, key);
      if (order === 0) {
        while (middle > 0 && this.#names(middle - 1, name)) middle--;
        return middle;
      }
      if (order < 0) left = middle + 1;
      else right = middle - 1;
    }
    return -1;
  }

  #build(): Map<string, number> | null {
    const index = new Map<string, number>();
    let before: string | null = null;
    for (let i = 0; i < this.#layout.count; i++) {
      const name = this.#string(i, 1);
      if (name === null || (before !== null && before !== name && f.compareNames(before, name) < 0)) {
        this.#sorted = false;
        return null;
      }
      const key = numberedKey(name);
      if (name !== before && !index.has(key)) index.set(key, i);
      before = name;
    }
    return index;
  }

  #names(entry: number, name: string): boolean {
    const key = this.#string(entry, 1);
    return key !== null && (key === name || f.compareNames(name, key) === 0);
  }

  #string(entry: number, field: 1 | 2): string | null {
    return stringAt(
      this.#text,
      this.#layout.strings + (this.#words[entry * this.#layout.step + field] as number),
    );
  }

  #level(entry: number): string | null {
    const { step, levels } = this.#layout;
    if (step === OLD_WORDS) return null;
    const [low, high] = this.#hwcap(entry);
    if (low === 0 && high === 0) return null;
    const variant = (high & ~f.HWCAPS_LEVEL_MASK) >>> 0 === f.HWCAPS_MARK;
    return variant ? (levels[low] ?? '') : '';
  }

  /** How many levels of x86-64 a variant needs, whatever its directory is called (sysdeps/x86/dl-isa-level.h). */
  #isaLevel(entry: number): number {
    const { step, order } = this.#layout;
    return (this.#words[entry * step + (order === 'BE' ? 4 : 5)] as number) & f.HWCAPS_LEVEL_MASK;
  }

  /** The hwcap field, its low word first. */
  #hwcap(entry: number): [low: number, high: number] {
    const { step, order } = this.#layout;
    const at = entry * step + 4;
    const first = this.#words[at] as number;
    const second = this.#words[at + 1] as number;
    return order === 'BE' ? [second, first] : [first, second];
  }
}

/** Equal exactly for names that {@link f.compareNames} calls equal: numbers without leading zeros. */
function numberedKey(name: string): string {
  if (!/(?<!\d)0\d|\d{10}/.test(name)) return name;
  return name.replace(/\d+/g, (digits) => {
    let value = 0;
    for (const digit of digits) value = (Math.imul(value, 10) + Number(digit)) | 0;
    return String(value);
  });
}

/** Names as the table holds them: one char a byte. */
function latin1Of(name: string): string {
  return /^[\x20-\x7e]*$/.test(name) ? name : Buffer.from(encodeName(name)).toString('latin1');
}
