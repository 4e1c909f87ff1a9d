import { LIMITS } from '../limits.ts';
import type { ByteSource } from '../sysroot/sysroot.ts';
import * as c from './constants.ts';
import type { ElfHeader } from './header.ts';
import { malformed } from './malformed.ts';
import { fileOffset, type Segment } from './program-headers.ts';
import { wide, wordsOf } from './words.ts';

/** One entry of a multi-valued tag that makes the loader load something, in table order. */
export interface StringRequest {
  readonly tag: number;
  readonly offset: number;
}

/**
 * The dynamic table as the loader keeps it (elf/get-dynamic-info.h): for a scalar tag the last occurrence,
 * for DT_NEEDED and the filters every one in order. String values are still offsets into DT_STRTAB.
 * Absent scalars are -1.
 */
export interface DynamicTable {
  readonly requests: readonly StringRequest[];
  readonly audits: readonly number[];
  readonly strtab: number;
  readonly strsz: number;
  readonly soname: number;
  readonly rpath: number;
  readonly runpath: number;
  readonly flags: number;
  readonly flags1: number;
  readonly relr: number;
  readonly verneed: number;
  readonly verdef: number;
  readonly hash: number;
  readonly gnuHash: number;
  readonly symtab: number;
  readonly versym: number;
  readonly rel: readonly [address: number, bytes: number, entry: 'REL' | 'RELA'][];
}

/**
 * Reads PT_DYNAMIC, found by its virtual address, up to the first DT_NULL.
 * @returns null where there is no PT_DYNAMIC, or one without bytes in the file (a separate debug file)
 * @throws RootfsError ERR_MALFORMED_ELF: the table lies outside every PT_LOAD or beyond the file, or never ends.
 */
export function readDynamic(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly Segment[],
  file: string,
): DynamicTable | null {
  const segment = dynamicSegment(segments);
  if (segment === null) return null;
  const at = fileOffset(segments, segment.vaddr);
  if (at < 0) {
    throw malformed(
      file,
      'p_vaddr of PT_DYNAMIC',
      header.phoff,
      segment.vaddr,
      'in the file part of no PT_LOAD',
    );
  }
  const entry = header.class === 64 ? 16 : 8;
  const wanted = Math.min(Math.max(segment.memsz, entry), LIMITS.dynamicBytes);
  const table = readTable(source, at, wanted, entry, header, file);
  return header.class === 64 ? table64(table, header) : table32(table);
}

/** The last PT_DYNAMIC, as the loader overwrites one with the next; one without bytes marks a debug file. */
function dynamicSegment(segments: readonly Segment[]): Segment | null {
  let last: Segment | null = null;
  for (const segment of segments) {
    if (segment.type !== c.PT_DYNAMIC) continue;
    if (segment.filesz === 0) return null;
    last = segment;
  }
  return last;
}

/**
 * The words of the table, read on until a DT_NULL is among them: the loader walks to DT_NULL whatever p_memsz
 * says, and what lies past the file's end counts as zeros, that is as DT_NULL.
 */
function readTable(
  source: ByteSource,
  at: number,
  wanted: number,
  entry: number,
  header: ElfHeader,
  file: string,
): Uint32Array {
  for (let bytes = wanted; ; bytes = Math.min(bytes * 4, LIMITS.dynamicBytes)) {
    const chunk = source.read(at, bytes);
    const words = wordsOf(chunk, header.byteOrder);
    if (chunk.length < bytes || hasNull(words, entry >>> 2)) {
      if (chunk.length < entry)
        throw malformed(file, 'PT_DYNAMIC', at, chunk.length, 'beyond the end of the file');
      return words;
    }
    if (bytes >= LIMITS.dynamicBytes) {
      throw malformed(file, 'PT_DYNAMIC', at, bytes, 'without a DT_NULL in as many bytes');
    }
  }
}

function hasNull(words: Uint32Array, step: number): boolean {
  // The last entry is DT_NULL in every sane table; look there first.
  for (let i = words.length - step; i >= 0; i -= step) {
    if (words[i] === 0 && (step === 2 || words[i + 1] === 0)) return true;
  }
  return false;
}

function table64(words: Uint32Array, { byteOrder }: ElfHeader): DynamicTable {
  const table = new Collector();
  const low = byteOrder === 'LE' ? 0 : 1;
  for (let i = 0; i + 3 < words.length; i += 4) {
    const tag = words[i + low] as number;
    // A tag with high bits is none that the loader knows.
    if ((words[i + 1 - low] as number) !== 0) continue;
    if (tag === c.DT_NULL) break;
    table.add(tag, words[i + 3 - low] === 0 ? (words[i + 2 + low] as number) : wide(words, i + 2, byteOrder));
  }
  return table;
}

function table32(words: Uint32Array): DynamicTable {
  const table = new Collector();
  for (let i = 0; i + 1 < words.length; i += 2) {
    const tag = words[i] as number;
    if (tag === c.DT_NULL) break;
    table.add(tag, words[i + 1] as number);
  }
  return table;
}

class Collector implements DynamicTable {
  requests: StringRequest[] = [];
  audits: number[] = [];
  strtab = -1;
  strsz = -1;
  soname = -1;
  rpath = -1;
  runpath = -1;
  flags = 0;
  flags1 = 0;
  relr = -1;
  verneed = -1;
  verdef = -1;
  hash = -1;
  gnuHash = -1;
  symtab = -1;
  versym = -1;
  relAddress = -1;
  relBytes = 0;
  relaAddress = -1;
  relaBytes = 0;
  pltAddress = -1;
  pltBytes = 0;
  pltKind: 'REL' | 'RELA' = 'RELA';

  get rel(): [number, number, 'REL' | 'RELA'][] {
    const all: [number, number, 'REL' | 'RELA'][] = [
      [this.relAddress, this.relBytes, 'REL'],
      [this.relaAddress, this.relaBytes, 'RELA'],
      [this.pltAddress, this.pltBytes, this.pltKind],
    ];
    return all.filter(([address]) => address >= 0);
  }

  add(tag: number, value: number): void {
    switch (tag) {
      case c.DT_NEEDED:
      case c.DT_AUXILIARY:
      case c.DT_FILTER:
        this.requests.push({ tag, offset: value });
        break;
      case c.DT_AUDIT:
      case c.DT_DEPAUDIT:
        this.audits.push(value);
        break;
      case c.DT_STRTAB:
        this.strtab = value;
        break;
      case c.DT_SONAME:
        this.soname = value;
        break;
      case c.DT_RPATH:
        this.rpath = value;
        break;
      case c.DT_RUNPATH:
        this.runpath = value;
        break;
      case c.DT_FLAGS:
        this.flags = value;
        break;
      case c.DT_FLAGS_1:
        this.flags1 = value;
        break;
      case c.DT_RELR:
        this.relr = value;
        break;
      case c.DT_VERNEED:
        this.verneed = value;
        break;
      case c.DT_VERDEF:
        this.verdef = value;
        break;
      default:
        this.addSymbolTag(tag, value);
    }
  }

  private addSymbolTag(tag: number, value: number): void {
    switch (tag) {
      case c.DT_STRSZ:
        this.strsz = value;
        break;
      case c.DT_HASH:
        this.hash = value;
        break;
      case c.DT_GNU_HASH:
        this.gnuHash = value;
        break;
      case c.DT_SYMTAB:
        this.symtab = value;
        break;
      case c.DT_VERSYM:
        this.versym = value;
        break;
      case c.DT_REL:
        this.relAddress = value;
        break;
      case c.DT_RELSZ:
        this.relBytes = value;
        break;
      case c.DT_RELA:
        this.relaAddress = value;
        break;
      case c.DT_RELASZ:
        this.relaBytes = value;
        break;
      case c.DT_JMPREL:
        this.pltAddress = value;
        break;
      case c.DT_PLTRELSZ:
        this.pltBytes = value;
        break;
      case c.DT_PLTREL:
        this.pltKind = value === c.DT_REL ? 'REL' : 'RELA';
        break;
      default:
    }
  }
}
