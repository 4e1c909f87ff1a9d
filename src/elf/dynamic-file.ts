import type { ByteSource } from '../sysroot/sysroot.ts';
import { type DynamicTable, readDynamic } from './dynamic.ts';
import { type ElfHeader, parseHeader, readHead } from './header.ts';
import { malformed } from './malformed.ts';
import { fileOffset, readSegments, type Segment, segmentEnd } from './program-headers.ts';
import { StringTable } from './string-table.ts';
import type { VersionTable } from './versions.ts';
import { wordsOf } from './words.ts';

/** An open file whose dynamic table is read, and the tables that it points to by address. */
export class DynamicFile {
  readonly header: ElfHeader;
  readonly table: DynamicTable;
  readonly path: string;
  readonly #source: ByteSource;
  readonly #segments: readonly Segment[];

  private constructor(
    source: ByteSource,
    path: string,
    header: ElfHeader,
    segments: readonly Segment[],
    table: DynamicTable,
  ) {
    this.#source = source;
    this.path = path;
    this.header = header;
    this.#segments = segments;
    this.table = table;
  }

  /**
   * @returns null for a file without a dynamic section
   * @throws RootfsError ERR_MALFORMED_ELF
   */
  static open(source: ByteSource, path: string): DynamicFile | null {
    const head = readHead(source);
    const header = parseHeader(head, path);
    const segments = readSegments(source, head, header, path);
    const table = readDynamic(source, header, segments, path);
    return table === null ? null : new DynamicFile(source, path, header, segments, table);
  }

  /**
   * Up to `length` bytes at an address, as far as its segment has them; a copy.
   * @throws RootfsError ERR_MALFORMED_ELF for an address in the file part of no segment
   */
  bytes(address: number, length: number, field: string): Uint8Array {
    const at = fileOffset(this.#segments, address);
    if (at < 0) throw malformed(this.path, field, 0, address, 'in the file part of no PT_LOAD');
    const room = segmentEnd(this.#segments, address) - at;
    return this.#source.read(at, Math.min(length, room)).slice();
  }

  /** The same as 32-bit words. */
  words(address: number, length: number, field: string): Uint32Array {
    return wordsOf(this.bytes(address, length, field), this.header.byteOrder);
  }

  /** DT_VERNEED or DT_VERDEF, at an address. */
  versionTable(address: number, field: string): VersionTable {
    const at = fileOffset(this.#segments, address);
    if (at < 0) throw malformed(this.path, field, 0, address, 'in the file part of no PT_LOAD');
    const { strtab } = this.table;
    const base = fileOffset(this.#segments, strtab);
    return {
      read: (offset, length) => this.#source.read(offset, length),
      at,
      first: new Uint32Array(0),
      strings: new StringTable(this.#source, this.path, base, segmentEnd(this.#segments, strtab)),
      byteOrder: this.header.byteOrder,
      file: this.path,
    };
  }
}
