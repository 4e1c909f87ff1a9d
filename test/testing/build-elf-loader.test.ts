import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { buildElf } from '../../src/testing/build-elf.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { hasTool, needs, skip } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
const PIE = 0x08000000;

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Outcome {
  const { status, stdout, stderr, error } = spawnSync(argv[0]!, argv.slice(1), { encoding: 'utf8', env });
  assert.equal(error, undefined);
  return { status, stdout, stderr };
}

/** Names that the loader maps for a file, in its order, each with where it found it. */
function trace(path: string): readonly string[] {
  const { status, stdout, stderr } = run([LOADER, path], { LD_TRACE_LOADED_OBJECTS: '1' });
  assert.equal(status, 0, stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().replace(/ \(0x[0-9a-f]+\)$/, ''));
}

describe('buildElf beside the real loader', () => {
  const files = scratch();

  before(function () {
    if (process.arch !== 'x64') skip(this, 'needs an x86-64 machine');
    needs(this, { tool: LOADER, package: 'libc6' });
  });

  const programs: Readonly<Record<string, ElfSpec>> = {
    'a static program': { type: 'EXEC' },
    'a static PIE': { code: 'exit', flags1: PIE },
    'a dynamic program at a fixed address': { type: 'EXEC', interpreter: LOADER, needed: ['libc.so.6'] },
    'a PIE': { interpreter: LOADER, flags1: PIE, needed: ['libc.so.6'] },
    'a PIE whose program headers stand at the end': {
      interpreter: LOADER,
      flags1: PIE,
      programHeaders: 'end',
    },
    'a PIE without section headers': { interpreter: LOADER, flags1: PIE, sections: false },
    'a PIE whose string table has a PT_LOAD of its own': {
      interpreter: LOADER,
      flags1: PIE,
      needed: ['libc.so.6'],
      placement: { dynstr: 3, dynsym: 4 },
    },
    'a program at an odd base with large pages': {
      type: 'EXEC',
      interpreter: LOADER,
      base: 0x12340000,
      pageSize: 0x10000,
    },
    'a padded program': { type: 'EXEC', size: 50_000 },
  };
  for (const [what, spec] of Object.entries(programs)) {
    it(`${what} starts and ends with status 0`, () => {
      const path = files.write('program', buildElf(spec), 0o755);
      assert.deepEqual(run([path]), { status: 0, stdout: '', stderr: '' });
    });
  }

  it('a library is mapped with all that it needs, found by RUNPATH, RPATH and SONAME', () => {
    files.write(
      'lib/libb.so.1',
      buildElf({ soname: 'libb.so.1', needed: ['libc.so.6'], rpath: '$ORIGIN/deep' }),
    );
    files.write('lib/deep/libc.so.9', buildElf({ soname: 'libc.so.9' }));
    files.write(
      'lib/liba.so.1',
      buildElf({ soname: 'liba.so.1', needed: ['libb.so.1', 'libc.so.6'], runpath: '$ORIGIN' }),
    );
    const made = files.write(
      'made',
      buildElf({ needed: ['liba.so.1', 'libgone.so.3'], runpath: '$ORIGIN/lib' }),
    );
    assert.deepEqual(trace(made).slice(1, 5), [
      `liba.so.1 => ${files.path('lib/liba.so.1')}`,
      'libgone.so.3 => not found',
      `libb.so.1 => ${files.path('lib/libb.so.1')}`,
      `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6`,
    ]);
  });

  it('three hundred libraries that need each other are one program', () => {
    const count = 300;
    for (let i = 0; i < count; i++) {
      const needed = [2 * i + 1, 2 * i + 2].filter((n) => n < count).map((n) => `lib${n}.so`);
      files.write(`lib/lib${i}.so`, buildElf({ soname: `lib${i}.so`, needed, runpath: '$ORIGIN' }));
    }
    const spec: ElfSpec = { interpreter: LOADER, flags1: PIE, needed: ['lib0.so'], runpath: '$ORIGIN/lib' };
    const program = files.write('program', buildElf(spec), 0o755);
    assert.deepEqual(run([program]), { status: 0, stdout: '', stderr: '' });
    const expected = Array.from({ length: count }, (_, i) => `lib${i}.so => ${files.path(`lib/lib${i}.so`)}`);
    assert.deepEqual(trace(program).slice(1, count + 1), expected);
  });

  const names = Array.from({ length: 700 }, (_, i) => `symbol_${i}_${'x'.repeat(i % 7)}`);
  for (const hash of ['gnu', 'sysv', 'both'] as const) {
    it(`every symbol of a library is found through its ${hash} hash, and only those`, () => {
      files.write('libmany.so', buildElf({ soname: 'libmany.so', exports: names, hash }));
      const imports = [...names, 'nobody_has_this', { name: 'nor_this', weak: true }];
      const needing: ElfSpec = { needed: ['libmany.so'], runpath: '$ORIGIN', imports, bind: true };
      const made = files.write('made', buildElf(needing));
      const checking = { LD_TRACE_LOADED_OBJECTS: '1', LD_WARN: '1', LD_BIND_NOW: '1' };
      const { stdout, stderr } = run([LOADER, made], checking);
      const undefinedNames = [...`${stdout}${stderr}`.matchAll(/undefined symbol: (\S+)/g)].map(
        ([, name]) => name,
      );
      assert.deepEqual(undefinedNames, ['nobody_has_this']);
    });
  }

  it('versions wanted are checked against versions defined', () => {
    files.write(
      'libv.so',
      buildElf({ soname: 'libv.so', verdef: ['V_1', { name: 'V_2', parents: ['V_1'] }] }),
    );
    const wanting = (versions: readonly string[]): Outcome => {
      const spec: ElfSpec = {
        interpreter: LOADER,
        flags1: PIE,
        needed: ['libv.so'],
        runpath: '$ORIGIN',
        verneed: [{ file: 'libv.so', versions }],
      };
      return run([files.write('program', buildElf(spec), 0o755)]);
    };
    assert.equal(wanting(['V_1', 'V_2']).status, 0);
    const refused = wanting(['V_2', 'V_3']);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /libv\.so: version `V_3' not found/);
  });

  it('a weak version that is missing is only a warning', () => {
    files.write('libv.so', buildElf({ soname: 'libv.so', verdef: ['V_1'] }));
    const spec: ElfSpec = {
      interpreter: LOADER,
      needed: ['libv.so'],
      runpath: '$ORIGIN',
      verneed: [{ file: 'libv.so', versions: [{ name: 'V_9', weak: true }] }],
    };
    const { status, stderr } = run([files.write('program', buildElf(spec), 0o755)]);
    assert.equal(status, 0, stderr);
  });

  it('symbols bind to the version they ask for', () => {
    const exports: ElfSpec['exports'] = [
      { name: 'f', version: 'V_1', hidden: true },
      { name: 'f', version: 'V_2' },
    ];
    files.write('libv.so', buildElf({ soname: 'libv.so', exports }));
    const bound = (version: string): Outcome => {
      const spec: ElfSpec = {
        interpreter: LOADER,
        flags1: PIE,
        needed: ['libv.so'],
        runpath: '$ORIGIN',
        imports: [{ name: 'f', from: 'libv.so', version }],
        bind: true,
      };
      return run([files.write('program', buildElf(spec), 0o755)], { LD_BIND_NOW: '1' });
    };
    assert.equal(bound('V_1').status, 0);
    assert.equal(bound('V_2').status, 0);
    assert.match(bound('V_3').stderr, /version `V_3' not found/);
  });

  it('DT_RELR is refused without the version that announces it, and done with it', () => {
    const relr: ElfSpec = { interpreter: LOADER, flags1: PIE, relr: true, needed: ['libc.so.6'] };
    const withVersions = (versions: readonly string[]): ElfSpec => ({
      ...relr,
      verneed: [{ file: 'libc.so.6', versions }],
    });
    const announced = withVersions(['GLIBC_2.2.5', 'GLIBC_ABI_DT_RELR']);
    const refused = run([files.write('bare', buildElf(withVersions(['GLIBC_2.2.5'])), 0o755)]);
    assert.match(refused.stderr, /DT_RELR without GLIBC_ABI_DT_RELR dependency/);
    assert.deepEqual(run([files.write('program', buildElf(announced), 0o755)]), {
      status: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('an x86 level that no CPU has is refused', () => {
    const spec: ElfSpec = {
      interpreter: LOADER,
      flags1: PIE,
      notes: { x86IsaNeeded: 0x8000 },
      needed: ['libc.so.6'],
    };
    const { status, stderr } = run([files.write('program', buildElf(spec), 0o755)]);
    assert.equal(status, 127);
    assert.match(stderr, /CPU ISA level is lower than required/);
  });

  it('DT_FILTER and DT_AUXILIARY load what they name', () => {
    files.write('libf.so', buildElf({ soname: 'libf.so' }));
    files.write('libx.so', buildElf({ soname: 'libx.so' }));
    // In a library: the loader puts them before their filter, and a trace begins behind the program.
    const filtering: ElfSpec = { filter: ['libf.so'], auxiliary: ['libx.so'], runpath: '$ORIGIN' };
    files.write('liby.so', buildElf({ soname: 'liby.so', ...filtering }));
    const made = files.write('made', buildElf({ needed: ['liby.so'], runpath: '$ORIGIN' }));
    const traced = trace(made).join('\n');
    assert.match(traced, /libf\.so => \//);
    assert.match(traced, /libx\.so => \//);
  });

  const damaged: readonly (readonly [why: string, spec: ElfSpec, message: RegExp])[] = [
    ['another class', { patch: [{ field: 'ei_class', value: 1 }] }, /wrong ELF class/],
    [
      'another byte order',
      { patch: [{ field: 'ei_data', value: 2 }] },
      /ELF file data encoding not little-endian/,
    ],
    ['no magic', { patch: [{ offset: 0, bytes: [0] }] }, /invalid ELF header/],
    ['a cut header', { truncate: 40 }, /file too short/],
    ['an odd phentsize', { patch: [{ field: 'e_phentsize', value: 57 }] }, /phentsize not the expected size/],
    [
      'no PT_LOAD',
      { patch: [0, 1].map((segment) => ({ field: 'p_type', segment, value: 0 })) },
      /object file has no loadable segments/,
    ],
    ['no PT_DYNAMIC', { dynamic: false }, /object file has no dynamic section/],
    [
      'an unaligned PT_LOAD',
      { patch: [{ field: 'p_vaddr', segment: 1, value: 0x1001 }] },
      /not a power of 2|not page-aligned|not properly aligned/,
    ],
    ['an executable as a library', { type: 'EXEC' }, /cannot dynamically load|only ET_DYN/],
  ];
  for (const [why, spec, message] of damaged) {
    it(`the loader refuses ${why}, as it should`, () => {
      files.write('libbad.so', buildElf(spec));
      const program: ElfSpec = {
        interpreter: LOADER,
        flags1: PIE,
        needed: ['libbad.so'],
        runpath: '$ORIGIN',
      };
      const { status, stderr } = run([files.write('program', buildElf(program), 0o755)]);
      assert.equal(status, 127, stderr);
      assert.match(stderr, message);
    });
  }
});

describe('buildElf for other machines', () => {
  const files = scratch();
  const machines: Readonly<Record<string, ElfSpec>> = {
    i386: { class: 32 },
    aarch64: { machine: 183 },
    arm: { class: 32, machine: 40, flags: 0x5000400 },
    riscv64: { machine: 243, flags: 5 },
    s390x: { machine: 22, byteOrder: 'BE' },
    ppc64le: { machine: 21, flags: 2 },
  };
  for (const [name, spec] of Object.entries(machines)) {
    it(`a static program and a static PIE for ${name} end with status 0 under qemu`, function () {
      const qemu = `qemu-${name}-static`;
      if (!hasTool(qemu)) skip(this, `${qemu} is missing (Debian package qemu-user-static, optional)`);
      for (const type of ['EXEC', 'DYN'] as const) {
        const path = files.write(type, buildElf({ ...spec, type, code: 'exit' }), 0o755);
        assert.deepEqual(run([qemu, path], { PATH: process.env.PATH! }), {
          status: 0,
          stdout: '',
          stderr: '',
        });
      }
    });
  }
});
