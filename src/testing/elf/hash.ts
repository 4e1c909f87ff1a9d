import { encodeName } from '../../bytes.ts';
import { ElfBytes, type Format, wordBytes } from './format.ts';
import { MACHINES } from './names.ts';
import { fixedPart, type Part } from './part.ts';

const SHT_HASH = 5;
const SHT_GNU_HASH = 0x6ffffff6;

/** The hash of DT_HASH and of version names (System V gABI). */
export function sysvHash(name: string): number {
  let hash = 0;
  for (const byte of encodeName(name)) {
    hash = ((hash << 4) + byte) >>> 0;
    const high = hash & 0xf0000000;
    hash = (hash ^ (high >>> 24)) & ~high;
  }
  return hash >>> 0;
}

/** The hash of DT_GNU_HASH. */
export function gnuHash(name: string): number {
  let hash = 5381;
  for (const byte of encodeName(name)) hash = (Math.imul(hash, 33) + byte) >>> 0;
  return hash;
}

/** Buckets of a DT_GNU_HASH over so many symbols; its symbols must be sorted by bucket. */
export function gnuBuckets(symbols: number): number {
  return Math.max(1, Math.ceil(symbols / 4));
}

/** .hash over all symbols, the null symbol at their head. */
export function sysvHashPart(format: Format, names: readonly string[]): Part {
  // The psABIs of s390x and Alpha have 64-bit words here, every other one 32-bit words.
  const wide = format.class === 64 && (format.machine === MACHINES.S390 || format.machine === MACHINES.ALPHA);
  const buckets = new Array<number>(Math.max(1, Math.ceil(names.length / 2))).fill(0);
  const chains = new Array<number>(names.length).fill(0);
  for (const [i, name] of names.entries()) {
    if (i === 0) continue;
    const bucket = sysvHash(name) % buckets.length;
    chains[i] = buckets[bucket] ?? 0;
    buckets[bucket] = i;
  }
  const out = new ElfBytes(format);
  for (const value of [buckets.length, chains.length, ...buckets, ...chains]) {
    if (wide) out.u64(value);
    else out.u32(value);
  }
  const section = { name: '.hash', type: SHT_HASH, entrySize: wide ? 8 : 4, link: 'dynsym' } as const;
  return fixedPart('hash', wide ? 8 : 4, out.done(), section);
}

/** .gnu.hash over the defined symbols, which follow `undefinedCount` others and are sorted by bucket. */
export function gnuHashPart(format: Format, names: readonly string[], undefinedCount: number): Part {
  const wordBits = wordBytes(format) * 8;
  const hashes = names.map(gnuHash);
  const buckets = new Array<number>(gnuBuckets(names.length)).fill(0);
  const bloom = new Array<bigint>(bloomWords(names.length, wordBits)).fill(0n);
  const shift = 6;
  const out = new ElfBytes(format);
  for (const [i, hash] of hashes.entries()) {
    const word = Math.floor(hash / wordBits) % bloom.length;
    const bits = (1n << BigInt(hash % wordBits)) | (1n << BigInt((hash >>> shift) % wordBits));
    bloom[word] = (bloom[word] ?? 0n) | bits;
    const bucket = hash % buckets.length;
    if (buckets[bucket] === 0) buckets[bucket] = undefinedCount + i;
  }
  out.u32(buckets.length).u32(undefinedCount).u32(bloom.length).u32(shift);
  for (const word of bloom) out.word(word);
  for (const bucket of buckets) out.u32(bucket);
  for (const [i, hash] of hashes.entries()) {
    const next = hashes[i + 1];
    const last = next === undefined || next % buckets.length !== hash % buckets.length;
    out.u32(last ? (hash | 1) >>> 0 : (hash & ~1) >>> 0);
  }
  const section = { name: '.gnu.hash', type: SHT_GNU_HASH, link: 'dynsym' } as const;
  return fixedPart('gnu.hash', wordBytes(format), out.done(), section);
}

/** A power of two, as the loader masks with it: about 12 bits for each symbol. */
function bloomWords(symbols: number, wordBits: number): number {
  let words = 1;
  while (words * wordBits < symbols * 12) words *= 2;
  return words;
}
