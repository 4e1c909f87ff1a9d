import { encodeName } from '../bytes.ts';
import * as f from '../ldso/cache-format.ts';

/** One line of an ld.so.cache. */
export interface LoaderCacheEntry {
  /** What the loader is asked for. */
  readonly name: string;
  /** The file that it opens. */
  readonly path: string;
  /** Type and ABI, as {@link cacheFlags} gives them. */
  readonly flags: number;
  /** Name of the glibc-hwcaps subdirectory that the file lies in; null for a plain one. */
  readonly level: string | null;
}

const GENERATOR = 'mkrootfs';

/**
 * Writes an ld.so.cache in glibc's own format (sysdeps/generic/dl-cache.h, struct cache_file_new), which every
 * glibc since 2.2 reads: header, entries sorted for the loader's binary search, strings, extensions.
 * @param entries in any order; of two with the same name and flags the first is found first.
 */
export function writeLoaderCache(entries: readonly LoaderCacheEntry[], byteOrder: 'LE' | 'BE'): Uint8Array {
  const sorted = entries.toSorted(compare);
  const levels = levelsOf(sorted);
  const stringsAt = f.NEW_HEADER + sorted.length * f.NEW_ENTRY;
  const strings = new StringTable(stringsAt);
  const rows = sorted.map(({ name, path }) => [strings.add(name), strings.add(path)] as const);
  const levelOffsets = levels.map((level) => strings.add(level));
  const extensionAt = align(strings.end);
  const size = extensionAt + extensionSize(levels.length);
  const out = new Writer(size, byteOrder);
  out.text(0, f.NEW_MAGIC);
  out.u32(20, sorted.length);
  out.u32(24, strings.end - stringsAt);
  out.bytes[28] = byteOrder === 'LE' ? f.ENDIAN_LITTLE : f.ENDIAN_BIG;
  out.u32(32, extensionAt);
  sorted.forEach((entry, i) => {
    const at = f.NEW_HEADER + i * f.NEW_ENTRY;
    const [name, path] = rows[i] as (typeof rows)[number];
    out.u32(at, entry.flags);
    out.u32(at + 4, name);
    out.u32(at + 8, path);
    if (entry.level !== null) out.u64(at + 16, f.HWCAPS_MARK, levels.indexOf(entry.level));
  });
  strings.writeTo(out.bytes);
  writeExtensions(out, extensionAt, levelOffsets);
  return out.bytes;
}

/** elf/cache.c, compare: names falling, then flags falling, then glibc-hwcaps before plain entries. */
function compare(a: LoaderCacheEntry, b: LoaderCacheEntry): number {
  const byName = f.compareNames(latin1Of(b.name), latin1Of(a.name));
  if (byName !== 0) return byName;
  if (a.flags !== b.flags) return b.flags - a.flags;
  if (a.level === b.level) return 0;
  if (a.level === null || b.level === null) return a.level === null ? 1 : -1;
  return a.level < b.level ? -1 : 1;
}

function levelsOf(entries: readonly LoaderCacheEntry[]): readonly string[] {
  const levels = new Set<string>();
  for (const { level } of entries) if (level !== null) levels.add(level);
  return [...levels].sort();
}

/** Head of 8 bytes, one section of 16 for the generator, one for the levels where there are any, then both. */
function extensionSize(levels: number): number {
  return 8 + 16 + (levels > 0 ? 16 : 0) + levels * 4 + GENERATOR.length;
}

function writeExtensions(out: Writer, at: number, levels: readonly number[]): void {
  const sections = levels.length > 0 ? 2 : 1;
  const levelsAt = at + 8 + sections * 16;
  const generatorAt = levelsAt + levels.length * 4;
  out.u32(at, f.EXTENSION_MAGIC);
  out.u32(at + 4, sections);
  section(out, at + 8, f.EXTENSION_GENERATOR, generatorAt, GENERATOR.length);
  out.text(generatorAt, GENERATOR);
  if (levels.length === 0) return;
  section(out, at + 24, f.EXTENSION_HWCAPS, levelsAt, levels.length * 4);
  levels.forEach((offset, i) => {
    out.u32(levelsAt + i * 4, offset);
  });
}

function section(out: Writer, at: number, tag: number, offset: number, size: number): void {
  out.u32(at, tag);
  out.u32(at + 8, offset);
  out.u32(at + 12, size);
}

/** Extension sections stand at multiples of 4. */
function align(offset: number): number {
  return (offset + 3) & ~3;
}

/** Names compare byte by byte. */
function latin1Of(name: string): string {
  return Buffer.from(encodeName(name)).toString('latin1');
}

/** NUL-terminated strings, each once. */
class StringTable {
  end: number;
  readonly #offsets = new Map<string, number>();
  readonly #parts: (readonly [offset: number, bytes: Uint8Array])[] = [];

  constructor(start: number) {
    this.end = start;
  }

  add(text: string): number {
    const known = this.#offsets.get(text);
    if (known !== undefined) return known;
    const bytes = encodeName(text);
    const offset = this.end;
    this.#offsets.set(text, offset);
    this.#parts.push([offset, bytes]);
    this.end += bytes.length + 1;
    return offset;
  }

  writeTo(out: Uint8Array): void {
    for (const [offset, bytes] of this.#parts) out.set(bytes, offset);
  }
}

/** Numbers in one byte order into zeroed bytes. */
class Writer {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(size: number, byteOrder: 'LE' | 'BE') {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
    this.#little = byteOrder === 'LE';
  }

  u32(at: number, value: number): void {
    this.#view.setUint32(at, value, this.#little);
  }

  u64(at: number, high: number, low: number): void {
    this.u32(this.#little ? at + 4 : at, high);
    this.u32(this.#little ? at : at + 4, low);
  }

  text(at: number, text: string): void {
    this.bytes.set(encodeName(text), at);
  }
}
