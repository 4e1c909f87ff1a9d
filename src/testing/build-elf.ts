import { entryBytes } from './elf/fields.ts';
import { alignUp, type Format } from './elf/format.ts';
import { encodeHeader } from './elf/header.ts';
import { groupByLoad, type Layout, type Load, layOut } from './elf/layout.ts';
import { MACHINES } from './elf/names.ts';
import type { Addresses } from './elf/part.ts';
import { partsOf } from './elf/parts.ts';
import { applyPatch, type FileMap } from './elf/patch.ts';
import { NO_SECTIONS, type Sections, sectionsOf } from './elf/sections.ts';
import { draftSegments, encodeSegments, type HeaderTable } from './elf/segments.ts';
import type { ElfSpec } from './elf/spec.ts';

/**
 * Makes an ELF file: one that readelf and the real loader accept, or one damaged in the way that is asked for.
 *
 * @example
 * buildElf({ soname: 'libgreet.so.1', needed: ['libc.so.6'], exports: ['greet'] })
 * buildElf({ interpreter: '/lib64/ld-linux-x86-64.so.2', needed: ['libgreet.so.1'], runpath: '$ORIGIN/../lib' })
 * @returns the bytes of the file; a small library has about 1.5 KiB.
 * @throws RootfsError ERR_USAGE when a patch names what the file does not have.
 */
export function buildElf(spec: ElfSpec = {}): Uint8Array {
  const format = formatOf(spec);
  const { parts, dynamicTags } = partsOf(format, spec);
  const groups = groupByLoad(parts, spec);
  const drafts = draftSegments(spec, groups);
  const headerBytes = entryBytes('header', format.class);
  const tableBytes = drafts.length * entryBytes('segment', format.class);
  const atEnd = spec.programHeaders === 'end';
  const layout = layOut(groups, format, spec, headerBytes + (atEnd ? 0 : tableBytes));
  const sections = spec.sections === false ? NO_SECTIONS : sectionsOf(format, layout, drafts.length);
  const behind = layout.end + sections.bytes.length;
  const table = atEnd
    ? tableBehind(layout, behind, tableBytes)
    : { offset: headerBytes, address: (layout.loads[0]?.address ?? 0) + headerBytes, size: tableBytes };
  const segments = drafts.map((draft) => draft(layout, table));

  const map: FileMap = {
    format,
    placed: layout.placed,
    segmentsAt: segments.length === 0 ? 0 : table.offset,
    segmentTypes: segments.map(({ type }) => type),
    sectionsAt: sections.headersAt,
    sectionNames: sections.names,
    dynamicTags,
  };
  const addresses = addressesOf(layout, sections);
  const length = atEnd ? table.offset + table.size : behind;
  const file = new Uint8Array(Math.max(length, spec.size ?? 0));
  file.set(encodeHeader(spec, map, addresses.of('text')));
  file.set(encodeSegments(format, segments), table.offset);
  for (const { part, offset } of layout.placed) file.set(part.content(addresses), offset);
  file.set(sections.bytes, layout.end);
  for (const patch of spec.patch ?? []) applyPatch(file, map, patch);
  return spec.truncate === undefined ? file : file.slice(0, spec.truncate);
}

function formatOf({ class: elfClass = 64, byteOrder = 'LE', machine }: ElfSpec): Format {
  return {
    class: elfClass,
    byteOrder,
    machine: machine ?? (elfClass === 64 ? MACHINES.X86_64 : MACHINES.I386),
  };
}

/** Program headers behind everything else, on a page of their own behind the last PT_LOAD. */
function tableBehind({ loads, pageSize }: Layout, fileEnd: number, size: number): HeaderTable {
  const offset = alignUp(fileEnd, 8);
  const { address, size: last } = loads.at(-1) as Load;
  return { offset, size, address: alignUp(address + last, pageSize) + (offset % pageSize) };
}

function addressesOf({ placed }: Layout, { names }: Sections): Addresses {
  const indexOf = (name: string): number => placed.findIndex(({ part }) => part.name === name);
  return {
    of: (name) => placed[indexOf(name)]?.address ?? 0,
    sectionOf: (name) => (names.length === 0 ? 1 : indexOf(name) + 1),
  };
}
