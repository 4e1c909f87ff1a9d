import { LIMITS } from '../limits.ts';
import type { DynamicFile } from './dynamic-file.ts';
import { malformed } from './malformed.ts';
import { sysvCount } from './symbol-hash.ts';

/**
 * How many symbols DT_SYMTAB has: no tag says so. DT_HASH's nchain is the number itself; DT_GNU_HASH gives the
 * last one of its longest chain; without either the table ends where the string table begins, as linkers lay it.
 * @throws RootfsError ERR_MALFORMED_ELF for a hash table outside the file
 */
export function countSymbols(file: DynamicFile): number {
  const { table, header } = file;
  if (table.hash >= 0) return Math.min(sysvCount(file), LIMITS.symbols);
  if (table.gnuHash >= 0) return gnuCount(file);
  const size = header.class === 64 ? 24 : 16;
  const count = table.strtab > table.symtab ? Math.floor((table.strtab - table.symtab) / size) : 0;
  return Math.min(count, LIMITS.symbols);
}

/** Entries of a chain read at a time. */
const CHAIN = 64;

/** Symbols below `symoffset` are unhashed; the chain of the highest bucket ends with the last symbol. */
function gnuCount(file: DynamicFile): number {
  const { table, header, path } = file;
  const field = 'DT_GNU_HASH';
  const [buckets = 0, first = 0, bloom = 0] = file.words(table.gnuHash, 16, field);
  const bucketsAt = table.gnuHash + 16 + bloom * (header.class / 8);
  const words = file.words(bucketsAt, Math.min(buckets, LIMITS.symbols) * 4, field);
  const highest = words.reduce((most, bucket) => Math.max(most, bucket), 0);
  if (highest < first) return Math.min(first, LIMITS.symbols);
  const chains = bucketsAt + buckets * 4;
  for (let last = highest; last < LIMITS.symbols; last += CHAIN) {
    const chain = file.words(chains + (last - first) * 4, CHAIN * 4, field);
    const end = chain.findIndex((hash) => (hash & 1) !== 0);
    if (end >= 0) return last + end + 1;
    if (chain.length < CHAIN) break;
  }
  throw malformed(path, field, 0, highest, 'the start of a chain without end');
}
