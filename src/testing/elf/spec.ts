import type { DynamicTag } from './names.ts';
import type { Patch } from './patch.ts';

/** What {@link buildElf} makes. Nothing is required: `{}` is a shared library for x86-64 with no needs. */
export interface ElfSpec {
  /** @default 64 */
  readonly class?: 32 | 64;
  /** @default 'LE' */
  readonly byteOrder?: 'LE' | 'BE';
  /** e_machine. @default 62 (x86-64); 3 (i386) where the class is 32 */
  readonly machine?: number;
  /** e_flags. @default 0 */
  readonly flags?: number;
  /** EI_OSABI. @default 0 */
  readonly osAbi?: number;
  /** EI_ABIVERSION. @default 0 */
  readonly abiVersion?: number;
  /** e_type. @default 'DYN' */
  readonly type?: 'NONE' | 'REL' | 'EXEC' | 'DYN' | 'CORE' | number;
  /** Machine code of .text; `exit` ends the process with status 0. @default 'exit' for what has a PT_INTERP or is EXEC */
  readonly code?: Uint8Array | 'exit';
  /** PT_INTERP. Bytes are stored as they are, without the NUL that a string gets. */
  readonly interpreter?: string | Uint8Array;
  /** Whether there is a PT_DYNAMIC. @default true, for EXEC only with an interpreter */
  readonly dynamic?: boolean;

  readonly soname?: string;
  readonly needed?: readonly string[];
  readonly filter?: readonly string[];
  readonly auxiliary?: readonly string[];
  readonly rpath?: string;
  readonly runpath?: string;
  readonly audit?: string;
  readonly depaudit?: string;
  /** DT_FLAGS. */
  readonly dtFlags?: number;
  /** DT_FLAGS_1. */
  readonly flags1?: number;
  /** Whether one word is relocated by DT_RELR. */
  readonly relr?: boolean;
  /** Dynamic entries in this order, after those that the fields above make. */
  readonly tags?: readonly DynamicEntry[];
  /** Dynamic entries behind DT_NULL, which no reader may see. */
  readonly tagsAfterNull?: readonly DynamicEntry[];

  /** DT_VERNEED. Versions of `imports` are added to it. */
  readonly verneed?: readonly VersionNeeds[];
  /** DT_VERDEF; the base definition (named as the soname) is put before it. Versions of `exports` are added to it. */
  readonly verdef?: readonly (string | VersionDefinition)[];
  /** Undefined symbols. */
  readonly imports?: readonly (string | ImportedSymbol)[];
  /** Defined symbols. */
  readonly exports?: readonly (string | ExportedSymbol)[];
  /** Relocate one word for each import, so that the loader looks the symbols up (x86-64 and i386). @default false */
  readonly bind?: boolean;
  /** @default 'both' */
  readonly hash?: 'both' | 'gnu' | 'sysv' | 'none';

  readonly notes?: ElfNotesSpec;
  /** Whether there are section headers. @default true */
  readonly sections?: boolean;

  /** Address of the file's first byte. @default 0; 0x400000 for EXEC */
  readonly base?: number;
  /** Address step between two PT_LOADs and their p_align. @default 0x10000 for machines with such pages, else 0x1000 */
  readonly pageSize?: number;
  /** Which PT_LOAD holds which table, by number; several PT_LOADs come of several numbers. */
  readonly placement?: Readonly<Partial<Record<TableName, number>>>;
  /** Where the program headers stand; `end` is behind everything, in a PT_LOAD of their own. @default 'start' */
  readonly programHeaders?: 'start' | 'end' | 'none';
  /** Program headers behind those that the rest makes. */
  readonly segments?: readonly RawSegment[];
  /** Pads the file with zero bytes to at least this length. */
  readonly size?: number;

  /** Damage, done last and in this order. */
  readonly patch?: readonly Patch[];
  /** Keeps that many bytes; a negative number drops so many at the end. */
  readonly truncate?: number;
}

/** The parts of a file that `placement` and patches name. */
export type TableName =
  | 'interp'
  | 'note.property'
  | 'note.build-id'
  | 'note.abi-tag'
  | 'note.dlopen'
  | 'note.other'
  | 'hash'
  | 'gnu.hash'
  | 'dynsym'
  | 'dynstr'
  | 'versym'
  | 'verdef'
  | 'verneed'
  | 'relocations'
  | 'relr'
  | 'text'
  | 'dynamic'
  | 'data';

/** A dynamic entry whose value is a number, or a string that goes to the string table. */
export interface DynamicEntry {
  readonly tag: DynamicTag | number;
  readonly value: number | bigint | string;
}

/** Versions wanted of one library. */
export interface VersionNeeds {
  readonly file: string;
  readonly versions: readonly (string | { readonly name: string; readonly weak?: boolean })[];
}

/** A version defined, and those it includes. */
export interface VersionDefinition {
  readonly name: string;
  readonly parents?: readonly string[];
  readonly weak?: boolean;
}

interface Symbol {
  readonly name: string;
  /** @default 'FUNC' */
  readonly type?: 'NOTYPE' | 'OBJECT' | 'FUNC' | 'TLS';
  /** @default false */
  readonly weak?: boolean;
  readonly version?: string;
}

/** An undefined symbol; a versioned one says from which library. */
export interface ImportedSymbol extends Symbol {
  readonly from?: string;
}

/** A defined symbol. */
export interface ExportedSymbol extends Symbol {
  /** Whether its version is hidden (`name@V`), not the default (`name@@V`). @default false */
  readonly hidden?: boolean;
  /** Bytes from the start of .text. @default 0 */
  readonly offset?: number;
}

/** Notes of PT_NOTE. */
export interface ElfNotesSpec {
  /** NT_GNU_BUILD_ID, in hex. */
  readonly buildId?: string;
  /** NT_GNU_ABI_TAG: the oldest Linux, for example `3.2.0`. */
  readonly abiTag?: string;
  /** `.note.dlopen`: one note for each; a string is stored as it is, another value as JSON. */
  readonly dlopen?: readonly unknown[];
  /** GNU_PROPERTY_X86_ISA_1_NEEDED. */
  readonly x86IsaNeeded?: number;
  readonly other?: readonly RawNote[];
}

/** Any note. */
export interface RawNote {
  readonly owner: string;
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Any program header. */
export interface RawSegment {
  readonly type: number;
  readonly flags?: number;
  readonly offset?: number;
  readonly vaddr?: number;
  readonly filesz?: number;
  readonly memsz?: number;
  readonly align?: number;
}
