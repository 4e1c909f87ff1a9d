import { readSymbols, type SymbolTable } from '../elf/symbols.ts';
import { isRootfsError } from '../errors.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';

/** Bytes of tables that are kept: the libraries that most programs share. */
const KEPT_BYTES = 96 << 20;

/** Symbol tables of one sysroot, those used last kept. */
export class SymbolTables {
  readonly #sysroot: Sysroot;
  readonly #kept = new Map<RootPath, SymbolTable | null>();
  #bytes = 0;

  constructor(sysroot: Sysroot) {
    this.#sysroot = sysroot;
  }

  /** The table of a file; null where it has none that can be read: the loader has judged the file already. */
  of(path: RootPath): SymbolTable | null {
    const known = this.#kept.get(path);
    const table = known === undefined ? this.#read(path) : known;
    // A Map keeps the order of insertion: what was asked for last goes to its end.
    this.#kept.delete(path);
    this.#kept.set(path, table);
    return table;
  }

  #read(path: RootPath): SymbolTable | null {
    const table = this.#parse(path);
    this.#bytes += table?.bytes ?? 0;
    for (const [oldest, kept] of this.#kept) {
      if (this.#bytes <= KEPT_BYTES) break;
      this.#kept.delete(oldest);
      this.#bytes -= kept?.bytes ?? 0;
    }
    return table;
  }

  #parse(path: RootPath): SymbolTable | null {
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
