import { encodeName } from '../../bytes.ts';
import { dynamicPart } from './dynamic.ts';
import type { Format } from './format.ts';
import { exitCode } from './machine-code.ts';
import { noteParts } from './notes.ts';
import { fixedPart, type Part, SECTION_FLAGS } from './part.ts';
import { relocationParts } from './relocations.ts';
import type { ElfSpec } from './spec.ts';
import { StringTable } from './string-table.ts';
import { collectSymbols, symbolParts } from './symbols.ts';
import { collectVersions, verdefPart, verneedPart } from './versions.ts';

const SHT_PROGBITS = 1;
const SHT_STRTAB = 3;

/** Every part of the file that a specification asks for, and the tags of its dynamic entries in order. */
export interface Parts {
  readonly parts: readonly Part[];
  readonly dynamicTags: readonly number[];
}

/** From what a file says to the tables that say it. */
export function partsOf(format: Format, spec: ElfSpec): Parts {
  const head = [...interpreterPart(spec), ...noteParts(format, spec.notes)];
  const text = textPart(format, spec);
  if (!isDynamic(spec)) return { parts: [...head, ...text], dynamicTags: [] };
  const strings = new StringTable();
  const symbols = collectSymbols(spec);
  const versions = collectVersions(spec, symbols.imports, symbols.exports);
  const tables = [
    ...symbolParts(format, spec, symbols, versions, strings),
    ...verdefPart(format, versions, strings),
    ...verneedPart(format, versions, strings),
    ...relocationParts(format, spec),
  ];
  const dynamic = dynamicPart(format, spec, tables, strings);
  const dynstr = fixedPart('dynstr', 1, strings.done(), { name: '.dynstr', type: SHT_STRTAB });
  return { parts: [...head, ...tables, dynstr, ...text, dynamic.part], dynamicTags: dynamic.tags };
}

function isDynamic(spec: ElfSpec): boolean {
  const { type = 'DYN' } = spec;
  return spec.dynamic ?? (type === 'DYN' || (type === 'EXEC' && spec.interpreter !== undefined));
}

function interpreterPart({ interpreter }: ElfSpec): readonly Part[] {
  if (interpreter === undefined) return [];
  const bytes = typeof interpreter === 'string' ? encodeName(`${interpreter}\0`) : interpreter;
  return [fixedPart('interp', 1, bytes, { name: '.interp', type: SHT_PROGBITS })];
}

/** Programs have code to start at, libraries with exports a place for these to point to. */
function textPart({ machine }: Format, spec: ElfSpec): readonly Part[] {
  const wanted = spec.interpreter !== undefined || spec.type === 'EXEC' || (spec.exports ?? []).length > 0;
  const code = spec.code ?? (wanted ? 'exit' : null);
  if (code === null) return [];
  const bytes = code === 'exit' ? exitCode(machine) : code;
  const flags = SECTION_FLAGS.ALLOC | SECTION_FLAGS.EXEC;
  return [fixedPart('text', 16, bytes, { name: '.text', type: SHT_PROGBITS, flags })];
}
