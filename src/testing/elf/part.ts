import type { TableName } from './spec.ts';

/** Virtual addresses, known once every part has its place. */
export interface Addresses {
  /** Address of a part; 0 where the file has none of that name. */
  of(name: TableName): number;
  /** Index of a part's section header; 1 where the file has none, since 0 would mean undefined. */
  sectionOf(name: TableName): number;
}

/** One run of bytes of the file, its section header included. */
export interface Part {
  readonly name: TableName;
  readonly align: number;
  readonly size: number;
  /** Its bytes, which may hold addresses of other parts. */
  content(addresses: Addresses): Uint8Array;
  readonly section: SectionSpec;
}

/** What a section header says beyond place and length. */
export interface SectionSpec {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly entrySize: number;
  /** The part whose section index sh_link is. */
  readonly link: TableName | null;
  readonly info: number;
}

/** sh_flags. */
export const SECTION_FLAGS = { WRITE: 1, ALLOC: 2, EXEC: 4 } as const;

/** A part whose bytes hold no address. */
export function fixedPart(
  name: TableName,
  align: number,
  bytes: Uint8Array,
  section: Partial<SectionSpec> & Pick<SectionSpec, 'name' | 'type'>,
): Part {
  return { name, align, size: bytes.length, content: () => bytes, section: sectionSpec(section) };
}

/** A section header with what most have. */
export function sectionSpec(section: Partial<SectionSpec> & Pick<SectionSpec, 'name' | 'type'>): SectionSpec {
  return { flags: SECTION_FLAGS.ALLOC, entrySize: 0, link: null, info: 0, ...section };
}
