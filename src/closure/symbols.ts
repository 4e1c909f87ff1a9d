import { symbolName } from '../elf/symbol-hash.ts';
import { importedNames, readSymbols, type SymbolTable } from '../elf/symbols.ts';
import { isRootfsError } from '../errors.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';

const NONE: ReadonlySet<string> = new Set();

/** Symbols of the files of a closure, each file read once however many finders ask. */
export class Symbols {
  readonly #sysroot: Sysroot;
  readonly #imports = new Map<RootPath, ReadonlySet<string>>();
  readonly #tables = new Map<RootPath, SymbolTable | null>();

  constructor(sysroot: Sysroot) {
    this.#sysroot = sysroot;
  }

  /** Names that a file wants from others; none for one that is no dynamic ELF file. */
  imports(path: RootPath): ReadonlySet<string> {
    let names = this.#imports.get(path);
    if (names === undefined) {
      const table = this.#tables.get(path) ?? this.#read(path);
      names = table === null ? NONE : importedNames(table);
      this.#imports.set(path, names);
    }
    return names;
  }

  /** Whether a file defines a symbol for others. */
  defines(path: RootPath, symbol: string): boolean {
    const table = this.#tables.get(path) ?? this.#read(path);
    this.#tables.set(path, table);
    return table?.find(symbolName(symbol)).some((index) => table.isDefined(index)) ?? false;
  }

  /** A symbol table that cannot be read names nothing: the loader has judged the file already. */
  #read(path: RootPath): SymbolTable | null {
    const source = this.#sysroot.open(path);
    if (typeof source === 'string') return null;
    try {
      return readSymbols(source, path);
    } catch (error) {
      if (isRootfsError(error)) return null;
      throw error;
    } finally {
      source.close();
    }
  }
}
