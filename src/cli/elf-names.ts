import type { ByteSource } from '../sysroot/sysroot.ts';

/** What elfinfo calls the numbers of an ELF header and of its segments. */
export interface ElfNames {
  readonly machine: string;
  readonly abi: string;
  readonly type: string;
  /** One a program header, in file order; empty where the table lies outside the head. */
  readonly segments: readonly SegmentName[];
}

/** One program header. */
export interface SegmentName {
  readonly type: string;
  readonly flags: string;
  readonly offset: number;
  readonly fileSize: number;
  readonly memorySize: number;
}

/** Bytes that elfinfo gets: the head, which holds header and program headers of every file that a linker made. */
const HEAD = 4096;

/** Offsets in Elf32_Ehdr and Elf64_Ehdr of the fields that lead elfinfo out of the head (elf.h). */
const FIELDS = {
  32: { phoff: 0x1c, shoff: 0x20, word: 4, phentsize: 0x2a, phnum: 0x2c, shnum: 0x30, shstrndx: 0x32 },
  64: { phoff: 0x20, shoff: 0x28, word: 8, phentsize: 0x36, phnum: 0x38, shnum: 0x3c, shstrndx: 0x3e },
};

/**
 * Names of machine, ABI, type and segments by elfinfo; null where it cannot read the file. It gets a copy of the
 * head whose section table is struck out, since it would read every symbol one by one.
 * @param source an ELF file whose header is known to be sound
 */
export async function elfNames(
  source: ByteSource,
  bits: 32 | 64,
  order: 'LE' | 'BE',
): Promise<ElfNames | null> {
  const { open } = await import('elfinfo');
  const result = await open(headWithoutSections(source, bits, order)).catch(() => null);
  if (!result?.success || !result.elf) return null;
  const { isaDescription, abiDescription, typeDescription, segments } = result.elf;
  return {
    machine: isaDescription,
    abi: abiDescription,
    type: typeDescription,
    segments: segments.map((segment) => ({
      type: segmentType(segment.type, segment.typeDescription),
      flags: segment.flagsDescription,
      offset: Number(segment.offset),
      fileSize: Number(segment.filesz),
      memorySize: Number(segment.memsz),
    })),
  };
}

function headWithoutSections(source: ByteSource, bits: 32 | 64, order: 'LE' | 'BE'): Buffer {
  const head = Buffer.from(source.read(0, HEAD));
  const at = FIELDS[bits];
  const u16 = (offset: number): number =>
    order === 'LE' ? head.readUInt16LE(offset) : head.readUInt16BE(offset);
  head.fill(0, at.shoff, at.shoff + at.word);
  head.fill(0, at.shnum, at.shnum + 4);
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const little = order === 'LE';
  const start = bits === 64 ? Number(view.getBigUint64(at.phoff, little)) : view.getUint32(at.phoff, little);
  if (start + u16(at.phentsize) * u16(at.phnum) > head.length) head.fill(0, at.phnum, at.phnum + 2);
  return head;
}

/** elfinfo spells types that it does not know as decimal numbers; people look them up in hex. */
function segmentType(type: number, description: string): string {
  return /^\d+$/.test(description) ? (KNOWN[type] ?? `0x${type.toString(16)}`) : description;
}

/** Types newer than elfinfo (elf.h). */
const KNOWN: Readonly<Record<number, string>> = {
  7: 'Thread-local storage',
  1685382483: 'GNU property',
};
