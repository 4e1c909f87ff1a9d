import { entryBytes } from './fields.ts';
import { ElfBytes, type Format, wordBytes } from './format.ts';
import { gnuBuckets, gnuHash, gnuHashPart, sysvHashPart } from './hash.ts';
import { type Addresses, fixedPart, type Part, sectionSpec } from './part.ts';
import type { ElfSpec, ExportedSymbol, ImportedSymbol } from './spec.ts';
import type { StringTable } from './string-table.ts';
import { exportIndex, importIndex, type VersionTable } from './versions.ts';

const SHT_DYNSYM = 11;
const SHT_GNU_VERSYM = 0x6fffffff;
const STB_GLOBAL = 1;
const STB_WEAK = 2;
const SYMBOL_TYPES = { NOTYPE: 0, OBJECT: 1, FUNC: 2, TLS: 6 } as const;
/** Bit of a version index: not the default version of that name. */
const VERSYM_HIDDEN = 0x8000;

/** The symbols of a specification in the order of .dynsym, where they follow the null symbol. */
export interface SymbolTable {
  readonly imports: readonly ImportedSymbol[];
  /** Sorted by bucket of DT_GNU_HASH. */
  readonly exports: readonly ExportedSymbol[];
}

/** Brings the symbols into the order that DT_GNU_HASH asks for. */
export function collectSymbols(spec: ElfSpec): SymbolTable {
  const named = <S extends { readonly name: string }>(symbol: string | S): S | { readonly name: string } =>
    typeof symbol === 'string' ? { name: symbol } : symbol;
  const exports = (spec.exports ?? []).map((symbol): ExportedSymbol => named(symbol));
  const buckets = gnuBuckets(exports.length);
  const keyed = exports.map((symbol) => ({ symbol, bucket: gnuHash(symbol.name) % buckets }));
  keyed.sort((a, b) => a.bucket - b.bucket);
  return {
    imports: (spec.imports ?? []).map((symbol): ImportedSymbol => named(symbol)),
    exports: keyed.map(({ symbol }) => symbol),
  };
}

/** .hash, .gnu.hash, .dynsym and .gnu.version. */
export function symbolParts(
  format: Format,
  spec: ElfSpec,
  symbols: SymbolTable,
  versions: VersionTable,
  strings: StringTable,
): Part[] {
  const { imports, exports } = symbols;
  const { hash = 'both' } = spec;
  const defined = exports.map(({ name }) => name);
  const parts: Part[] = [];
  if (hash === 'both' || hash === 'sysv') {
    parts.push(sysvHashPart(format, ['', ...imports.map(({ name }) => name), ...defined]));
  }
  if (hash === 'both' || hash === 'gnu') parts.push(gnuHashPart(format, defined, imports.length + 1));
  parts.push(dynsymPart(format, symbols, strings));
  if (versions.definitions.length > 0 || versions.needs.size > 0) {
    parts.push(versymPart(format, symbols, versions));
  }
  return parts;
}

function dynsymPart(format: Format, { imports, exports }: SymbolTable, strings: StringTable): Part {
  const entrySize = entryBytes('symbol', format.class);
  const names = [...imports, ...exports].map(({ name }) => strings.add(name));
  const content = (addresses: Addresses): Uint8Array => {
    const out = new ElfBytes(format).raw(new Uint8Array(entrySize));
    const section = addresses.sectionOf('text');
    const text = addresses.of('text');
    for (const [i, symbol] of imports.entries()) putSymbol(out, format, names[i] ?? 0, symbol, 0, 0);
    for (const [i, symbol] of exports.entries()) {
      const name = names[imports.length + i] ?? 0;
      putSymbol(out, format, name, symbol, text + (symbol.offset ?? 0), section);
    }
    return out.done();
  };
  const section = sectionSpec({ name: '.dynsym', type: SHT_DYNSYM, entrySize, link: 'dynstr', info: 1 });
  const size = entrySize * (1 + names.length);
  return { name: 'dynsym', align: wordBytes(format), size, content, section };
}

function putSymbol(
  out: ElfBytes,
  format: Format,
  name: number,
  { type = 'FUNC', weak = false }: ImportedSymbol | ExportedSymbol,
  value: number,
  section: number,
): void {
  const info = ((weak ? STB_WEAK : STB_GLOBAL) << 4) | SYMBOL_TYPES[type];
  if (format.class === 64) out.u32(name).u8(info).u8(0).u16(section).u64(value).u64(0);
  else out.u32(name).u32(value).u32(0).u8(info).u8(0).u16(section);
}

function versymPart(format: Format, { imports, exports }: SymbolTable, versions: VersionTable): Part {
  const out = new ElfBytes(format).u16(0);
  for (const symbol of imports) out.u16(importIndex(versions, symbol));
  for (const symbol of exports) {
    out.u16(exportIndex(versions, symbol) | (symbol.hidden === true ? VERSYM_HIDDEN : 0));
  }
  const section = { name: '.gnu.version', type: SHT_GNU_VERSYM, entrySize: 2, link: 'dynsym' } as const;
  return fixedPart('versym', 2, out.done(), section);
}
