import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildElf } from '../../src/testing/build-elf.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { hasTool } from '../helpers/capabilities.ts';

/** What a compiler's command line can ask for. */
const PLAIN: ReadonlySet<string> = new Set<keyof ElfSpec>([
  'soname',
  'needed',
  'rpath',
  'runpath',
  'filter',
  'auxiliary',
  'flags1',
  'interpreter',
  'audit',
  'depaudit',
]);
const NODEFLIB = 0x800;
const PIE = 0x08000000;

const made = new Map<string, Uint8Array>();
let directory: string | null = null;

/** The file that a description stands for, made by cc; null for one that no compiler would make. */
export function compileElf(spec: ElfSpec): Uint8Array | null {
  if (!canCompile(spec)) return null;
  const key = JSON.stringify(spec);
  const bytes = made.get(key) ?? compile(spec, workshop());
  made.set(key, bytes);
  return bytes;
}

function canCompile(spec: ElfSpec): boolean {
  if (process.arch !== 'x64' || !hasTool('cc')) return false;
  if (!Object.keys(spec).every((key) => PLAIN.has(key))) return false;
  return canLink(spec) && canStart(spec);
}

/** What a linker would leave out, or cannot write. */
function canLink({ needed = [], rpath, runpath, filter = [] }: ElfSpec): boolean {
  if (rpath !== undefined && runpath !== undefined) return false;
  const empty = needed.includes('') || rpath === '' || runpath === '';
  return !empty && new Set(needed).size === needed.length && filter.length <= 1;
}

/** Programs have no filters, and the compiler makes position-independent ones alone. */
function canStart({ interpreter, flags1 = 0, filter = [], auxiliary = [] }: ElfSpec): boolean {
  if ((flags1 & ~(NODEFLIB | PIE)) !== 0) return false;
  if (interpreter === undefined) return true;
  return typeof interpreter === 'string' && (flags1 & PIE) !== 0 && filter.length + auxiliary.length === 0;
}

function compile(spec: ElfSpec, base: string): Uint8Array {
  const { needed = [], rpath, runpath, filter = [], auxiliary = [], flags1 = 0, interpreter } = spec;
  const stubs = needed.map((name, i) => {
    const stub = join(base, `stub-${i}.so`);
    writeFileSync(stub, buildElf({ soname: name }));
    return stub;
  });
  const linker = (...words: readonly string[]): string[] => words.flatMap((word) => ['-Xlinker', word]);
  const out = join(base, 'out');
  const argv = [
    ...['-nostdlib', '-nostartfiles', '-o', out, join(base, 'start.s')],
    ...(interpreter === undefined
      ? ['-shared']
      : ['-pie', ...linker('--dynamic-linker', String(interpreter))]),
    ...linker('--no-as-needed', '--hash-style=both', '-z', 'noseparate-code'),
    ...(spec.soname === undefined ? [] : linker('-soname', spec.soname)),
    ...(rpath === undefined ? [] : linker('--disable-new-dtags', '-rpath', rpath)),
    ...(runpath === undefined ? [] : linker('--enable-new-dtags', '-rpath', runpath)),
    ...filter.flatMap((name) => linker('-F', name)),
    ...auxiliary.flatMap((name) => linker('-f', name)),
    ...(spec.audit === undefined ? [] : linker('--audit', spec.audit)),
    ...(spec.depaudit === undefined ? [] : linker('--depaudit', spec.depaudit)),
    ...((flags1 & NODEFLIB) === 0 ? [] : linker('-z', 'nodefaultlib')),
    ...stubs,
  ];
  const { status, stderr } = spawnSync('cc', argv, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cc ${argv.join(' ')}: ${stderr}`);
  return readFileSync(out);
}

/** A directory with a program that ends well, for the whole run. */
function workshop(): string {
  if (directory !== null) return directory;
  const made = mkdtempSync(join(tmpdir(), 'mkrootfs-cc-'));
  directory = made;
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  const exit = '.globl _start\n_start: xor %edi, %edi\n mov $60, %eax\n syscall\n.section .note.GNU-stack\n';
  writeFileSync(join(made, 'start.s'), exit);
  return made;
}
