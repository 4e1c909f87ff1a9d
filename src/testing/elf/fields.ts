/** A field's offset and length in bytes: in 32-bit files, in 64-bit files. */
export type FieldLayout = readonly [offset32: number, size32: number, offset64: number, size64: number];

/** Names of fields of the ELF header, as elf.h spells them; those of e_ident in lower case. */
export type HeaderField =
  | 'ei_class'
  | 'ei_data'
  | 'ei_version'
  | 'ei_osabi'
  | 'ei_abiversion'
  | 'e_type'
  | 'e_machine'
  | 'e_version'
  | 'e_entry'
  | 'e_phoff'
  | 'e_shoff'
  | 'e_flags'
  | 'e_ehsize'
  | 'e_phentsize'
  | 'e_phnum'
  | 'e_shentsize'
  | 'e_shnum'
  | 'e_shstrndx';

/** Fields of the ELF header. */
export const HEADER_FIELDS: Readonly<Record<HeaderField, FieldLayout>> = {
  ei_class: [4, 1, 4, 1],
  ei_data: [5, 1, 5, 1],
  ei_version: [6, 1, 6, 1],
  ei_osabi: [7, 1, 7, 1],
  ei_abiversion: [8, 1, 8, 1],
  e_type: [16, 2, 16, 2],
  e_machine: [18, 2, 18, 2],
  e_version: [20, 4, 20, 4],
  e_entry: [24, 4, 24, 8],
  e_phoff: [28, 4, 32, 8],
  e_shoff: [32, 4, 40, 8],
  e_flags: [36, 4, 48, 4],
  e_ehsize: [40, 2, 52, 2],
  e_phentsize: [42, 2, 54, 2],
  e_phnum: [44, 2, 56, 2],
  e_shentsize: [46, 2, 58, 2],
  e_shnum: [48, 2, 60, 2],
  e_shstrndx: [50, 2, 62, 2],
};

/** Names of fields of a program header. */
export type SegmentField =
  | 'p_type'
  | 'p_flags'
  | 'p_offset'
  | 'p_vaddr'
  | 'p_paddr'
  | 'p_filesz'
  | 'p_memsz'
  | 'p_align';

/** Fields of a program header. */
export const SEGMENT_FIELDS: Readonly<Record<SegmentField, FieldLayout>> = {
  p_type: [0, 4, 0, 4],
  p_flags: [24, 4, 4, 4],
  p_offset: [4, 4, 8, 8],
  p_vaddr: [8, 4, 16, 8],
  p_paddr: [12, 4, 24, 8],
  p_filesz: [16, 4, 32, 8],
  p_memsz: [20, 4, 40, 8],
  p_align: [28, 4, 48, 8],
};

/** Names of fields of a dynamic entry. */
export type DynamicField = 'd_tag' | 'd_val';

/** Fields of a dynamic entry. */
export const DYNAMIC_FIELDS: Readonly<Record<DynamicField, FieldLayout>> = {
  d_tag: [0, 4, 0, 8],
  d_val: [4, 4, 8, 8],
};

/** Names of fields of a section header. */
export type SectionField =
  | 'sh_name'
  | 'sh_type'
  | 'sh_flags'
  | 'sh_addr'
  | 'sh_offset'
  | 'sh_size'
  | 'sh_link'
  | 'sh_info'
  | 'sh_addralign'
  | 'sh_entsize';

/** Fields of a section header. */
export const SECTION_FIELDS: Readonly<Record<SectionField, FieldLayout>> = {
  sh_name: [0, 4, 0, 4],
  sh_type: [4, 4, 4, 4],
  sh_flags: [8, 4, 8, 8],
  sh_addr: [12, 4, 16, 8],
  sh_offset: [16, 4, 24, 8],
  sh_size: [20, 4, 32, 8],
  sh_link: [24, 4, 40, 4],
  sh_info: [28, 4, 44, 4],
  sh_addralign: [32, 4, 48, 8],
  sh_entsize: [36, 4, 56, 8],
};

/** Bytes of one entry of each table: in 32-bit files, in 64-bit files. */
const ENTRY_BYTES = {
  header: [52, 64],
  segment: [32, 56],
  section: [40, 64],
  dynamic: [8, 16],
  symbol: [16, 24],
} as const;

/** Where a field lies in its entry, and its length, for one class. */
export function fieldAt(layout: FieldLayout, elfClass: 32 | 64): { offset: number; size: number } {
  const [offset32, size32, offset64, size64] = layout;
  return elfClass === 32 ? { offset: offset32, size: size32 } : { offset: offset64, size: size64 };
}

/** Bytes of one entry of a table. */
export function entryBytes(table: keyof typeof ENTRY_BYTES, elfClass: 32 | 64): number {
  return ENTRY_BYTES[table][elfClass === 32 ? 0 : 1];
}
