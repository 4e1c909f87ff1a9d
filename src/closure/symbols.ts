import { readImportedNames } from '../elf/imported-names.ts';
import { symbolName } from '../elf/symbol-hash.ts';
import { readSymbols, type SymbolTable } from '../elf/symbols.ts';
import { isRootfsError } from '../errors.ts';
import type { ByteSource, RootPath, Sysroot } from '../sysroot/sysroot.ts';

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
      names = this.#read(path, readImportedNames) ?? NONE;
      this.#imports.set(path, names);
    }
    return names;
  }

  /** Whether a file defines a symbol for others. */
  defines(path: RootPath, symbol: string): boolean {
    const table = this.#tables.get(path) ?? this.#read(path, readSymbols);
    this.#tables.set(path, table);
    return table?.find(symbolName(symbol)).some((index) => table.isDefined(index)) ?? false;
  }

  /** A symbol table that cannot be read names nothing: the loader has judged the file already. */
  #read<T>(path: RootPath, how: (source: ByteSource, path: string) => T): T | null {
    const source = this.#sysroot.open(path);
    if (typeof source === 'string') return null;
    try {
      return how(source, path);
    } catch (error) {
      if (isRootfsError(error)) return null;
      throw error;
    } finally {
      source.close();
    }
  }
}
