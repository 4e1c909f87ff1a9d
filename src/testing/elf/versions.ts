import { ElfBytes, type Format } from './format.ts';
import { sysvHash } from './hash.ts';
import { fixedPart, type Part } from './part.ts';
import type { ElfSpec, ExportedSymbol, ImportedSymbol, VersionDefinition } from './spec.ts';
import type { StringTable } from './string-table.ts';

const SHT_GNU_VERDEF = 0x6ffffffd;
const SHT_GNU_VERNEED = 0x6ffffffe;
const VER_FLG_BASE = 1;
const VER_FLG_WEAK = 2;

/** Version indexes that every file has (gABI symbol versioning). */
const VER_NDX_GLOBAL = 1;

interface Want {
  readonly name: string;
  readonly weak: boolean;
  readonly index: number;
}

/** Every version of a file with the index that .gnu.version refers to it by. */
export interface VersionTable {
  readonly definitions: readonly (VersionDefinition & { readonly index: number })[];
  readonly needs: ReadonlyMap<string, readonly Want[]>;
}

/** Collects the versions that a specification names, those of its symbols included, and numbers them. */
export function collectVersions(
  spec: ElfSpec,
  imports: readonly ImportedSymbol[],
  exports: readonly ExportedSymbol[],
): VersionTable {
  const definitions = collectDefinitions(spec, exports);
  let index = VER_NDX_GLOBAL + Math.max(definitions.length - 1, 0);
  const needs = new Map<string, Want[]>();
  const want = (file: string, name: string, weak: boolean): void => {
    const wants = needs.get(file) ?? [];
    needs.set(file, wants);
    if (!wants.some((known) => known.name === name)) wants.push({ name, weak, index: ++index });
  };
  for (const { file, versions } of spec.verneed ?? []) {
    if (!needs.has(file)) needs.set(file, []);
    for (const version of versions) {
      const { name, weak = false } = typeof version === 'string' ? { name: version } : version;
      want(file, name, weak);
    }
  }
  for (const { from, version } of imports) if (from && version) want(from, version, false);
  return { definitions, needs };
}

function collectDefinitions(spec: ElfSpec, exports: readonly ExportedSymbol[]): VersionTable['definitions'] {
  const named = new Map<string, VersionDefinition>();
  for (const definition of spec.verdef ?? []) {
    const entry = typeof definition === 'string' ? { name: definition } : definition;
    named.set(entry.name, entry);
  }
  for (const { version } of exports) {
    if (version !== undefined && !named.has(version)) named.set(version, { name: version });
  }
  if (named.size === 0 && spec.verdef === undefined) return [];
  const base = { name: spec.soname ?? '' };
  return [base, ...named.values()].map((definition, i) => ({ ...definition, index: VER_NDX_GLOBAL + i }));
}

/** Version index of an imported symbol. */
export function importIndex(table: VersionTable, { from, version }: ImportedSymbol): number {
  const wants = from === undefined ? [] : (table.needs.get(from) ?? []);
  return wants.find((want) => want.name === version)?.index ?? VER_NDX_GLOBAL;
}

/** Version index of an exported symbol. */
export function exportIndex(table: VersionTable, { version }: ExportedSymbol): number {
  if (version === undefined) return VER_NDX_GLOBAL;
  return table.definitions.find((definition) => definition.name === version)?.index ?? VER_NDX_GLOBAL;
}

/** .gnu.version_d */
export function verdefPart(format: Format, { definitions }: VersionTable, strings: StringTable): Part[] {
  if (definitions.length === 0) return [];
  const out = new ElfBytes(format);
  for (const [i, { name, parents = [], weak = false, index }] of definitions.entries()) {
    const flags = (i === 0 ? VER_FLG_BASE : 0) | (weak ? VER_FLG_WEAK : 0);
    const names = [name, ...parents];
    const next = i === definitions.length - 1 ? 0 : 20 + 8 * names.length;
    out.u16(1).u16(flags).u16(index).u16(names.length).u32(sysvHash(name)).u32(20).u32(next);
    for (const [j, each] of names.entries()) {
      out.u32(strings.add(each)).u32(j === names.length - 1 ? 0 : 8);
    }
  }
  const section = {
    name: '.gnu.version_d',
    type: SHT_GNU_VERDEF,
    link: 'dynstr',
    info: definitions.length,
  } as const;
  return [fixedPart('verdef', 4, out.done(), section)];
}

/** .gnu.version_r */
export function verneedPart(format: Format, { needs }: VersionTable, strings: StringTable): Part[] {
  if (needs.size === 0) return [];
  const out = new ElfBytes(format);
  let left = needs.size;
  for (const [file, wants] of needs) {
    const next = --left === 0 ? 0 : 16 + 16 * wants.length;
    out.u16(1).u16(wants.length).u32(strings.add(file)).u32(16).u32(next);
    for (const [i, { name, weak, index }] of wants.entries()) {
      out
        .u32(sysvHash(name))
        .u16(weak ? VER_FLG_WEAK : 0)
        .u16(index)
        .u32(strings.add(name));
      out.u32(i === wants.length - 1 ? 0 : 16);
    }
  }
  const section = {
    name: '.gnu.version_r',
    type: SHT_GNU_VERNEED,
    link: 'dynstr',
    info: needs.size,
  } as const;
  return [fixedPart('verneed', 4, out.done(), section)];
}
