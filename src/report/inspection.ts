import type { ElfImage, ElfNotes } from '../elf/image.ts';
import { type Paint, PLAIN } from './paint.ts';
import { printable } from './printable.ts';

/** What `inspect` knows of one ELF file. */
export interface Inspection {
  readonly path: string;
  readonly image: Pick<
    ElfImage,
    | 'class'
    | 'byteOrder'
    | 'machine'
    | 'type'
    | 'osAbi'
    | 'interpreter'
    | 'soname'
    | 'needed'
    | 'filters'
    | 'audit'
    | 'rpath'
    | 'runpath'
    | 'verneed'
    | 'verdef'
  >;
  readonly notes: Pick<ElfNotes, 'buildId' | 'abiTag' | 'dlopen'>;
  /** Names of the header's numbers; null where nobody knows them. */
  readonly names: {
    readonly machine: string;
    readonly abi: string;
    readonly type: string;
    readonly segments: readonly {
      readonly type: string;
      readonly flags: string;
      readonly offset: number;
      readonly fileSize: number;
      readonly memorySize: number;
    }[];
  } | null;
}

const LABEL = 14;

/** One ELF file for people: a heading, then one fact a line; facts that the file lacks are left out. */
export function inspectionText(inspection: Inspection, paint: Paint = PLAIN): string {
  const lines = [paint.bold(printable(inspection.path))];
  for (const [label, values] of facts(inspection)) {
    values.forEach((value, at) => {
      lines.push(`  ${paint.dim((at === 0 ? label : '').padEnd(LABEL))}${printable(value)}`);
    });
  }
  return lines.map((line) => `${line}\n`).join('');
}

function facts({ image, notes, names }: Inspection): readonly (readonly [string, readonly string[]])[] {
  const { byteOrder, machine, type, osAbi } = image;
  return [
    ['type', [names ? `${type} (${names.type})` : type]],
    ['class', [`${image.class}-bit, ${byteOrder === 'LE' ? 'little' : 'big'}-endian`]],
    ['machine', [names ? `${machine} (${names.machine})` : String(machine)]],
    ['ABI', [names ? `${osAbi} (${names.abi})` : String(osAbi)]],
    ['interpreter', present(image.interpreter)],
    ['soname', present(image.soname)],
    ['needed', image.needed],
    ['filters', image.filters.map(({ tag, name }) => `${name} (DT_${tag})`)],
    ['audit', image.audit],
    ['rpath', present(image.rpath)],
    ['runpath', present(image.runpath)],
    ['wants', versionsByFile(image)],
    ['defines', image.verdef ?? []],
    ['build id', present(notes.buildId)],
    ['for', present(notes.abiTag)],
    ['may dlopen', notes.dlopen.map(({ soname, priority }) => `${soname.join(' or ')} (${priority})`)],
    ['segments', segmentLines(names)],
  ];
}

function present(value: string | null): readonly string[] {
  return value === null ? [] : [value];
}

/** `libc.so.6: GLIBC_2.2.5 GLIBC_2.34` */
function versionsByFile({ verneed }: Inspection['image']): readonly string[] {
  const byFile = new Map<string, string[]>();
  for (const { file, version, weak } of verneed) {
    const versions = byFile.get(file) ?? [];
    versions.push(weak ? `${version} (weak)` : version);
    byFile.set(file, versions);
  }
  return [...byFile].map(([file, versions]) => `${file}: ${versions.join(' ')}`);
}

function segmentLines(names: Inspection['names']): readonly string[] {
  return (names?.segments ?? []).map(({ type, flags, offset, fileSize, memorySize }) => {
    const place = `0x${offset.toString(16)}+0x${fileSize.toString(16)}`;
    return `${type.padEnd(22)} ${place.padEnd(20)} ${`0x${memorySize.toString(16)}`.padEnd(10)} ${flags}`;
  });
}
