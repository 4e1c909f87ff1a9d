import type { ByteSource } from '../sysroot/sysroot.ts';
import * as c from './constants.ts';
import type { ElfType } from './image.ts';
import { malformed } from './malformed.ts';
import { type ByteOrder, half, wide, wordsOf } from './words.ts';

/** The ELF header (elf(5) ElfN_Ehdr), nothing judged beyond what is needed to read on. */
export interface ElfHeader {
  readonly class: 32 | 64;
  readonly byteOrder: ByteOrder;
  readonly osAbi: number;
  readonly abiVersion: number;
  /** Whether EI_VERSION and e_version are 1 and the padding of e_ident is zero, as the loader demands. */
  readonly identClean: boolean;
  readonly type: ElfType;
  readonly machine: number;
  readonly flags: number;
  readonly entry: number;
  readonly phoff: number;
  readonly phentsize: number;
  readonly phnum: number;
  readonly shoff: number;
  readonly shnum: number;
}

/** First read of every file: holds header, program headers and mostly PT_INTERP. */
export const HEAD_BYTES = 4096;

const TYPES: readonly ElfType[] = ['NONE', 'REL', 'EXEC', 'DYN', 'CORE'];

/** Whether the bytes begin with the ELF magic. */
export function isElf(head: Uint8Array): boolean {
  return head.length >= 4 && head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

/** The first {@link HEAD_BYTES} bytes of a file. */
export function readHead(source: ByteSource): Uint8Array {
  return source.read(0, HEAD_BYTES);
}

/**
 * Reads the header from the head of a file.
 * @throws RootfsError ERR_MALFORMED_ELF: no magic, shorter than a header, or a class or data byte that is none.
 */
export function parseHeader(head: Uint8Array, file: string): ElfHeader {
  if (!isElf(head)) throw malformed(file, 'e_ident', 0, printable(head), 'not the ELF magic');
  const elfClass = head[c.EI_CLASS];
  const data = head[c.EI_DATA];
  if (elfClass !== c.ELFCLASS32 && elfClass !== c.ELFCLASS64) {
    throw malformed(
      file,
      'e_ident[EI_CLASS]',
      c.EI_CLASS,
      elfClass ?? 0,
      'neither ELFCLASS32 nor ELFCLASS64',
    );
  }
  if (data !== c.ELFDATA2LSB && data !== c.ELFDATA2MSB) {
    throw malformed(file, 'e_ident[EI_DATA]', c.EI_DATA, data ?? 0, 'neither ELFDATA2LSB nor ELFDATA2MSB');
  }
  const size = elfClass === c.ELFCLASS64 ? 64 : 52;
  if (head.length < size) {
    throw malformed(file, 'file size', 0, head.length, `shorter than an ELF header of ${size} bytes`);
  }
  const order: ByteOrder = data === c.ELFDATA2LSB ? 'LE' : 'BE';
  const words = wordsOf(head, order);
  return elfClass === c.ELFCLASS64 ? header64(head, words, order) : header32(head, words, order);
}

function header64(head: Uint8Array, w: Uint32Array, order: ByteOrder): ElfHeader {
  const counts = w[14] as number;
  return {
    class: 64,
    byteOrder: order,
    osAbi: head[c.EI_OSABI] as number,
    abiVersion: head[c.EI_ABIVERSION] as number,
    identClean: identClean(head, w),
    type: TYPES[half(w[4] as number, 0, order)] ?? 'OTHER',
    machine: half(w[4] as number, 1, order),
    entry: wide(w, 6, order),
    phoff: wide(w, 8, order),
    shoff: wide(w, 10, order),
    flags: w[12] as number,
    phentsize: half(w[13] as number, 1, order),
    phnum: half(counts, 0, order),
    shnum: half(w[15] as number, 0, order),
  };
}

function header32(head: Uint8Array, w: Uint32Array, order: ByteOrder): ElfHeader {
  const counts = w[11] as number;
  return {
    class: 32,
    byteOrder: order,
    osAbi: head[c.EI_OSABI] as number,
    abiVersion: head[c.EI_ABIVERSION] as number,
    identClean: identClean(head, w),
    type: TYPES[half(w[4] as number, 0, order)] ?? 'OTHER',
    machine: half(w[4] as number, 1, order),
    entry: w[6] as number,
    phoff: w[7] as number,
    shoff: w[8] as number,
    flags: w[9] as number,
    phentsize: half(w[10] as number, 1, order),
    phnum: half(counts, 0, order),
    shnum: half(w[12] as number, 0, order),
  };
}

function identClean(head: Uint8Array, words: Uint32Array): boolean {
  const padding = (words[3] as number) === 0 && head[9] === 0 && head[10] === 0 && head[11] === 0;
  return padding && head[c.EI_VERSION] === 1 && words[5] === 1;
}

function printable(head: Uint8Array): string {
  return Buffer.from(head.subarray(0, 4)).toString('latin1');
}
