import type { ByteSource } from '../sysroot/sysroot.ts';
import * as c from './constants.ts';
import { type DynamicTable, readDynamic } from './dynamic.ts';
import { type ElfHeader, parseHeader, readHead } from './header.ts';
import type { ElfImage, Request } from './image.ts';
import { readInterpreter } from './interpreter.ts';
import { malformed } from './malformed.ts';
import { fileOffset, readSegments, type Segment, segmentEnd, segmentsInHead } from './program-headers.ts';
import { StringTable } from './string-table.ts';
import { readVerdef, readVerneed, type VersionTable } from './versions.ts';
import { wordsOf } from './words.ts';

/** Bytes of one read that fetches strings and version tables together; beyond it they are read apart. */
const WINDOW = 32_768;
/** Room for the last name wanted, and for a version table of usual size. */
const NAME_SLACK = 256;
const VERSION_SLACK = 1024;

/**
 * Reads what the loader reads of an ELF file: header, program headers, PT_INTERP and the dynamic table with its
 * strings and versions. Section headers are never looked at. Three or four positional reads, whatever the size.
 *
 * @param file the path, for messages
 * @throws RootfsError ERR_MALFORMED_ELF with `field`, `offset` and `value`.
 */
export function readElf(source: ByteSource, file: string): ElfImage {
  const head = readHead(source);
  const header = parseHeader(head, file);
  return readBody(source, head, header, file);
}

/** The same for a file whose head is read already. `head` must still be valid. */
export function readBody(source: ByteSource, head: Uint8Array, header: ElfHeader, file: string): ElfImage {
  const segments = readSegments(source, head, header, file);
  // A program header table outside the head was a further read, after which the head's bytes are gone.
  const interpreter = readInterpreter(source, segmentsInHead(head, header) ? head : NO_BYTES, segments);
  const table = readDynamic(source, header, segments, file);
  const dynamic = table === null ? NO_DYNAMIC : readNames(source, header, segments, table, file);
  return {
    class: header.class,
    byteOrder: header.byteOrder,
    machine: header.machine,
    flags: header.flags,
    osAbi: header.osAbi,
    abiVersion: header.abiVersion,
    type: header.type,
    interpreter: interpreter.path,
    interpreterFault: interpreter.fault,
    dynamic: table !== null,
    loadFault: loadFault(header, segments, table),
    ...dynamic,
    fingerprint: fingerprint(header, table),
  };
}

const NO_BYTES = new Uint8Array(0);

type Names = Pick<
  ElfImage,
  | 'soname'
  | 'needed'
  | 'rpath'
  | 'runpath'
  | 'filters'
  | 'requests'
  | 'audit'
  | 'dtFlags'
  | 'flags1'
  | 'relr'
  | 'verneed'
  | 'verdef'
>;

const NO_DYNAMIC: Names = {
  soname: null,
  needed: [],
  rpath: null,
  runpath: null,
  filters: [],
  requests: [],
  audit: [],
  dtFlags: 0,
  flags1: 0,
  relr: false,
  verneed: [],
  verdef: null,
};

/** The string-valued facts of the dynamic table. */
function readNames(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly Segment[],
  table: DynamicTable,
  file: string,
): Names {
  const strtab = fileOffset(segments, table.strtab);
  const strings = new StringTable(source, file, strtab, segmentEnd(segments, table.strtab));
  const verneedAt = tableOffset(segments, table.verneed, 'DT_VERNEED', file);
  const verdefAt = tableOffset(segments, table.verdef, 'DT_VERDEF', file);
  const window = readWindow(source, strtab, table, verneedAt, verdefAt);
  const verneed = versionTable(source, header, strings, verneedAt, window, file);
  const verdef = versionTable(source, header, strings, verdefAt, window, file);
  if (window !== null && strtab >= 0) strings.use(window.at, window.bytes, Math.max(0, strtab - window.at));

  const requests = requestsOf(table, strings);
  const text = (offset: number, field: string): string | null =>
    offset < 0 ? null : strings.at(offset, field);
  return {
    soname: text(table.soname, 'DT_SONAME'),
    needed: requests.filter((r) => r.tag === 'NEEDED').map((r) => r.name),
    rpath: text(table.rpath, 'DT_RPATH'),
    runpath: text(table.runpath, 'DT_RUNPATH'),
    filters: requests.filter((r): r is ElfImage['filters'][number] => r.tag !== 'NEEDED'),
    requests,
    audit: table.audits.map((offset) => strings.at(offset, 'DT_AUDIT')),
    dtFlags: table.flags,
    flags1: table.flags1,
    relr: table.relr >= 0,
    verneed: verneed === null ? [] : readVerneed(verneed),
    verdef: verdef === null ? null : readVerdef(verdef),
  };
}

/** File offset of a table; -1 where the file has none. */
function tableOffset(segments: readonly Segment[], vaddr: number, field: string, file: string): number {
  if (vaddr < 0) return -1;
  const at = fileOffset(segments, vaddr);
  if (at < 0) throw malformed(file, field, 0, vaddr, 'in the file part of no PT_LOAD');
  return at;
}

function requestsOf(table: DynamicTable, strings: StringTable): Request[] {
  const requests: Request[] = [];
  for (const { tag, offset } of table.requests) {
    if (tag === c.DT_NEEDED) requests.push({ tag: 'NEEDED', name: strings.at(offset, 'DT_NEEDED') });
    else if (tag === c.DT_FILTER) requests.push({ tag: 'FILTER', name: strings.at(offset, 'DT_FILTER') });
    else requests.push({ tag: 'AUXILIARY', name: strings.at(offset, 'DT_AUXILIARY') });
  }
  return requests;
}

interface Window {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/**
 * One read over the wanted names and, where they follow closely (linkers put .gnu.version_d and _r right behind
 * .dynstr), the version tables.
 */
function readWindow(
  source: ByteSource,
  strtab: number,
  table: DynamicTable,
  verneedAt: number,
  verdefAt: number,
): Window | null {
  if (strtab < 0) return null;
  let first = Number.POSITIVE_INFINITY;
  let last = -1;
  const want = (offset: number): void => {
    if (offset < 0) return;
    if (offset < first) first = offset;
    if (offset > last) last = offset;
  };
  for (const request of table.requests) want(request.offset);
  for (const offset of table.audits) want(offset);
  want(table.soname);
  want(table.rpath);
  want(table.runpath);
  if (last < 0) return null;
  // Tables are read as words: the window starts where they stay aligned.
  const from = (strtab + first) & ~7;
  let to = strtab + last + NAME_SLACK;
  for (const at of [verneedAt, verdefAt]) {
    const end = at + VERSION_SLACK;
    if (at > from && end > to && end - from <= WINDOW) to = end;
  }
  return { at: from, bytes: source.read(from, Math.min(to - from, WINDOW)) };
}

/** The table's first words out of the window, or by a read of their own where the window lacks them. */
function versionTable(
  source: ByteSource,
  { byteOrder }: ElfHeader,
  strings: StringTable,
  at: number,
  window: Window | null,
  file: string,
): VersionTable | null {
  if (at < 0) return null;
  const read = (offset: number, length: number): Uint8Array => source.read(offset, length);
  const start = window === null ? -1 : at - window.at;
  const inside = window !== null && start >= 0 && start + 64 <= window.bytes.length;
  const bytes = inside ? window.bytes.subarray(start, start + VERSION_SLACK) : null;
  const first = bytes === null ? new Uint32Array(0) : wordsOf(bytes, byteOrder).slice();
  return { read, at, first, strings, byteOrder, file };
}

/** The page size of nearly every machine; p_align itself is not looked at since glibc 2.36. */
const PAGE = 4096;

/** What _dl_map_object_from_fd refuses in a library, in its words; null where it maps. */
function loadFault(
  header: ElfHeader,
  segments: readonly Segment[],
  table: DynamicTable | null,
): string | null {
  if (header.type !== 'DYN' && header.type !== 'EXEC') return 'only ET_DYN and ET_EXEC can be loaded';
  if (table === null) return 'object file has no dynamic section';
  let loads = 0;
  for (const segment of segments) {
    if (segment.type !== c.PT_LOAD) continue;
    loads++;
    if ((segment.vaddr - segment.offset) % PAGE !== 0)
      return 'ELF load command address/offset not page-aligned';
  }
  return loads === 0 ? 'object file has no loadable segments' : null;
}

/** See ElfImage.fingerprint. 53 bits: the section table's offset is as good as the file's length. */
function fingerprint(header: ElfHeader, table: DynamicTable | null): number {
  const low = (header.entry ^ (table?.strtab ?? 0) ^ (table?.symtab ?? 0) ^ header.machine) & 0xfffff;
  return (header.shoff % 0x1_0000_0000) * 0x10_0000 + low;
}
