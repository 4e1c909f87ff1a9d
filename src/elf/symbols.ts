import { fromLatin1 } from '../bytes.ts';
import { LIMITS } from '../limits.ts';
import type { ByteSource } from '../sysroot/sysroot.ts';
import * as c from './constants.ts';
import { type DynamicTable, readDynamic } from './dynamic.ts';
import { type ElfHeader, parseHeader, readHead } from './header.ts';
import { malformed } from './malformed.ts';
import { fileOffset, readSegments, type Segment, segmentEnd } from './program-headers.ts';
import { countSymbols } from './symbol-count.ts';
import { half, wordsOf } from './words.ts';

/** One entry of the dynamic symbol table (elf(5), ElfN_Sym). */
export interface DynamicSymbol {
  readonly name: string;
  /** Whether the file defines it; an undefined one is an import. */
  readonly defined: boolean;
  /** STB_WEAK: an import that may stay unbound. */
  readonly weak: boolean;
  /** ELF symbol type, STT_FUNC = 2 and so on. */
  readonly type: number;
  /** Index into the version tables (DT_VERSYM) without its hidden bit; 0 local, 1 global, null without versions. */
  readonly version: number | null;
  /** The hidden bit: a definition that only a reference to its very version finds. */
  readonly hidden: boolean;
}

/**
 * The dynamic symbols of a file, the null symbol left out. Their number comes from DT_HASH or DT_GNU_HASH, for
 * files with neither from where the string table begins; section headers are never looked at.
 * @returns an empty list for a file without a dynamic section
 * @throws RootfsError ERR_MALFORMED_ELF: tables outside the file, or more symbols than any file has
 */
export function readSymbols(source: ByteSource, file: string): readonly DynamicSymbol[] {
  const head = readHead(source);
  const header = parseHeader(head, file);
  const segments = readSegments(source, head, header, file);
  const table = readDynamic(source, header, segments, file);
  if (table === null || table.symtab < 0) return [];
  const at = fileOffset(segments, table.symtab);
  if (at < 0) throw malformed(file, 'DT_SYMTAB', 0, table.symtab, 'in the file part of no PT_LOAD');
  const count = Math.min(countSymbols(source, header, segments, table, file), LIMITS.symbols);
  const bytes = header.class === 64 ? 24 : 16;
  const symbols = source.read(at, count * bytes).slice();
  const strings = readStrings(source, segments, table);
  const versions = readVersym(source, header, segments, table, count);
  return Array.from({ length: Math.max(0, Math.floor(symbols.length / bytes) - 1) }, (_, i) =>
    symbolAt(i + 1, symbols, strings, versions, header),
  );
}

/** Names of the symbols that a file wants from others. */
export function importedNames(symbols: readonly DynamicSymbol[]): ReadonlySet<string> {
  return new Set(
    symbols.filter((symbol) => !symbol.defined && symbol.name !== '').map((symbol) => symbol.name),
  );
}

function symbolAt(
  index: number,
  symbols: Uint8Array,
  strings: string,
  versions: Uint16Array | null,
  { class: bits, byteOrder }: ElfHeader,
): DynamicSymbol {
  const size = bits === 64 ? 24 : 16;
  const entry = symbols.subarray(index * size, (index + 1) * size);
  const words = wordsOf(entry, byteOrder);
  // ElfN_Sym orders its fields by class: st_info is byte 4 or 12, st_shndx follows st_other.
  const info = entry[bits === 64 ? 4 : 12] as number;
  const section = half(words[bits === 64 ? 1 : 3] as number, 1, byteOrder);
  const versym = versions?.[index];
  const name = words[0] as number;
  return {
    name: fromLatin1(strings.slice(name, Math.max(name, strings.indexOf('\0', name)))),
    defined: section !== c.SHN_UNDEF,
    weak: info >>> 4 === c.STB_WEAK,
    type: info & 0xf,
    version: versym === undefined ? null : versym & 0x7fff,
    hidden: versym !== undefined && (versym & 0x8000) !== 0,
  };
}

/** The whole string table up to its segment's end or DT_STRSZ, one char a byte. */
function readStrings(source: ByteSource, segments: readonly Segment[], table: DynamicTable): string {
  const at = fileOffset(segments, table.strtab);
  if (at < 0) return '';
  const end = segmentEnd(segments, table.strtab);
  const bytes = source.read(at, Math.min(end - at, table.strsz < 0 ? end - at : table.strsz, STRING_BYTES));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Bytes of one string table that are looked at; the largest seen (a browser's) has 20 MB. */
const STRING_BYTES = 256 << 20;

function readVersym(
  source: ByteSource,
  { byteOrder }: ElfHeader,
  segments: readonly Segment[],
  table: DynamicTable,
  count: number,
): Uint16Array | null {
  const at = table.versym < 0 ? -1 : fileOffset(segments, table.versym);
  if (at < 0) return null;
  const bytes = source.read(at, count * 2);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = byteOrder === 'LE';
  return Uint16Array.from({ length: bytes.length >>> 1 }, (_, i) => view.getUint16(i * 2, little));
}
