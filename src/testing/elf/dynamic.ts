import { entryBytes } from './fields.ts';
import { ElfBytes, type Format, wordBytes } from './format.ts';
import { DYNAMIC_TAGS, type DynamicTag } from './names.ts';
import { type Addresses, type Part, SECTION_FLAGS, sectionSpec } from './part.ts';
import { hasAddends, relocationBytes } from './relocations.ts';
import type { DynamicEntry, ElfSpec, TableName } from './spec.ts';
import type { StringTable } from './string-table.ts';

const SHT_DYNAMIC = 6;

/** A dynamic entry whose value may wait for addresses. */
interface Entry {
  readonly tag: number;
  value(addresses: Addresses): number | bigint;
}

/** .dynamic; `tables` are the other parts, the string table excepted, which is told by name and grows here. */
export function dynamicPart(
  format: Format,
  spec: ElfSpec,
  tables: readonly Part[],
  strings: StringTable,
): { readonly part: Part; readonly tags: readonly number[] } {
  const stored = (entry: DynamicEntry): Entry => storedEntry(entry, strings);
  const before = [...specEntries(spec), ...(spec.tags ?? [])].map(stored);
  const behind = (spec.tagsAfterNull ?? []).map(stored);
  const stringBytes = strings.done().length; // Every string is in by now.
  const entries = [
    ...before,
    ...tableEntries(format, tables),
    address('STRTAB', 'dynstr'),
    number('STRSZ', stringBytes),
    number('NULL', 0),
    ...behind,
  ];
  const entrySize = entryBytes('dynamic', format.class);
  const content = (addresses: Addresses): Uint8Array => {
    const out = new ElfBytes(format);
    for (const entry of entries) out.word(entry.tag).word(entry.value(addresses));
    return out.done();
  };
  const flags = SECTION_FLAGS.ALLOC | SECTION_FLAGS.WRITE;
  const section = sectionSpec({ name: '.dynamic', type: SHT_DYNAMIC, flags, entrySize, link: 'dynstr' });
  const size = entries.length * entrySize;
  return {
    part: { name: 'dynamic', align: wordBytes(format), size, content, section },
    tags: entries.map(({ tag }) => tag),
  };
}

/** What the named fields of a specification ask for. */
function specEntries(spec: ElfSpec): readonly DynamicEntry[] {
  const many = (tag: DynamicTag, values: readonly string[] = []): DynamicEntry[] =>
    values.map((value) => ({ tag, value }));
  const one = (tag: DynamicTag, value: string | number | undefined): DynamicEntry[] =>
    value === undefined ? [] : [{ tag, value }];
  return [
    ...many('NEEDED', spec.needed),
    ...many('FILTER', spec.filter),
    ...many('AUXILIARY', spec.auxiliary),
    ...one('SONAME', spec.soname),
    ...one('RPATH', spec.rpath),
    ...one('RUNPATH', spec.runpath),
    ...one('AUDIT', spec.audit),
    ...one('DEPAUDIT', spec.depaudit),
    ...one('FLAGS', spec.dtFlags),
    ...one('FLAGS_1', spec.flags1),
  ];
}

/** The entries that tell where the tables are. */
function tableEntries(format: Format, tables: readonly Part[]): readonly Entry[] {
  const kind = hasAddends(format) ? 'RELA' : 'REL';
  return tables.flatMap(({ name, size, section }): Entry[] => {
    switch (name) {
      case 'hash':
        return [address('HASH', name)];
      case 'gnu.hash':
        return [address('GNU_HASH', name)];
      case 'dynsym':
        return [address('SYMTAB', name), number('SYMENT', section.entrySize)];
      case 'versym':
        return [address('VERSYM', name)];
      case 'verdef':
        return [address('VERDEF', name), number('VERDEFNUM', section.info)];
      case 'verneed':
        return [address('VERNEED', name), number('VERNEEDNUM', section.info)];
      case 'relocations': {
        const length = number(`${kind}SZ`, size);
        return [address(kind, name), length, number(`${kind}ENT`, relocationBytes(format))];
      }
      case 'relr':
        return [address('RELR', name), number('RELRSZ', size), number('RELRENT', section.entrySize)];
      default:
        return [];
    }
  });
}

function storedEntry({ tag, value }: DynamicEntry, strings: StringTable): Entry {
  const stored = typeof value === 'string' ? strings.add(value) : value;
  return { tag: typeof tag === 'number' ? tag : DYNAMIC_TAGS[tag], value: () => stored };
}

function address(tag: DynamicTag, table: TableName): Entry {
  return { tag: DYNAMIC_TAGS[tag], value: (addresses) => addresses.of(table) };
}

function number(tag: DynamicTag, value: number): Entry {
  return { tag: DYNAMIC_TAGS[tag], value: () => value };
}
