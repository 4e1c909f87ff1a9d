import { alignUp, type Format } from './format.ts';
import { MACHINES } from './names.ts';
import { type Part, SECTION_FLAGS } from './part.ts';
import type { ElfSpec, TableName } from './spec.ts';

/** p_flags. */
export const SEGMENT_FLAGS = { X: 1, W: 2, R: 4 } as const;

/** A part with its place. */
export interface PlacedPart {
  readonly part: Part;
  /** Number of the PT_LOAD that holds it. */
  readonly load: number;
  readonly offset: number;
  readonly address: number;
}

/** A PT_LOAD. */
export interface Load {
  readonly offset: number;
  readonly address: number;
  readonly size: number;
  readonly flags: number;
}

/** Where everything that is loaded lies. */
export interface Layout {
  readonly placed: readonly PlacedPart[];
  /** In order of address; the first one holds the ELF header. */
  readonly loads: readonly Load[];
  /** Bytes so far. */
  readonly end: number;
  readonly pageSize: number;
}

/** Parts of one PT_LOAD. */
export interface LoadGroup {
  readonly load: number;
  readonly parts: readonly Part[];
}

const DEFAULT_LOADS: Readonly<Partial<Record<TableName, number>>> = { text: 1, dynamic: 2, data: 2 };
const LARGE_PAGES: readonly number[] = [MACHINES.AARCH64, MACHINES.PPC64, MACHINES.MIPS];

/** Sorts the parts into PT_LOADs; the first group is there even when it is empty, for the headers. */
export function groupByLoad(parts: readonly Part[], spec: ElfSpec): readonly LoadGroup[] {
  const groups = new Map<number, Part[]>([[0, []]]);
  for (const part of parts) {
    const load = spec.placement?.[part.name] ?? DEFAULT_LOADS[part.name] ?? 0;
    const group = groups.get(load);
    if (group === undefined) groups.set(load, [part]);
    else group.push(part);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([load, members]) => ({ load, parts: members }));
}

/**
 * Gives each part its offset and address. Offsets follow on each other without page gaps; addresses step to a
 * new page at each PT_LOAD and keep the offset's place in the page, as mmap(2) wants.
 */
export function layOut(
  groups: readonly LoadGroup[],
  format: Format,
  spec: ElfSpec,
  headerBytes: number,
): Layout {
  const pageSize = spec.pageSize ?? (LARGE_PAGES.includes(format.machine) ? 0x10000 : 0x1000);
  const base = spec.base ?? (spec.type === 'EXEC' ? 0x400000 : 0);
  const placed: PlacedPart[] = [];
  const loads: Load[] = [];
  let offset = headerBytes;
  let shift = base; // address minus offset
  for (const { load, parts } of groups) {
    const first = loads.length === 0;
    const start = first ? 0 : alignUp(offset, Math.max(...parts.map(({ align }) => align)));
    if (!first) shift = alignUp(shift + offset, pageSize) + (start % pageSize) - start;
    offset = Math.max(offset, start);
    for (const part of parts) {
      offset = alignUp(offset, part.align);
      placed.push({ part, load, offset, address: offset + shift });
      offset += part.size;
    }
    loads.push({ offset: start, address: start + shift, size: offset - start, flags: flagsOf(parts) });
  }
  return { placed, loads, end: offset, pageSize };
}

function flagsOf(parts: readonly Part[]): number {
  let flags: number = SEGMENT_FLAGS.R;
  for (const { section } of parts) {
    if (section.flags & SECTION_FLAGS.WRITE) flags |= SEGMENT_FLAGS.W;
    if (section.flags & SECTION_FLAGS.EXEC) flags |= SEGMENT_FLAGS.X;
  }
  return flags;
}
