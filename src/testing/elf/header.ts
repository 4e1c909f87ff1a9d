import { entryBytes, fieldAt, HEADER_FIELDS, type HeaderField } from './fields.ts';
import { putNumber } from './format.ts';
import { FILE_TYPES } from './names.ts';
import type { FileMap } from './patch.ts';
import type { ElfSpec } from './spec.ts';

/** The ELF header of a file whose tables have their places. */
export function encodeHeader(spec: ElfSpec, map: FileMap, entry: number): Uint8Array {
  const { format } = map;
  const { type = 'DYN' } = spec;
  const segments = map.segmentTypes.length;
  const sections = map.sectionNames.length;
  const bytes = new Uint8Array(entryBytes('header', format.class));
  bytes.set([0x7f, 0x45, 0x4c, 0x46]);
  const values: Record<HeaderField, number> = {
    ei_class: format.class === 32 ? 1 : 2,
    ei_data: format.byteOrder === 'LE' ? 1 : 2,
    ei_version: 1,
    ei_osabi: spec.osAbi ?? 0,
    ei_abiversion: spec.abiVersion ?? 0,
    e_type: typeof type === 'number' ? type : FILE_TYPES[type],
    e_machine: format.machine,
    e_version: 1,
    e_entry: entry,
    e_phoff: map.segmentsAt,
    e_shoff: map.sectionsAt,
    e_flags: spec.flags ?? 0,
    e_ehsize: bytes.length,
    e_phentsize: segments === 0 ? 0 : entryBytes('segment', format.class),
    e_phnum: Math.min(segments, 0xffff),
    e_shentsize: sections === 0 ? 0 : entryBytes('section', format.class),
    e_shnum: sections,
    e_shstrndx: Math.max(sections - 1, 0),
  };
  for (const [name, value] of Object.entries(values) as [HeaderField, number][]) {
    const place = fieldAt(HEADER_FIELDS[name], format.class);
    putNumber(bytes, place.offset, place.size, value, format.byteOrder);
  }
  return bytes;
}
