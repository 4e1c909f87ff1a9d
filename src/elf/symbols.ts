import { LIMITS } from '../limits.ts';
import type { ByteSource } from '../sysroot/sysroot.ts';
import * as c from './constants.ts';
import { DynamicFile } from './dynamic-file.ts';
import { type References, readReferences } from './references.ts';
import { countSymbols } from './symbol-count.ts';
import { type HashTable, hashTable, type SymbolName } from './symbol-hash.ts';
import { readVersionNames, type VersionName } from './version-names.ts';
import { type ByteOrder, half } from './words.ts';

/**
 * The dynamic symbols of a file as the loader has them: DT_SYMTAB with its strings and hash table, DT_VERSYM and
 * the names of its versions. Section headers are never looked at. Everything is a copy: the file may be closed.
 */
export class SymbolTable {
  readonly length: number;
  /** Symbols that relocations ask for. */
  readonly references: References;
  /** Whether definitions have versions (l_versyms): there are version tables, and DT_VERSYM. */
  readonly versioned: boolean;
  readonly #words: Uint32Array;
  readonly #strings: Buffer;
  readonly #versions: Uint32Array | null;
  readonly #versionNames: ReadonlyMap<number, VersionName> | null;
  readonly #hash: HashTable;
  readonly #bits: 32 | 64;
  readonly #order: ByteOrder;

  /** @throws RootfsError ERR_MALFORMED_ELF: tables outside the file */
  constructor(file: DynamicFile) {
    const { header, table } = file;
    this.#bits = header.class;
    this.#order = header.byteOrder;
    const size = header.class === 64 ? 24 : 16;
    const count = table.symtab < 0 ? 0 : countSymbols(file);
    this.#words = count === 0 ? NO_WORDS : file.words(table.symtab, count * size, 'DT_SYMTAB');
    this.length = Math.floor((this.#words.length * 4) / size);
    const strings = Math.min(table.strsz < 0 ? LIMITS.symbolNameBytes : table.strsz, LIMITS.symbolNameBytes);
    const names = count === 0 ? NO_BYTES : file.bytes(table.strtab, strings, 'DT_STRTAB');
    this.#strings = Buffer.from(names.buffer, names.byteOffset, names.length);
    this.#versionNames = readVersionNames(file);
    this.versioned = table.versym >= 0 && this.#versionNames !== null;
    this.#versions = this.versioned ? file.words(table.versym, this.length * 2 + 2, 'DT_VERSYM') : null;
    this.#hash = this.length === 0 ? () => [] : hashTable(file, this.length);
    this.references = readReferences(file, this.length);
  }

  /** The name, one char a byte. */
  name(index: number): string {
    const at = this.#words[index * (this.#bits === 64 ? 6 : 4)] as number;
    const end = this.#strings.indexOf(0, at);
    return end < 0 ? '' : this.#strings.toString('latin1', at, end);
  }

  isDefined(index: number): boolean {
    return this.section(index) !== c.SHN_UNDEF;
  }

  /** st_shndx. */
  section(index: number): number {
    const word = this.#bits === 64 ? index * 6 + 1 : index * 4 + 3;
    return half(this.#words[word] as number, 1, this.#order);
  }

  /** STB_LOCAL and so on. */
  binding(index: number): number {
    return this.#info(index) >>> 4;
  }

  /** STT_FUNC and so on. */
  type(index: number): number {
    return this.#info(index) & 0xf;
  }

  /** Whether no other object sees it, nor it another's (STV_HIDDEN, STV_INTERNAL). */
  isHidden(index: number): boolean {
    const visibility = this.#other(index) & 3;
    return visibility === c.STV_HIDDEN || visibility === c.STV_INTERNAL;
  }

  /** Whether st_value is zero. */
  isZero(index: number): boolean {
    if (this.#bits === 32) return this.#words[index * 4 + 1] === 0;
    return this.#words[index * 6 + 2] === 0 && this.#words[index * 6 + 3] === 0;
  }

  /** Index of its version without the hidden bit; 1, the version of all that have none, in a file without versions. */
  versionIndex(index: number): number {
    return this.#versym(index) & 0x7fff;
  }

  /** The hidden bit: a definition that only a reference to its very version finds. */
  isHiddenVersion(index: number): boolean {
    return (this.#versym(index) & 0x8000) !== 0;
  }

  /** The version that an index of DT_VERSYM stands for; null for the base version and for none. */
  version(versionIndex: number): VersionName | null {
    return this.#versionNames?.get(versionIndex) ?? null;
  }

  /** Symbols of that name that the hash table leads to, whatever they are. */
  find(name: SymbolName): readonly number[] {
    const candidates = this.#hash(name);
    if (candidates.length === 0) return candidates;
    return candidates.filter((index) => index < this.length && this.name(index) === name.text);
  }

  /** Bytes of memory that it holds, about. */
  get bytes(): number {
    return this.#words.length * 4 + this.#strings.length + this.length * 6 + this.references.size * 100;
  }

  #info(index: number): number {
    // ElfN_Sym orders its fields by class: st_info, st_other and st_shndx share word 1 or 3.
    return byte(this.#words[this.#bits === 64 ? index * 6 + 1 : index * 4 + 3] as number, 0, this.#order);
  }

  #other(index: number): number {
    return byte(this.#words[this.#bits === 64 ? index * 6 + 1 : index * 4 + 3] as number, 1, this.#order);
  }

  #versym(index: number): number {
    if (this.#versions === null) return 1;
    return half(this.#versions[index >>> 1] ?? 0, (index & 1) as 0 | 1, this.#order);
  }
}

const NO_BYTES = new Uint8Array(0);
const NO_WORDS = new Uint32Array(0);

/** The byte that stands first (`which` 0) or second (1) in a word. */
function byte(word: number, which: 0 | 1, order: ByteOrder): number {
  return (word >>> (order === 'LE' ? which * 8 : 24 - which * 8)) & 0xff;
}

/**
 * The dynamic symbols of a file.
 * @returns null for a file without a dynamic section
 * @throws RootfsError ERR_MALFORMED_ELF: tables outside the file, or more symbols than any file has
 */
export function readSymbols(source: ByteSource, path: string): SymbolTable | null {
  const file = DynamicFile.open(source, path);
  return file === null ? null : new SymbolTable(file);
}
