import * as c from '../elf/constants.ts';
import type { ReferenceClass } from '../elf/references.ts';
import { type SymbolName, symbolName } from '../elf/symbol-hash.ts';
import type { SymbolTable } from '../elf/symbols.ts';
import type { VersionName } from '../elf/version-names.ts';

/** What a relocation looks for. */
export interface Wanted {
  readonly name: SymbolName;
  readonly version: VersionName | null;
  readonly kind: ReferenceClass;
}

/** The symbol that an object's own table asks for under an index. */
export function wantedBy(table: SymbolTable, index: number, kind: ReferenceClass): Wanted {
  const version = table.versioned ? table.version(table.versionIndex(index)) : null;
  return { name: symbolName(table.name(index)), version, kind };
}

/** STT_NOTYPE, OBJECT, FUNC, COMMON, TLS and, for glibc, GNU_IFUNC: the types that define something. */
const TYPES: ReadonlySet<number> = new Set([0, 1, 2, 5, c.STT_TLS]);
const BINDINGS: ReadonlySet<number> = new Set([c.STB_GLOBAL, c.STB_WEAK, c.STB_GNU_UNIQUE]);

/** From this index on a definition has a version of its own: 0 is local, 1 and 2 what old programs mean. */
const FIRST_VERSION = 3;

/**
 * Whether an object defines what is wanted for glibc (elf/dl-lookup.c: check_match, do_lookup_x). A versioned
 * reference takes its very version, or a definition without any; an unversioned one takes the oldest versions,
 * else the only one that is not hidden.
 */
export function definesForGlibc(table: SymbolTable, { name, version, kind }: Wanted): boolean {
  let match = -1;
  let others = 0;
  let other = -1;
  for (const index of table.find(name)) {
    if (!isDefinition(table, index, kind)) continue;
    if (version === null ? isOldest(table, index) : hasVersion(table, index, version)) {
      match = index;
      break;
    }
    if (version === null && !table.isHiddenVersion(index) && others++ === 0) other = index;
  }
  if (match < 0 && others === 1) match = other;
  return match >= 0 && !table.isHidden(match) && BINDINGS.has(table.binding(match));
}

function isDefinition(table: SymbolTable, index: number, kind: ReferenceClass): boolean {
  const type = table.type(index);
  if (table.isZero(index) && table.section(index) !== c.SHN_ABS && type !== c.STT_TLS) return false;
  if (kind === 'plt' && !table.isDefined(index)) return false;
  return TYPES.has(type) || type === c.STT_GNU_IFUNC;
}

function hasVersion(table: SymbolTable, index: number, wanted: VersionName): boolean {
  if (!table.versioned) return true;
  const own = table.version(table.versionIndex(index));
  if (own?.name === wanted.name) return true;
  return !wanted.hidden && own === null && !table.isHiddenVersion(index);
}

function isOldest(table: SymbolTable, index: number): boolean {
  return !table.versioned || table.versionIndex(index) < FIRST_VERSION;
}

/** Whether an object defines what is wanted for musl, which knows of versions only the hidden bit (find_sym2). */
export function definesForMusl(table: SymbolTable, { name, kind }: Wanted): boolean {
  const index = table.find(name).find((candidate) => !table.isHiddenVersion(candidate));
  if (index === undefined) return false;
  const type = table.type(index);
  if (!table.isDefined(index) && (kind !== 'other' || type === c.STT_TLS)) return false;
  if (table.isZero(index) && type !== c.STT_TLS) return false;
  return TYPES.has(type) && BINDINGS.has(table.binding(index));
}
