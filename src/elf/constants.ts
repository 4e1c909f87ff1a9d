/** Numbers of elf.h that mkrootfs works with, under their names there. */

export const EI_CLASS = 4;
export const EI_DATA = 5;
export const EI_VERSION = 6;
export const EI_OSABI = 7;
export const EI_ABIVERSION = 8;
export const ELFCLASS32 = 1;
export const ELFCLASS64 = 2;
export const ELFDATA2LSB = 1;
export const ELFDATA2MSB = 2;

export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;
export const PT_NOTE = 4;

export const DT_NULL = 0;
export const DT_NEEDED = 1;
export const DT_HASH = 4;
export const DT_STRTAB = 5;
export const DT_SYMTAB = 6;
export const DT_RELA = 7;
export const DT_RELASZ = 8;
export const DT_STRSZ = 10;
export const DT_SONAME = 14;
export const DT_RPATH = 15;
export const DT_REL = 17;
export const DT_RELSZ = 18;
export const DT_PLTREL = 20;
export const DT_JMPREL = 23;
export const DT_PLTRELSZ = 2;
export const DT_RUNPATH = 29;
export const DT_FLAGS = 30;
export const DT_RELR = 36;
export const DT_GNU_HASH = 0x6ffffef5;
export const DT_DEPAUDIT = 0x6ffffefb;
export const DT_AUDIT = 0x6ffffefc;
export const DT_VERSYM = 0x6ffffff0;
export const DT_FLAGS_1 = 0x6ffffffb;
export const DT_VERDEF = 0x6ffffffc;
export const DT_VERDEFNUM = 0x6ffffffd;
export const DT_VERNEED = 0x6ffffffe;
export const DT_VERNEEDNUM = 0x6fffffff;
export const DT_AUXILIARY = 0x7ffffffd;
export const DT_FILTER = 0x7fffffff;

/** Do not search the default directories. */
export const DF_1_NODEFLIB = 0x800;
/** The object is a position-independent executable. */
export const DF_1_PIE = 0x08000000;

export const VER_FLG_BASE = 1;
export const VER_FLG_WEAK = 2;

export const STB_LOCAL = 0;
export const STB_GLOBAL = 1;
export const STB_WEAK = 2;
export const STB_GNU_UNIQUE = 10;
export const STT_TLS = 6;
export const STT_GNU_IFUNC = 10;
export const STV_INTERNAL = 1;
export const STV_HIDDEN = 2;
export const SHN_UNDEF = 0;
export const SHN_ABS = 0xfff1;

export const NT_GNU_ABI_TAG = 1;
export const NT_GNU_BUILD_ID = 3;
export const NT_GNU_PROPERTY_TYPE_0 = 5;
export const GNU_PROPERTY_X86_ISA_1_NEEDED = 0xc0008002;
/** Owner `FDO`: systemd's ELF_DLOPEN_METADATA. */
export const NT_FDO_DLOPEN = 0x407c0c0a;

export const EM_386 = 3;
export const EM_MIPS = 8;
export const EM_PPC64 = 21;
export const EM_S390 = 22;
export const EM_ARM = 40;
export const EM_X86_64 = 62;
export const EM_AARCH64 = 183;
export const EM_RISCV = 243;
export const EM_LOONGARCH = 258;
export const EM_ALPHA = 0x9026;

/** e_machine to the name that mkrootfs prints: elf.h's without `EM_`, in lower case. */
export const MACHINE_NAMES: Readonly<Record<number, string>> = {
  2: 'sparc',
  [EM_386]: '386',
  4: '68k',
  [EM_MIPS]: 'mips',
  15: 'parisc',
  20: 'ppc',
  [EM_PPC64]: 'ppc64',
  [EM_S390]: 's390',
  [EM_ARM]: 'arm',
  42: 'sh',
  43: 'sparcv9',
  50: 'ia_64',
  [EM_X86_64]: 'x86_64',
  [EM_AARCH64]: 'aarch64',
  [EM_RISCV]: 'riscv',
  247: 'bpf',
  252: 'csky',
  [EM_LOONGARCH]: 'loongarch',
};

/** Name of an e_machine value; `machine_N` for one that elf.h does not know. */
export function machineName(machine: number): string {
  return MACHINE_NAMES[machine] ?? `machine_${machine}`;
}
