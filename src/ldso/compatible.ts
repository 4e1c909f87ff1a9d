import * as c from '../elf/constants.ts';
import type { ElfHeader } from '../elf/header.ts';
import type { FileRecord } from './files.ts';
import type { Verdict } from './types.ts';

/** What the loader does with a file that it opened as a candidate (elf/dl-load.c: open_verify). */
export interface Judgement {
  /**
   * `load`; `next`: as if it were not there; `end`: this list of directories is given up; `fatal`: the whole
   * program does not start.
   */
  readonly action: 'load' | 'next' | 'end' | 'fatal';
  readonly verdict: Verdict;
  readonly why: string | null;
}

/** The process that a file would be loaded into. */
export type Abi = Pick<ElfHeader, 'class' | 'byteOrder' | 'machine' | 'flags'>;

const LOAD: Judgement = { action: 'load', verdict: 'loaded', why: null };
const ABSENT: Judgement = { action: 'next', verdict: 'absent', why: null };
const CLASS: Judgement = { action: 'next', verdict: 'wrong-class', why: 'wrong ELF class' };

/** Judges a candidate as glibc does: what it passes over, and what ends the program. */
export function judge(record: FileRecord, abi: Abi): Judgement {
  if (record.failure !== null) return judgeFailure(record.failure);
  const { header } = record;
  if (header === null) return judgeHead(record, abi);
  if (header.class !== abi.class) return CLASS;
  const machine = header.byteOrder === abi.byteOrder ? header.machine : swapped(header.machine);
  if (machine !== abi.machine || !sameFloatAbi(header, abi)) {
    return { action: 'next', verdict: 'wrong-machine', why: `for ${c.machineName(header.machine)}` };
  }
  const fault = headerFault(header, abi) ?? record.error?.message ?? record.image?.loadFault ?? null;
  if (fault !== null) return fatal('unusable', fault);
  return record.image?.type === 'EXEC'
    ? fatal('unusable', 'cannot dynamically load executable')
    : isPie(record)
      ? fatal('unusable', 'cannot dynamically load position-independent executable')
      : LOAD;
}

function judgeFailure(failure: NonNullable<FileRecord['failure']>): Judgement {
  switch (failure) {
    case 'ENOENT':
    case 'ENOTDIR':
      return ABSENT;
    case 'EACCES':
      return { action: 'next', verdict: 'unreadable', why: 'permission denied' };
    case 'EIO':
      return fatal('unreadable', 'cannot read file data');
    default:
      // open_path: any other errno ends the list, the next source is asked.
      return { action: 'end', verdict: 'unreadable', why: failure };
  }
}

/** A file without a readable header: the loader looks at magic first, then at the class byte. */
function judgeHead(record: FileRecord, abi: Abi): Judgement {
  const head = record.head ?? new Uint8Array(0);
  if (head.length < (abi.class === 64 ? 64 : 52)) {
    return record.head === null
      ? fatal('unreadable', 'cannot read file data')
      : fatal('not-elf', 'file too short');
  }
  const magic = head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
  if (!magic) return fatal('not-elf', 'invalid ELF header');
  if (head[c.EI_CLASS] !== (abi.class === 64 ? c.ELFCLASS64 : c.ELFCLASS32)) return CLASS;
  return fatal('unusable', 'ELF file data encoding is neither little- nor big-endian');
}

function headerFault(header: ElfHeader, abi: Abi): string | null {
  if (header.byteOrder !== abi.byteOrder) return 'ELF file data encoding differs';
  if (header.osAbi !== 0 && header.osAbi !== OSABI_GNU) return 'ELF file OS ABI invalid';
  if (header.abiVersion !== 0 && !(header.osAbi === OSABI_GNU && header.abiVersion < ABI_VERSIONS)) {
    return 'ELF file ABI version invalid';
  }
  return header.identClean ? null : 'ELF file version or padding of e_ident invalid';
}

const OSABI_GNU = 3;
/** LIBC_ABI_MAX of glibc's libc-abis: the markers that current loaders know. */
const ABI_VERSIONS = 4;

function isPie(record: FileRecord): boolean {
  return ((record.image?.flags1 ?? 0) & c.DF_1_PIE) !== 0;
}

function fatal(verdict: Verdict, why: string): Judgement {
  return { action: 'fatal', verdict, why };
}

/** e_machine of another byte order as the loader reads it: in its own. */
function swapped(machine: number): number {
  return ((machine & 0xff) << 8) | (machine >>> 8);
}

/** elf_machine_matches_host: RISC-V programs load only libraries of their own float ABI. */
function sameFloatAbi(header: ElfHeader, abi: Abi): boolean {
  if (header.machine !== c.EM_RISCV) return true;
  return (header.flags & RISCV_FLOAT_ABI) === (abi.flags & RISCV_FLOAT_ABI);
}

const RISCV_FLOAT_ABI = 6;
