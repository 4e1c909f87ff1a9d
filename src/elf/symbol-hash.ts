import { LIMITS } from '../limits.ts';
import * as c from './constants.ts';
import type { DynamicFile } from './dynamic-file.ts';

/** A name to look up, with both hashes of it. One char a byte. */
export interface SymbolName {
  readonly text: string;
  readonly gnu: number;
  readonly sysv: number;
}

export function symbolName(text: string): SymbolName {
  return { text, gnu: gnuHash(text), sysv: sysvHash(text) };
}

/** Symbol indices that a hash table gives for a name, in the order in which the loader looks at them. */
export type HashTable = (name: SymbolName) => readonly number[];

const NONE: readonly number[] = [];

/**
 * The table that the loader uses: DT_GNU_HASH, else DT_HASH (elf/dl-setup_hash.c). A file with neither defines
 * nothing that anybody could find.
 * @param count symbols of the table; chains that lead further end there
 */
export function hashTable(file: DynamicFile, count: number): HashTable {
  if (file.table.gnuHash >= 0) return gnuTable(file, count);
  return file.table.hash >= 0 ? sysvTable(file, count) : () => NONE;
}

function gnuTable(file: DynamicFile, count: number): HashTable {
  const { header, table } = file;
  const [buckets = 0, first = 0, bloomWords = 0, shift = 0] = file.words(table.gnuHash, 16, 'DT_GNU_HASH');
  const unit = header.class / 32;
  const bloomSize = Math.min(bloomWords, LIMITS.symbols) * unit;
  const size = bloomSize + Math.min(buckets, LIMITS.symbols) + Math.max(0, count - first);
  const words = file.words(table.gnuHash + 16, size * 4, 'DT_GNU_HASH');
  const bucketsAt = bloomWords * unit;
  const chainsAt = bucketsAt + buckets - first;
  const highFirst = header.byteOrder === 'BE' ? 1 : 0;
  const bit = (word: number, at: number): number => {
    const index = word * unit + (unit === 1 ? 0 : (at >>> 5) ^ highFirst);
    return ((words[index] ?? 0) >>> (at & 31)) & 1;
  };
  return ({ gnu }) => {
    if (buckets === 0) return NONE;
    const word = Math.floor(gnu / header.class) & (bloomWords - 1);
    // The filter: a clear bit says that no symbol has this hash.
    if ((bit(word, gnu % header.class) & bit(word, (gnu >>> shift) % header.class)) === 0) return NONE;
    let index = words[bucketsAt + (gnu % buckets)] ?? 0;
    if (index < first || index === 0) return NONE;
    const found: number[] = [];
    for (let last = false; !last && index < count; index++) {
      const hash = words[chainsAt + index] ?? 1;
      if ((hash ^ gnu) >>> 1 === 0) found.push(index);
      last = (hash & 1) !== 0;
    }
    return found;
  };
}

function sysvTable(file: DynamicFile, count: number): HashTable {
  const [buckets = 0] = sysvWords(file, 1);
  const words = sysvWords(file, 2 + Math.min(buckets, LIMITS.symbols) + count);
  return ({ sysv }) => {
    const found: number[] = [];
    if (buckets === 0) return found;
    let index = words[2 + (sysv % buckets)] ?? 0;
    // A chain longer than the table goes round in circles.
    for (let steps = 0; index !== 0 && steps < count; steps++) {
      found.push(index);
      index = words[2 + buckets + index] ?? 0;
    }
    return found;
  };
}

/** nchain of DT_HASH: as many as there are symbols. */
export function sysvCount(file: DynamicFile): number {
  return sysvWords(file, 2)[1] ?? 0;
}

/** The first entries of DT_HASH, one number each. */
function sysvWords(file: DynamicFile, entries: number): Uint32Array {
  const unit = sysvUnit(file);
  return narrow(file.words(file.table.hash, entries * 4 * unit, 'DT_HASH'), unit, file.header.byteOrder);
}

/** The psABIs of s390x and Alpha have 64-bit entries in DT_HASH, every other one 32-bit entries. */
function sysvUnit({ header }: DynamicFile): 1 | 2 {
  const wide = header.machine === c.EM_S390 || header.machine === c.EM_ALPHA;
  return header.class === 64 && wide ? 2 : 1;
}

function narrow(words: Uint32Array, unit: 1 | 2, order: 'LE' | 'BE'): Uint32Array {
  if (unit === 1) return words;
  const low = order === 'LE' ? 0 : 1;
  return Uint32Array.from({ length: words.length >>> 1 }, (_, i) => words[i * 2 + low] as number);
}

/** The hash of DT_GNU_HASH (elf/dl-new-hash.h). */
function gnuHash(text: string): number {
  let hash = 5381;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 33) + text.charCodeAt(i)) | 0;
  return hash >>> 0;
}

/** The hash of DT_HASH (System V gABI). */
function sysvHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) {
    hash = (hash << 4) + text.charCodeAt(i);
    const high = hash & 0xf000_0000;
    hash = (hash ^ (high >>> 24)) & ~high;
  }
  return hash >>> 0;
}
