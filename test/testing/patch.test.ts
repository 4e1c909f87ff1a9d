import assert from 'node:assert/strict';
import { buildElf } from '../../src/testing/build-elf.ts';
import type { Patch } from '../../src/testing/elf/patch.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { needs } from '../helpers/capabilities.ts';
import { type Reading, readelf } from '../helpers/readelf.ts';

const SPEC: ElfSpec = {
  interpreter: '/lib/ld.so',
  needed: ['liba.so', 'libb.so'],
  exports: [{ name: 'x', version: 'V' }],
  verneed: [{ file: 'liba.so', versions: ['A'] }],
};

interface Case {
  readonly what: string;
  readonly patch: Patch;
  readonly shown: (reading: Reading) => unknown;
  readonly expected: unknown;
}

const segment =
  (index: number, field: keyof Reading['segments'][number]) =>
  ({ segments }: Reading): unknown =>
    segments[index]?.[field];

const CASES: readonly Case[] = [
  {
    what: 'a field of the ELF header',
    patch: { field: 'e_machine', value: 183 },
    shown: ({ header }) => header.Machine,
    expected: 'AArch64',
  },
  {
    what: 'a byte of e_ident',
    patch: { field: 'ei_osabi', value: 9 },
    shown: ({ header }) => header['OS/ABI'],
    expected: 'UNIX - FreeBSD',
  },
  {
    what: 'a field of the first program header of a type',
    patch: { field: 'p_filesz', segment: 'LOAD', value: 0x7fffffff },
    shown: segment(2, 'filesz'),
    expected: 0x7fffffff,
  },
  {
    what: 'a field of a program header by number',
    patch: { field: 'p_vaddr', segment: 3, value: 0x123000 },
    shown: segment(3, 'vaddr'),
    expected: 0x123000,
  },
  {
    what: 'the value of the first dynamic entry of a tag',
    patch: { field: 'd_val', entry: 'SYMENT', value: 99 },
    shown: ({ dynamic }) => dynamic.find(([tag]) => tag === 'SYMENT')?.[1],
    expected: '99 (bytes)',
  },
  {
    what: 'the tag of a dynamic entry by number',
    patch: { field: 'd_tag', entry: 1, value: 14 },
    shown: ({ dynamic }) => dynamic[1],
    expected: ['SONAME', 'Library soname: [libb.so]'],
  },
  {
    what: 'a dynamic value of 64 bits',
    patch: { field: 'd_val', entry: 'SYMENT', value: 0xfedcba9876543210n },
    shown: ({ dynamic }) => dynamic.find(([tag]) => tag === 'SYMENT')?.[1],
    expected: '18364758544493064720 (bytes)',
  },
  {
    what: 'a field of a section header by name',
    patch: { field: 'sh_addralign', section: '.text', value: 64 },
    shown: ({ text }) => /\.text +PROGBITS.* (\d+)$/m.exec(text)?.[1],
    expected: '64',
  },
  {
    what: 'a field of a section header by number',
    patch: { field: 'sh_info', section: 1, value: 77 },
    shown: ({ text }) => /\[ 1\] \.interp.* (\d+) +\d+$/m.exec(text)?.[1],
    expected: '77',
  },
  {
    what: 'bytes of a table',
    patch: { in: 'verneed', at: 2, bytes: [7, 0] },
    shown: ({ text }) => /File: liba\.so +Cnt: (\d+)/.exec(text)?.[1],
    expected: '7',
  },
  {
    what: 'bytes of the file',
    patch: { offset: 18, bytes: Uint8Array.of(20, 0) },
    shown: ({ header }) => header.Machine,
    expected: 'PowerPC',
  },
];

describe('patches of buildElf', () => {
  before(function () {
    needs(this, { tool: 'readelf', package: 'binutils' });
  });

  for (const { what, patch, shown, expected } of CASES) {
    it(`change ${what} and nothing else`, () => {
      const [plain, patched] = [buildElf(SPEC), buildElf({ ...SPEC, patch: [patch] })];
      assert.deepEqual(shown(readelf(patched)), expected);
      assert.notDeepEqual(shown(readelf(plain)), expected);
      const changed = [...plain.keys()].filter((i) => plain[i] !== patched[i]);
      assert.ok(changed.length > 0 && changed.at(-1)! - changed[0]! < 8);
      assert.equal(patched.length, plain.length);
    });
  }

  it('are done in order, the later one last', () => {
    const patch: Patch[] = [
      { field: 'e_machine', value: 183 },
      { field: 'e_machine', value: 20 },
    ];
    assert.equal(readelf(buildElf({ ...SPEC, patch })).header.Machine, 'PowerPC');
  });

  it('reach the fields of 32-bit big-endian files', () => {
    const spec: ElfSpec = { ...SPEC, class: 32, byteOrder: 'BE', machine: 20 };
    const patch: Patch[] = [
      { field: 'p_flags', segment: 'LOAD', value: 7 },
      { field: 'd_val', entry: 'SYMENT', value: 99 },
      { field: 'e_flags', value: 0xabcd },
    ];
    const reading = readelf(buildElf({ ...spec, patch }));
    assert.equal(reading.segments[2]?.flags, 'RWE');
    assert.match(reading.text, /\(SYMENT\) +99 /);
    assert.match(reading.header.Flags!, /^0xabcd/);
  });

  it('store PT_INTERP without its NUL', () => {
    const bytes = buildElf({ interpreter: Buffer.from('/lib/ld.so') });
    assert.equal(segment(1, 'filesz')(readelf(bytes)), 10);
  });

  const refused: readonly (readonly [what: string, spec: ElfSpec, patch: Patch])[] = [
    ['a program header type that is not there', {}, { field: 'p_type', segment: 'INTERP', value: 0 }],
    ['a program header number that is not there', {}, { field: 'p_type', segment: 99, value: 0 }],
    ['a dynamic entry that is not there', {}, { field: 'd_val', entry: 'NEEDED', value: 0 }],
    ['a dynamic entry of a static file', { type: 'EXEC' }, { field: 'd_val', entry: 0, value: 0 }],
    ['a section that is not there', {}, { field: 'sh_type', section: '.text', value: 0 }],
    ['a section where there are none', { sections: false }, { field: 'sh_type', section: 0, value: 0 }],
    ['a table that is not there', {}, { in: 'verneed', at: 0, bytes: [0] }],
    ['bytes behind the end', {}, { offset: 1 << 20, bytes: [0] }],
    ['bytes before the beginning', {}, { offset: -1, bytes: [0] }],
  ];
  for (const [what, spec, patch] of refused) {
    it(`refuse ${what}`, () => {
      assert.throws(() => buildElf({ ...spec, patch: [patch] }), {
        name: 'RootfsError',
        code: 'ERR_USAGE',
        message: /cannot patch/,
      });
    });
  }
});
