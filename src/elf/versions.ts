import { LIMITS } from '../limits.ts';
import { VER_FLG_WEAK } from './constants.ts';
import type { VersionNeed } from './image.ts';
import { malformed } from './malformed.ts';
import type { StringTable } from './string-table.ts';
import { type ByteOrder, half, wordsOf } from './words.ts';

/** Reads bytes at a file offset; short at the end of the file. */
export type ReadAt = (offset: number, length: number) => Uint8Array;

/** Bytes read of a table that no window held. */
const FIRST_READ = 1024;

/** Where a version table lies, and how to read it. */
export interface VersionTable {
  readonly read: ReadAt;
  /** File offset of its first record. */
  readonly at: number;
  /** The first words of the table, a copy: later reads reuse the buffer they came from. */
  readonly first: Uint32Array;
  readonly strings: StringTable;
  readonly byteOrder: ByteOrder;
  readonly file: string;
}

/** DT_VERNEED: every wanted version, in file order. */
export function readVerneed(table: VersionTable): readonly VersionNeed[] {
  const needs: VersionNeed[] = [];
  eachVerneed(table, (need) => needs.push(need));
  return needs;
}

/**
 * Visits every Vernaux with its vna_other, the index by which DT_VERSYM names it. Records are linked by relative
 * offsets of which 0 ends the list; the counts in the table are not used, as in elf/dl-version.c.
 * @throws RootfsError ERR_MALFORMED_ELF: a record beyond the file or an endless list.
 */
export function eachVerneed(table: VersionTable, visit: (need: VersionNeed, other: number) => void): void {
  const words = new Records(table, 'DT_VERNEED');
  for (let at = 0; ; ) {
    const record = words.at(at, 4);
    const file = table.strings.at(words.word(record + 1), 'vn_file');
    for (let aux = at + words.word(record + 2); ; ) {
      const entry = words.at(aux, 4);
      const weak = (half(words.word(entry + 1), 0, table.byteOrder) & VER_FLG_WEAK) !== 0;
      const other = half(words.word(entry + 1), 1, table.byteOrder);
      visit({ file, version: table.strings.at(words.word(entry + 2), 'vna_name'), weak }, other);
      const next = words.word(entry + 3);
      if (next === 0) break;
      aux += next;
    }
    const next = words.word(words.at(at, 4) + 3);
    if (next === 0) return;
    at += next;
  }
}

/** DT_VERDEF: the name of every defined version, the base definition (the file itself) included. */
export function readVerdef(table: VersionTable): readonly string[] {
  const names: string[] = [];
  eachVerdef(table, (name) => names.push(name));
  return names;
}

/**
 * Visits every Verdef: its first name, vd_flags and vd_ndx.
 * @throws RootfsError ERR_MALFORMED_ELF: a record beyond the file or an endless list.
 */
export function eachVerdef(
  table: VersionTable,
  visit: (name: string, flags: number, index: number) => void,
): void {
  const words = new Records(table, 'DT_VERDEF');
  for (let at = 0; ; ) {
    const record = words.at(at, 5);
    const flags = half(words.word(record), 1, table.byteOrder);
    const index = half(words.word(record + 1), 0, table.byteOrder);
    const next = words.word(record + 4);
    const aux = words.at(at + words.word(record + 3), 2);
    visit(table.strings.at(words.word(aux), 'vda_name'), flags, index);
    if (next === 0) return;
    at += next;
  }
}

/** Words of linked records, read in growing windows; counts the records against the limit. */
class Records {
  readonly #table: VersionTable;
  readonly #field: string;
  #words: Uint32Array;
  #seen = 0;

  constructor(table: VersionTable, field: string) {
    this.#table = table;
    this.#field = field;
    this.#words = table.first;
  }

  /** Index of the word at byte `offset` of the table, `count` words of which are there. */
  at(offset: number, count: number): number {
    if (++this.#seen > LIMITS.versionRecords) {
      throw malformed(
        this.#table.file,
        this.#field,
        this.#table.at,
        this.#seen,
        'more records than any file has',
      );
    }
    if ((offset & 3) !== 0) {
      throw malformed(this.#table.file, this.#field, this.#table.at, offset, 'a record that is not aligned');
    }
    const index = offset >>> 2;
    if (index + count > this.#words.length || offset > 0xffff_ffff) this.#grow(offset + count * 4);
    return index;
  }

  word(index: number): number {
    return this.#words[index] as number;
  }

  #grow(bytes: number): void {
    const limit = LIMITS.versionRecords * 20;
    const wanted = Math.min(Math.max(bytes, this.#words.length * 8, FIRST_READ), limit);
    this.#words = wordsOf(this.#table.read(this.#table.at, wanted), this.#table.byteOrder).slice();
    if (bytes > this.#words.length * 4) {
      throw malformed(this.#table.file, this.#field, this.#table.at, bytes, 'a record beyond the file');
    }
  }
}
