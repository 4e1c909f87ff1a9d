import { entryBytes, fieldAt, SECTION_FIELDS } from './fields.ts';
import { alignUp, type Format, putNumber } from './format.ts';
import type { Layout } from './layout.ts';
import type { TableName } from './spec.ts';
import { StringTable } from './string-table.ts';

const SHT_STRTAB = 3;
const ALIGN = 8;

/** .shstrtab and the section headers, which lie behind everything that is loaded. */
export interface Sections {
  /** Names in order, the null section's first; none where the file has no section headers. */
  readonly names: readonly string[];
  /** e_shoff. */
  readonly headersAt: number;
  /** Both, from the end of what is loaded on. */
  readonly bytes: Uint8Array;
}

/** What a file without section headers has. */
export const NO_SECTIONS: Sections = { names: [], headersAt: 0, bytes: new Uint8Array() };

/** One section for each part, and .shstrtab. */
export function sectionsOf(format: Format, { placed, end }: Layout, segments: number): Sections {
  const table = new StringTable();
  const names = ['', ...placed.map(({ part }) => part.section.name), '.shstrtab'];
  const nameOffsets = names.map((name) => table.add(name));
  const strings = table.done();
  const indexOf = (name: TableName | null): number => placed.findIndex(({ part }) => part.name === name) + 1;
  const rows: number[][] = [nullSection(segments)];
  for (const [i, { part, offset, address }] of placed.entries()) {
    const { type, flags, link, info, entrySize } = part.section;
    const name = nameOffsets[i + 1] ?? 0;
    rows.push([name, type, flags, address, offset, part.size, indexOf(link), info, part.align, entrySize]);
  }
  rows.push([nameOffsets.at(-1) ?? 0, SHT_STRTAB, 0, 0, end, strings.length, 0, 0, 1, 0]);
  const headersAt = alignUp(end + strings.length, ALIGN);
  const headers = encodeRows(format, rows);
  const bytes = new Uint8Array(headersAt - end + headers.length);
  bytes.set(strings);
  bytes.set(headers, headersAt - end);
  return { names, headersAt, bytes };
}

/** Its sh_info holds the number of program headers where e_phnum is too narrow (elf(5), PN_XNUM). */
function nullSection(segments: number): number[] {
  return [0, 0, 0, 0, 0, 0, 0, segments >= 0xffff ? segments : 0, 0, 0];
}

function encodeRows(format: Format, rows: readonly (readonly number[])[]): Uint8Array {
  const entry = entryBytes('section', format.class);
  const bytes = new Uint8Array(entry * rows.length);
  for (const [i, row] of rows.entries()) {
    for (const [j, field] of Object.values(SECTION_FIELDS).entries()) {
      const place = fieldAt(field, format.class);
      putNumber(bytes, i * entry + place.offset, place.size, row[j] ?? 0, format.byteOrder);
    }
  }
  return bytes;
}
