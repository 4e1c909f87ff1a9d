import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostCpu } from '../../src/build/host-cpu.ts';
import type { Cpu } from '../../src/ldso/hwcaps.ts';
import { Loader } from '../../src/ldso/loader.ts';
import type { LinkMap } from '../../src/ldso/object.ts';
import { hostSysroot } from '../../src/sysroot/host.ts';
import { memorySysroot } from '../../src/sysroot/memory.ts';
import { dir, program } from '../../src/sysroot/memory-entries.ts';
import { rootPath, type Sysroot } from '../../src/sysroot/sysroot.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { needs, skip } from '../helpers/capabilities.ts';
import { loaderBytes, MACHINES, type Machine, type MachineName } from './machines.ts';
import { chrootRefused, run, type Start, type Trace, trace } from './oracle.ts';
import { addedOnDisk, inMemory, onDisk, type Tree } from './tree.ts';

export {
  dir,
  fifo,
  file,
  hardlink,
  link,
  program,
  unreadable,
} from '../../src/sysroot/memory-entries.ts';

/**
 * One case: a tree, a program in it, and what the loader maps. It is resolved in memory and on disk, and the real
 * loader is asked in a chroot of the same disk.
 */
export interface Case {
  /** A sentence that says which part of the rule it pins. */
  readonly title: string;
  /** The machine's loader is put there too. */
  readonly tree: Tree;
  /** @default '/app' */
  readonly program?: string;
  readonly libraryPath?: string;
  readonly preload?: string;
  /** @default 'x86_64' */
  readonly machine?: MachineName;
  /** Objects in load order without the program; the loader itself only where its place matters. */
  readonly expected: readonly string[] | ((cpu: Cpu) => readonly string[]);
  /** Names that nothing answers, in the order met. */
  readonly missing?: readonly string[];
  /** Versions that are missing. */
  readonly versions?: readonly string[];
  /** The program does not start for this reason, in the loader's words: it stops before it tells of the rest. */
  readonly fatal?: RegExp;
  /** Names that only a trace tells of as not found: DT_AUXILIARY. */
  readonly optional?: readonly string[];
  /** Whether ldconfig makes the cache; a word chooses its format. @default false */
  readonly ldconfig?: boolean | 'old' | 'compat' | 'new';
  /** Processor to resolve for. @default the machine that the oracle runs on */
  readonly cpu?: Cpu;
  /** The oracle starts the loader on the program. @default false */
  readonly explicit?: boolean;
  /** The oracle's user. @default 0 */
  readonly uid?: number;
  /** Why the real loader is not asked. */
  readonly noOracle?: string;
  /** `trace`: do not start the program too. `start`: a trace does not tell, only whether it starts. */
  readonly oracle?: 'trace' | 'start';
  /** Put over the tree once the cache is made. */
  readonly later?: Tree;
}

const PIE = 0x08000000;

/** A program of a machine, started through its loader. */
export function app(spec: ElfSpec = {}, machine: MachineName = 'x86_64'): { readonly elf: ElfSpec } {
  const { elf, interpreter } = MACHINES[machine] as Machine;
  return { elf: { interpreter, flags1: PIE, ...elf, ...spec } };
}

/** A shared library of a machine. */
export function lib(spec: ElfSpec = {}, machine: MachineName = 'x86_64'): { readonly elf: ElfSpec } {
  return { elf: { ...(MACHINES[machine] as Machine).elf, ...spec } };
}

/** Declares the tests of one rule. */
export function scenarios(rule: string, cases: readonly Case[]): void {
  describe(rule, () => {
    for (const one of cases) {
      it(one.title, () => inMemoryAgrees(one));
      if (one.noOracle === undefined) {
        it(`${one.title} (as the real loader says)`, function () {
          oracleAgrees(this, one);
        });
      }
    }
  });
}

/** What our resolution says, in the form that cases are written in. */
interface Said {
  readonly objects: readonly string[];
  readonly missing: readonly string[];
  readonly versions: readonly string[];
}

function said(sysroot: Sysroot, one: Case, cpu: Cpu): Said {
  const { libraryPath, preload } = one;
  const loader = new Loader(sysroot, {
    cpu,
    ...(libraryPath === undefined ? {} : { libraryPath }),
    ...(preload === undefined ? {} : { preload }),
  });
  const maps = loader.linkMaps(rootPath(one.program ?? '/app'));
  assert.equal(maps.length, 1, 'one link map for one processor');
  const map = maps[0] as LinkMap;
  // The loader is always there; it counts where somebody asks for it, as a trace has it.
  const named = new Set(map.objects.flatMap(({ bindings }) => bindings.map(({ path }) => path)));
  const shown = map.objects.slice(1).filter(({ kind, path }) => kind !== 'interpreter' || named.has(path));
  return {
    objects: shown.map(({ path }) => path),
    missing: map.missing.map(({ name }) => name),
    versions: map.missingVersions.map(({ version }) => version),
  };
}

function cpuOf(one: Case): Cpu {
  return one.cpu ?? (MACHINES[one.machine ?? 'x86_64'] as Machine).cpu ?? hostCpu();
}

function compare(actual: Said, one: Case, machine: Machine): void {
  const expected = typeof one.expected === 'function' ? one.expected(cpuOf(one)) : one.expected;
  const withLoader = expected.includes(machine.interpreter);
  const objects = withLoader ? actual.objects : actual.objects.filter((path) => path !== machine.interpreter);
  assert.deepEqual(
    { ...actual, objects },
    { objects: expected, missing: one.missing ?? [], versions: one.versions ?? [] },
  );
}

/** The tree with the machine's loader in it. */
export function wholeTree(one: Pick<Case, 'tree'>, machine: Machine): Tree {
  const bytes = loaderBytes(machine);
  const loader =
    bytes === null || machine.interpreter in one.tree ? {} : { [machine.interpreter]: program(bytes) };
  return { '/proc': dir(), ...loader, ...one.tree };
}

function inMemoryAgrees(one: Case): void {
  const machine = MACHINES[one.machine ?? 'x86_64'] as Machine;
  // Caches come of ldconfig, which needs a disk.
  if (one.ldconfig !== undefined) {
    withDisk(one, machine, (root) => {
      const known = inMemory({ ...wholeTree(one, machine), ...one.later });
      compare(said(memorySysroot({ ...known, ...addedOnDisk(root, known) }), one, cpuOf(one)), one, machine);
    });
    return;
  }
  compare(saidInMemory(one, machine), one, machine);
}

function saidInMemory(one: Case, machine: Machine): Said {
  return said(memorySysroot(inMemory(wholeTree(one, machine))), one, cpuOf(one));
}

/** Puts the tree of a case into a directory of its own while it is used. */
export function withDisk(
  one: Pick<Case, 'tree' | 'ldconfig' | 'later'>,
  machine: Machine,
  use: (root: string) => void,
): void {
  const root = mkdtempSync(join(tmpdir(), 'mkrootfs-scenario-'));
  try {
    chmodSync(root, 0o755);
    onDisk(root, wholeTree(one, machine));
    if (one.ldconfig !== undefined && one.ldconfig !== false) ldconfig(root, one.ldconfig);
    onDisk(root, one.later ?? {});
    use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Makes /etc/ld.so.cache and the SONAME links of a tree. */
function ldconfig(root: string, format: true | 'old' | 'compat' | 'new'): void {
  mkdirSync(join(root, 'etc'), { recursive: true });
  const argv = ['ldconfig', '-r', root, ...(format === true ? [] : ['-c', format])];
  const whole = process.getuid?.() === 0 ? argv : ['unshare', '--user', '--map-root-user', ...argv];
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  const { status, stderr } = spawnSync(whole[0] as string, whole.slice(1), { encoding: 'utf8', env });
  assert.equal(status, 0, stderr);
}

/** Skips where this machine cannot ask the real loader. */
export function askable(context: Mocha.Context, machine: Machine): void {
  if (process.arch !== 'x64') skip(context, 'needs an x86-64 machine');
  needs(context, { tool: 'cc', package: 'gcc' });
  needs(context, { tool: machine.loader, package: machine.package });
  if (machine.qemu !== null) needs(context, { tool: machine.qemu, package: 'qemu-user-static' });
  const refusal = chrootRefused();
  if (refusal !== null) skip(context, refusal);
}

function oracleAgrees(context: Mocha.Context, one: Case): void {
  const machine = MACHINES[one.machine ?? 'x86_64'] as Machine;
  askable(context, machine);
  if (one.uid !== undefined && process.getuid?.() !== 0)
    skip(context, 'only root can start it as another user');
  withDisk(one, machine, (root) => {
    // Another user's rights are none of ours: the tree in memory has them.
    const ours =
      one.uid === undefined ? said(hostSysroot(root), one, cpuOf(one)) : saidInMemory(one, machine);
    compare(ours, one, machine);
    beside(root, one, machine, ours);
  });
}

/** The real loader's answer for the disk beside ours. */
function beside(root: string, one: Case, machine: Machine, ours: Said): void {
  const start: Start = {
    program: one.program ?? '/app',
    libraryPath: one.libraryPath,
    preload: one.preload,
    explicit: one.explicit ?? false,
    uid: one.uid ?? 0,
  };
  if (one.oracle !== 'start') compareTrace(trace(root, machine, start), ours, one, machine);
  if (one.oracle !== 'trace' && machine.starts !== false) {
    const complete = ours.missing.length === 0 && ours.versions.length === 0;
    const { status, stderr } = run(root, machine, start);
    assert.equal(status === 0, complete, `the program itself ended with ${status}: ${stderr}`);
  }
}

function compareTrace(traced: Trace, ours: Said, one: Case, machine: Machine): void {
  if (one.fatal !== undefined) {
    assert.match(traced.stderr, one.fatal);
    assert.notEqual(traced.status, 0, 'the loader gives up');
    return;
  }
  const absolute = traced.objects.map((path) => rootPath(path));
  // musl's loader tells of itself first, whoever asks for it.
  const told = ours.objects.filter((path) => machine.libc === 'glibc' || path !== machine.interpreter);
  assert.deepEqual(absolute, told, `the loader's own list, ${traced.stderr}`);
  assert.deepEqual(traced.missing.toSorted(), [...ours.missing, ...(one.optional ?? [])].toSorted());
  const versions = [...traced.stderr.matchAll(/(?<!weak )version `([^']*)' not found/g)].map(
    ([, name]) => name as string,
  );
  assert.deepEqual(
    versions,
    ours.versions.filter((name) => !name.includes(' ')),
  );
}
