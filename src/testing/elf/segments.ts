import { entryBytes, fieldAt, SEGMENT_FIELDS } from './fields.ts';
import { type Format, putNumber } from './format.ts';
import { type Layout, type LoadGroup, type PlacedPart, SEGMENT_FLAGS } from './layout.ts';
import { SEGMENT_TYPES } from './names.ts';
import type { ElfSpec, TableName } from './spec.ts';

/** A program header. */
export interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
  readonly memorySize: number;
  readonly align: number;
}

/** Where the program headers themselves lie. */
export interface HeaderTable {
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/** A program header that waits for the layout: their number decides where everything else begins. */
export type SegmentDraft = (layout: Layout, table: HeaderTable) => Segment;

/** The program headers that a file has, in the order that the gABI asks for. */
export function draftSegments(spec: ElfSpec, groups: readonly LoadGroup[]): readonly SegmentDraft[] {
  const { programHeaders = 'start' } = spec;
  if (programHeaders === 'none') return [];
  const has = (name: TableName): boolean => groups.some(({ parts }) => parts.some((p) => p.name === name));
  const drafts: SegmentDraft[] = [];
  if (has('interp'))
    drafts.push(
      tableSegment,
      covering(SEGMENT_TYPES.INTERP, (p) => p.part.name === 'interp'),
    );
  for (const i of groups.keys()) drafts.push((layout) => loadSegment(layout, i));
  if (programHeaders === 'end') drafts.push(tableLoad);
  if (has('dynamic')) drafts.push(covering(SEGMENT_TYPES.DYNAMIC, (p) => p.part.name === 'dynamic'));
  drafts.push(...noteDrafts(groups));
  if (has('note.property')) {
    drafts.push(covering(SEGMENT_TYPES.NOTE, isProperty), covering(SEGMENT_TYPES.GNU_PROPERTY, isProperty));
  }
  drafts.push(() => segment(SEGMENT_TYPES.GNU_STACK, SEGMENT_FLAGS.R | SEGMENT_FLAGS.W, 0, 0, 0, 16));
  for (const raw of spec.segments ?? []) {
    const { type, flags = SEGMENT_FLAGS.R, offset = 0, vaddr = 0, filesz = 0, align = 1 } = raw;
    const memorySize = raw.memsz ?? filesz;
    drafts.push(() => ({ ...segment(type, flags, offset, vaddr, filesz, align), memorySize }));
  }
  return drafts;
}

/** The bytes of the program headers. */
export function encodeSegments(format: Format, segments: readonly Segment[]): Uint8Array {
  const entry = entryBytes('segment', format.class);
  const bytes = new Uint8Array(entry * segments.length);
  for (const [i, { type, flags, offset, address, size, memorySize, align }] of segments.entries()) {
    const values = [type, flags, offset, address, address, size, memorySize, align];
    for (const [j, field] of Object.values(SEGMENT_FIELDS).entries()) {
      const place = fieldAt(field, format.class);
      putNumber(bytes, i * entry + place.offset, place.size, values[j] ?? 0, format.byteOrder);
    }
  }
  return bytes;
}

/** Notes of 4-byte alignment: one PT_NOTE for those of one PT_LOAD, which stand together. */
function noteDrafts(groups: readonly LoadGroup[]): readonly SegmentDraft[] {
  const isNote = (name: TableName): boolean => name.startsWith('note.') && name !== 'note.property';
  const holding = groups.filter(({ parts }) => parts.some(({ name }) => isNote(name)));
  return holding.map(({ load }) =>
    covering(SEGMENT_TYPES.NOTE, (placed) => placed.load === load && isNote(placed.part.name)),
  );
}

function isProperty({ part }: PlacedPart): boolean {
  return part.name === 'note.property';
}

/** A segment over the parts chosen. */
function covering(type: number, chosen: (placed: PlacedPart) => boolean): SegmentDraft {
  return ({ placed, loads }) => {
    const parts = placed.filter(chosen);
    const first = parts[0] as PlacedPart;
    const last = parts.at(-1) as PlacedPart;
    const size = last.offset + last.part.size - first.offset;
    const load = loads.find(({ offset, size: length }) => first.offset - offset < length);
    const flags = type === SEGMENT_TYPES.DYNAMIC ? (load?.flags ?? 0) & ~SEGMENT_FLAGS.X : SEGMENT_FLAGS.R;
    return segment(type, flags | SEGMENT_FLAGS.R, first.offset, first.address, size, first.part.align);
  };
}

function loadSegment({ loads, pageSize }: Layout, index: number): Segment {
  const { flags, offset, address, size } = loads[index] as Layout['loads'][number];
  return segment(SEGMENT_TYPES.LOAD, flags, offset, address, size, pageSize);
}

const tableSegment: SegmentDraft = (_layout, { offset, address, size }) =>
  segment(SEGMENT_TYPES.PHDR, SEGMENT_FLAGS.R, offset, address, size, 8);

const tableLoad: SegmentDraft = ({ pageSize }, { offset, address, size }) =>
  segment(SEGMENT_TYPES.LOAD, SEGMENT_FLAGS.R, offset, address, size, pageSize);

function segment(
  type: number,
  flags: number,
  offset: number,
  address: number,
  size: number,
  align: number,
): Segment {
  return { type, flags, offset, address, size, memorySize: size, align };
}
