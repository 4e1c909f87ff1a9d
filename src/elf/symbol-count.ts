import { LIMITS } from '../limits.ts';
import type { ByteSource } from '../sysroot/sysroot.ts';
import type { DynamicTable } from './dynamic.ts';
import type { ElfHeader } from './header.ts';
import { malformed } from './malformed.ts';
import { fileOffset, type Segment } from './program-headers.ts';
import { wordsOf } from './words.ts';

/**
 * How many symbols DT_SYMTAB has: no tag says so. DT_HASH's nchain is the number itself; DT_GNU_HASH gives the
 * last one of its longest chain; without either the table ends where the string table begins, as linkers lay it.
 * @throws RootfsError ERR_MALFORMED_ELF for a hash table outside the file
 */
export function countSymbols(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly Segment[],
  table: DynamicTable,
  file: string,
): number {
  if (table.hash >= 0) {
    const words = wordsOf(readAt(source, segments, table.hash, 8, 'DT_HASH', file), header.byteOrder);
    return Math.min(words[1] ?? 0, LIMITS.symbols);
  }
  if (table.gnuHash >= 0) return gnuCount(source, header, segments, table.gnuHash, file);
  const size = header.class === 64 ? 24 : 16;
  return table.strtab > table.symtab ? Math.floor((table.strtab - table.symtab) / size) : 0;
}

/** Symbols below `symoffset` are unhashed; the chain of the highest bucket ends with the last symbol. */
function gnuCount(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly Segment[],
  address: number,
  file: string,
): number {
  const field = 'DT_GNU_HASH';
  const head = wordsOf(readAt(source, segments, address, 16, field, file), header.byteOrder);
  const [buckets = 0, first = 0, bloom = 0] = head;
  const bucketsAt = address + 16 + bloom * (header.class / 8);
  const wanted = Math.min(buckets, LIMITS.symbols) * 4;
  const table = wordsOf(readAt(source, segments, bucketsAt, wanted, field, file), header.byteOrder);
  const highest = table.reduce((most, bucket) => Math.max(most, bucket), 0);
  if (highest < first) return first;
  const chains = bucketsAt + buckets * 4;
  for (let last = highest; last < LIMITS.symbols; last += CHAIN) {
    const at = chains + (last - first) * 4;
    const chain = wordsOf(readAt(source, segments, at, CHAIN * 4, field, file), header.byteOrder);
    const end = chain.findIndex((hash) => (hash & 1) !== 0);
    if (end >= 0) return last + end + 1;
    if (chain.length < CHAIN) break;
  }
  throw malformed(file, field, 0, highest, 'the start of a chain without end');
}

/** Entries of a chain read at a time. */
const CHAIN = 64;

function readAt(
  source: ByteSource,
  segments: readonly Segment[],
  address: number,
  bytes: number,
  field: string,
  file: string,
): Uint8Array {
  const at = fileOffset(segments, address);
  if (at < 0) throw malformed(file, field, 0, address, 'in the file part of no PT_LOAD');
  return source.read(at, bytes);
}
