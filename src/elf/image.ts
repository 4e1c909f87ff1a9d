/** What one ELF file says of itself: the value that travels through every later stage. Plain JSON-able data. */

/** e_type of elf(5). */
export type ElfType = 'NONE' | 'REL' | 'EXEC' | 'DYN' | 'CORE' | 'OTHER';

/** A DT_FILTER or DT_AUXILIARY entry. */
export interface Filter {
  readonly tag: 'FILTER' | 'AUXILIARY';
  readonly name: string;
}

/** One wanted version of one library: a Vernaux of DT_VERNEED (Elf64_Verneed, gABI symbol versioning). */
export interface VersionNeed {
  /** vn_file: the library's name as in DT_NEEDED. */
  readonly file: string;
  /** vna_name, for example `GLIBC_2.34`. */
  readonly version: string;
  /** VER_FLG_WEAK: its absence is only a warning. */
  readonly weak: boolean;
}

/** One element of a `.note.dlopen` note (systemd's ELF_DLOPEN_METADATA). */
export interface DlopenNote {
  readonly feature: string | null;
  readonly description: string | null;
  readonly priority: 'required' | 'recommended' | 'suggested';
  /** Alternatives, the preferred one first. */
  readonly soname: readonly string[];
}

/** What the loader reads of a file: header, program headers and dynamic table. */
export interface ElfImage {
  readonly class: 32 | 64;
  readonly byteOrder: 'LE' | 'BE';
  /** e_machine. */
  readonly machine: number;
  /** e_flags. */
  readonly flags: number;
  /** e_ident[EI_OSABI] and [EI_ABIVERSION]. */
  readonly osAbi: number;
  readonly abiVersion: number;
  readonly type: ElfType;
  /** PT_INTERP, or null. */
  readonly interpreter: string | null;
  /** Why the kernel would refuse PT_INTERP (load_elf_binary), or null: a library with such a fault still loads. */
  readonly interpreterFault: string | null;
  /** Whether there is a PT_DYNAMIC with bytes in the file. */
  readonly dynamic: boolean;
  /** Why the loader would refuse it as a library (_dl_map_object_from_fd), or null. */
  readonly loadFault: string | null;
  readonly soname: string | null;
  /** DT_NEEDED in table order, repetitions kept. */
  readonly needed: readonly string[];
  readonly rpath: string | null;
  readonly runpath: string | null;
  readonly filters: readonly Filter[];
  /** DT_NEEDED, DT_FILTER and DT_AUXILIARY together in table order: the order in which the loader serves them. */
  readonly requests: readonly Request[];
  /** DT_AUDIT and DT_DEPAUDIT, unsplit. */
  readonly audit: readonly string[];
  /** DT_FLAGS and DT_FLAGS_1. */
  readonly dtFlags: number;
  readonly flags1: number;
  /** Whether DT_RELR is present: it asks for the version GLIBC_ABI_DT_RELR. */
  readonly relr: boolean;
  /** DT_VERNEED, in file order. */
  readonly verneed: readonly VersionNeed[];
  /** Names of DT_VERDEF (the base definition included); null where there is no DT_VERDEF at all. */
  readonly verdef: readonly string[] | null;
  /**
   * A number that two names of one inode always share (made of header and dynamic facts): two images that
   * differ in it are different files, so identity costs no system call.
   */
  readonly fingerprint: number;
}

/** One dynamic entry that makes the loader load something. */
export interface Request {
  readonly tag: 'NEEDED' | 'FILTER' | 'AUXILIARY';
  readonly name: string;
}

/** The notes that mkrootfs understands (PT_NOTE). Read on demand: the loader does not need them. */
export interface ElfNotes {
  /** NT_GNU_BUILD_ID in hex. */
  readonly buildId: string | null;
  /** NT_GNU_ABI_TAG: `Linux 3.2.0`. */
  readonly abiTag: string | null;
  readonly dlopen: readonly DlopenNote[];
  /** GNU_PROPERTY_X86_ISA_1_NEEDED bits, 0 where absent. */
  readonly x86IsaNeeded: number;
}
