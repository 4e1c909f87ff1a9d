import { LIMITS } from '../limits.ts';
import type { ByteSource } from '../sysroot/sysroot.ts';
import { PT_LOAD } from './constants.ts';
import type { ElfHeader } from './header.ts';
import { malformed } from './malformed.ts';
import { wide, wordsOf } from './words.ts';

/** One program header (elf(5) ElfN_Phdr). */
export interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly vaddr: number;
  readonly filesz: number;
  readonly memsz: number;
  readonly align: number;
}

/**
 * The program header table, in file order.
 * @throws RootfsError ERR_MALFORMED_ELF: entries of another size, or a table that the file does not hold.
 */
export function readSegments(
  source: ByteSource,
  head: Uint8Array,
  header: ElfHeader,
  file: string,
): readonly Segment[] {
  const { phnum, phoff, phentsize, byteOrder } = header;
  if (phnum === 0) return [];
  const entry = header.class === 64 ? 56 : 32;
  if (phentsize !== entry) {
    throw malformed(file, 'e_phentsize', header.class === 64 ? 54 : 42, phentsize, `not ${entry}`);
  }
  const bytes = Math.min(phnum, LIMITS.programHeaders) * entry;
  const table = segmentsInHead(head, header)
    ? head.subarray(phoff, phoff + bytes)
    : source.read(phoff, bytes);
  if (table.length < bytes) {
    throw malformed(
      file,
      'e_phoff',
      header.class === 64 ? 32 : 28,
      phoff,
      `its ${phnum} entries end beyond the file`,
    );
  }
  const words = wordsOf(table, byteOrder);
  const segments: Segment[] = [];
  for (let i = 0, at = 0; i < phnum; i++, at += entry >>> 2) {
    segments.push(header.class === 64 ? segment64(words, at, header) : segment32(words, at));
  }
  return segments;
}

/** Whether the whole table lies in the head of the file, where its words can be taken from. */
export function segmentsInHead(head: Uint8Array, { phoff, phnum, class: bits }: ElfHeader): boolean {
  return phoff + phnum * (bits === 64 ? 56 : 32) <= head.length && (phoff & 3) === 0;
}

function segment64(w: Uint32Array, at: number, { byteOrder }: ElfHeader): Segment {
  return {
    type: w[at] as number,
    offset: wide(w, at + 2, byteOrder),
    vaddr: wide(w, at + 4, byteOrder),
    filesz: wide(w, at + 8, byteOrder),
    memsz: wide(w, at + 10, byteOrder),
    align: wide(w, at + 12, byteOrder),
  };
}

function segment32(w: Uint32Array, at: number): Segment {
  return {
    type: w[at] as number,
    offset: w[at + 1] as number,
    vaddr: w[at + 2] as number,
    filesz: w[at + 4] as number,
    memsz: w[at + 5] as number,
    align: w[at + 7] as number,
  };
}

/** The first segment of a type, or undefined. */
export function firstSegment(segments: readonly Segment[], type: number): Segment | undefined {
  for (const segment of segments) if (segment.type === type) return segment;
  return undefined;
}

/**
 * File offset of a virtual address, through the PT_LOAD whose file part holds it; -1 where none does.
 * (_dl_map_object_from_fd maps whole segments: an address is never a file offset by itself.)
 */
export function fileOffset(segments: readonly Segment[], vaddr: number): number {
  for (const s of segments) {
    if (s.type === PT_LOAD && vaddr >= s.vaddr && vaddr < s.vaddr + s.filesz)
      return vaddr - s.vaddr + s.offset;
  }
  return -1;
}

/** File offset at which the segment that holds `vaddr` ends; 0 where none does. */
export function segmentEnd(segments: readonly Segment[], vaddr: number): number {
  for (const s of segments) {
    if (s.type === PT_LOAD && vaddr >= s.vaddr && vaddr < s.vaddr + s.filesz) return s.offset + s.filesz;
  }
  return 0;
}
