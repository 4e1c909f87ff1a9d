import { fromLatin1 } from '../bytes.ts';
import * as c from '../elf/constants.ts';
import type { ReferenceClass } from '../elf/references.ts';
import type { SymbolTable } from '../elf/symbols.ts';
import type { RootPath } from '../sysroot/sysroot.ts';
import type { ProgramMap } from './loader.ts';
import type { LoadedObject } from './object.ts';
import { definesForGlibc, definesForMusl, type Wanted, wantedBy } from './symbol-match.ts';
import type { SymbolTables } from './symbol-tables.ts';

/** A symbol that an object needs and no object of its process defines. */
export interface Unbound {
  readonly symbol: string;
  /** The version asked for; null for none. */
  readonly version: string | null;
  readonly neededBy: RootPath;
}

/**
 * Binds every symbol that relocations of a link map ask for, as the loader does with LD_BIND_NOW: through the
 * objects in load order, by name and version (elf/dl-lookup.c). Weak ones may stay unbound.
 * @returns those that nothing defines, by object in load order, each once: what `ldd -r` reports
 */
export function bindSymbols(map: ProgramMap, tables: SymbolTables): readonly Unbound[] {
  return new Scope(map, tables).unbound();
}

class Scope {
  readonly #objects: readonly LoadedObject[];
  readonly #tables: ReadonlyMap<LoadedObject, SymbolTable | null>;
  readonly #defines: (table: SymbolTable, wanted: Wanted) => boolean;
  /** What is known of names asked for before: half of all are asked for by several objects. */
  readonly #found = new Map<string, boolean>();

  constructor(map: ProgramMap, tables: SymbolTables) {
    const { libc } = map.profile;
    this.#defines = libc === 'musl' ? definesForMusl : definesForGlibc;
    this.#objects = map.objects.filter((object) => libc === 'musl' || isSearched(map, object));
    this.#tables = new Map(this.#objects.map((object) => [object, tables.of(object.path)]));
  }

  unbound(): readonly Unbound[] {
    const all: Unbound[] = [];
    for (const object of this.#objects) {
      const table = this.#tables.get(object);
      // The loader relocates itself before it knows of any other.
      if (table == null || object.kind === 'interpreter') continue;
      for (const [index, kinds] of table.references) {
        if (!isOpen(table, index) || this.#isBound(table, index, kinds)) continue;
        const { name, version } = wantedBy(table, index, 'other');
        all.push({ symbol: fromLatin1(name.text), version: version?.name ?? null, neededBy: object.path });
      }
    }
    return all;
  }

  #isBound(table: SymbolTable, index: number, kinds: ReadonlySet<ReferenceClass>): boolean {
    for (const kind of kinds) {
      // A file's own definition is in its own scope; only copies come from elsewhere.
      if (kind !== 'copy' && table.isDefined(index)) continue;
      if (!this.#find(wantedBy(table, index, kind))) return false;
    }
    return true;
  }

  #find(wanted: Wanted): boolean {
    const { name, version, kind } = wanted;
    const key = `${name.text}\0${version?.name ?? ''}\0${version?.hidden ?? ''}\0${kind}`;
    let found = this.#found.get(key);
    if (found === undefined) {
      found = this.#objects.some((object) => {
        const table = this.#tables.get(object);
        // A copy of the program's own variable is taken from elsewhere.
        const passedOver = kind === 'copy' && object === this.#objects[0];
        return table != null && !passedOver && this.#defines(table, wanted);
      });
      this.#found.set(key, found);
    }
    return found;
  }
}

/** The interpreter is mapped always, and searched where an object names it. */
function isSearched(map: ProgramMap, object: LoadedObject): boolean {
  if (object.kind !== 'interpreter') return true;
  return map.objects.some(({ bindings }) => bindings.some(({ path }) => path === object.path));
}

/** A local or hidden symbol is bound by the linker, a weak one need not be bound. */
function isOpen(table: SymbolTable, index: number): boolean {
  const binding = table.binding(index);
  return binding !== c.STB_LOCAL && binding !== c.STB_WEAK && !table.isHidden(index);
}
