import { RootfsError } from '../../errors.ts';
import {
  DYNAMIC_FIELDS,
  type DynamicField,
  entryBytes,
  type FieldLayout,
  fieldAt,
  HEADER_FIELDS,
  type HeaderField,
  SECTION_FIELDS,
  SEGMENT_FIELDS,
  type SectionField,
  type SegmentField,
} from './fields.ts';
import { type Format, putNumber } from './format.ts';
import type { PlacedPart } from './layout.ts';
import { DYNAMIC_TAGS, type DynamicTag, SEGMENT_TYPES, type SegmentType } from './names.ts';
import type { TableName } from './spec.ts';

type Value = number | bigint;

/** One piece of damage: a field set to another value, or bytes put over others. */
export type Patch =
  | { readonly field: HeaderField; readonly value: Value }
  /** `segment` is a number of a program header, or a type: the first of it. */
  | {
      readonly field: SegmentField;
      readonly segment: number | SegmentType;
      readonly value: Value;
    }
  /** `entry` is a number of a dynamic entry, or a tag: the first of it. */
  | {
      readonly field: DynamicField;
      readonly entry: number | DynamicTag;
      readonly value: Value;
    }
  /** `section` is a number of a section header, or a name. */
  | { readonly field: SectionField; readonly section: number | string; readonly value: Value }
  /** Bytes at a place in one table. */
  | { readonly in: TableName; readonly at: number; readonly bytes: Iterable<number> }
  /** Bytes at a place in the file. */
  | { readonly offset: number; readonly bytes: Iterable<number> };

/** Where a finished file has what patches name. */
export interface FileMap {
  readonly format: Format;
  readonly placed: readonly PlacedPart[];
  readonly segmentsAt: number;
  readonly segmentTypes: readonly number[];
  readonly sectionsAt: number;
  readonly sectionNames: readonly string[];
  readonly dynamicTags: readonly number[];
}

/**
 * Damages a file in place.
 * @throws RootfsError ERR_USAGE when the file has no such table or field: damage that does nothing proves nothing.
 */
export function applyPatch(file: Uint8Array, map: FileMap, patch: Patch): void {
  if ('offset' in patch) overwrite(file, patch.offset, patch.bytes);
  else if ('in' in patch) overwrite(file, tableOffset(map, patch.in) + patch.at, patch.bytes);
  else {
    const { offset, size } = locate(map, patch);
    if (offset + size > file.length) throw missing(`${patch.field} at ${offset}`);
    putNumber(file, offset, size, patch.value, map.format.byteOrder);
  }
}

type FieldPatch = Extract<Patch, { readonly field: string }>;

function locate(map: FileMap, patch: FieldPatch): { readonly offset: number; readonly size: number } {
  const { class: elfClass } = map.format;
  const shifted = (by: number, field: FieldLayout): ReturnType<typeof locate> => {
    const { offset, size } = fieldAt(field, elfClass);
    return { offset: by + offset, size };
  };
  if ('segment' in patch) {
    const { segment } = patch;
    const index = typeof segment === 'number' ? segment : map.segmentTypes.indexOf(SEGMENT_TYPES[segment]);
    if (!(index in map.segmentTypes)) throw missing(`program header ${segment}`);
    return shifted(map.segmentsAt + index * entryBytes('segment', elfClass), SEGMENT_FIELDS[patch.field]);
  }
  if ('entry' in patch) {
    const { entry } = patch;
    const index = typeof entry === 'number' ? entry : map.dynamicTags.indexOf(DYNAMIC_TAGS[entry]);
    if (!(index in map.dynamicTags)) throw missing(`dynamic entry ${entry}`);
    const at = tableOffset(map, 'dynamic') + index * entryBytes('dynamic', elfClass);
    return shifted(at, DYNAMIC_FIELDS[patch.field]);
  }
  if ('section' in patch) {
    const { section } = patch;
    const index = typeof section === 'number' ? section : map.sectionNames.indexOf(section);
    if (!(index in map.sectionNames)) throw missing(`section ${section}`);
    return shifted(map.sectionsAt + index * entryBytes('section', elfClass), SECTION_FIELDS[patch.field]);
  }
  return shifted(0, HEADER_FIELDS[patch.field]);
}

function tableOffset(map: FileMap, name: TableName): number {
  const found = map.placed.find(({ part }) => part.name === name);
  if (found === undefined) throw missing(`table ${name}`);
  return found.offset;
}

function overwrite(file: Uint8Array, offset: number, bytes: Iterable<number>): void {
  const values = Uint8Array.from(bytes);
  if (offset < 0 || offset + values.length > file.length) throw missing(`byte ${offset + values.length - 1}`);
  file.set(values, offset);
}

function missing(what: string): RootfsError {
  return new RootfsError('ERR_USAGE', `cannot patch ${what}: the file made has none`);
}
