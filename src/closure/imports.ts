import { importedNames, readSymbols } from '../elf/symbols.ts';
import { isRootfsError } from '../errors.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';
import type { Node } from './types.ts';

const NONE: ReadonlySet<string> = new Set();

/** Symbols that files import, each file read once however many finders ask. */
export class Imports {
  readonly #sysroot: Sysroot;
  readonly #known = new Map<RootPath, ReadonlySet<string>>();

  constructor(sysroot: Sysroot) {
    this.#sysroot = sysroot;
  }

  of(node: Node): ReadonlySet<string> {
    if (node.image === null) return NONE;
    const known = this.#known.get(node.realPath) ?? this.#read(node.realPath);
    this.#known.set(node.realPath, known);
    return known;
  }

  /** A symbol table that cannot be read names nothing: the loader has judged the file already. */
  #read(path: RootPath): ReadonlySet<string> {
    const source = this.#sysroot.open(path);
    if (typeof source === 'string') return NONE;
    try {
      return importedNames(readSymbols(source, path));
    } catch (error) {
      if (isRootfsError(error)) return NONE;
      throw error;
    } finally {
      source.close();
    }
  }
}
