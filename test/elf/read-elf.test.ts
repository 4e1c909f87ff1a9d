import assert from 'node:assert/strict';
import type { ElfImage } from '../../src/elf/image.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { buildElf } from '../../src/testing/build-elf.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { sourceOf } from './bytes-of.ts';

const read = (spec: ElfSpec): ElfImage => readElf(sourceOf(buildElf(spec)), '/f');

/** Everything that one description says. */
const FULL: ElfSpec = {
  osAbi: 3,
  abiVersion: 1,
  flags: 0x12345,
  interpreter: '/lib/ld.so',
  soname: 'libself.so.1',
  needed: ['liba.so', 'libb.so', 'liba.so'],
  filter: ['libf.so'],
  auxiliary: ['libx.so'],
  runpath: '$ORIGIN/../lib:/r',
  audit: 'one:two',
  depaudit: 'three',
  dtFlags: 0x8,
  flags1: 0x08000800,
  relr: true,
  verneed: [
    { file: 'liba.so', versions: ['A_1', { name: 'A_2', weak: true }] },
    { file: 'libb.so', versions: ['B_1'] },
  ],
  verdef: ['V_1', { name: 'V_2', parents: ['V_1'] }],
};

describe('readElf', () => {
  const formats: readonly (readonly [string, Pick<ElfSpec, 'class' | 'byteOrder' | 'machine'>])[] = [
    ['64-bit little-endian', { class: 64, byteOrder: 'LE', machine: 62 }],
    ['64-bit big-endian', { class: 64, byteOrder: 'BE', machine: 22 }],
    ['32-bit little-endian', { class: 32, byteOrder: 'LE', machine: 40 }],
    ['32-bit big-endian', { class: 32, byteOrder: 'BE', machine: 8 }],
  ];
  for (const [what, format] of formats) {
    it(`gives back everything that the writer wrote: ${what}`, () => {
      const { fingerprint, ...image } = read({ ...FULL, ...format });
      assert.ok(Number.isSafeInteger(fingerprint));
      const requests = [
        { tag: 'NEEDED', name: 'liba.so' },
        { tag: 'NEEDED', name: 'libb.so' },
        { tag: 'NEEDED', name: 'liba.so' },
        { tag: 'FILTER', name: 'libf.so' },
        { tag: 'AUXILIARY', name: 'libx.so' },
      ];
      assert.deepEqual(image.requests.toSorted(byTag), requests.toSorted(byTag));
      assert.deepEqual(
        { ...image, requests: [] },
        {
          class: format.class,
          byteOrder: format.byteOrder,
          machine: format.machine,
          flags: 0x12345,
          osAbi: 3,
          abiVersion: 1,
          type: 'DYN',
          interpreter: '/lib/ld.so',
          interpreterFault: null,
          dynamic: true,
          loadFault: null,
          soname: 'libself.so.1',
          needed: ['liba.so', 'libb.so', 'liba.so'],
          rpath: null,
          runpath: '$ORIGIN/../lib:/r',
          filters: image.requests.filter(({ tag }) => tag !== 'NEEDED'),
          requests: [],
          audit: ['one:two', 'three'],
          dtFlags: 8,
          flags1: 0x08000800,
          relr: true,
          verneed: [
            { file: 'liba.so', version: 'A_1', weak: false },
            { file: 'liba.so', version: 'A_2', weak: true },
            { file: 'libb.so', version: 'B_1', weak: false },
          ],
          verdef: ['libself.so.1', 'V_1', 'V_2'],
        },
      );
    });
  }

  it('a file that says nothing says so', () => {
    const image = read({ dynamic: false });
    assert.deepEqual(
      [
        image.soname,
        image.needed,
        image.rpath,
        image.runpath,
        image.audit,
        image.verneed,
        image.verdef,
        image.dynamic,
      ],
      [null, [], null, null, [], [], null, false],
    );
  });

  it('names need not be UTF-8', () => {
    const image = read({ soname: 'lib\udcff.so', needed: ['ü', '\udc80'] });
    assert.deepEqual([image.soname, image.needed], ['lib\udcff.so', ['ü', '\udc80']]);
  });

  it('reads five times at most, however large the file', () => {
    const source = sourceOf(buildElf({ ...FULL, size: 1 << 22 }));
    readElf(source, '/f');
    assert.ok(source.reads().length <= 5, `${source.reads().length} reads`);
    const bytes = source.reads().reduce((sum, [, length]) => sum + length, 0);
    assert.ok(bytes < 100_000, `${bytes} bytes`);
  });

  it('a thousand needs and a long RUNPATH are read whole', () => {
    const needed = Array.from({ length: 1000 }, (_, i) => `lib-that-is-needed-${i}.so`);
    const runpath = Array.from({ length: 500 }, (_, i) => `/directory/number/${i}`).join(':');
    const image = read({ needed, runpath });
    assert.deepEqual([image.needed, image.runpath], [needed, runpath]);
  });

  it('two thousand versions are read whole', () => {
    const versions = Array.from({ length: 2000 }, (_, i) => `V_${i}`);
    const image = read({ verneed: [{ file: 'libv.so', versions }], verdef: versions });
    assert.deepEqual(
      image.verneed.map(({ version }) => version),
      versions,
    );
    assert.deepEqual(image.verdef?.slice(1), versions);
  });

  const faults: readonly (readonly [string, ElfSpec, RegExp | null])[] = [
    ['a good library', {}, null],
    ['an object file', { type: 'REL' }, /only ET_DYN and ET_EXEC/],
    ['no PT_DYNAMIC', { dynamic: false }, /no dynamic section/],
    ['a debug file', { patch: [{ field: 'p_filesz', segment: 'DYNAMIC', value: 0 }] }, /no dynamic section/],
    [
      'no program headers',
      { patch: [{ field: 'e_phnum', value: 0 }] },
      /no dynamic section|no loadable segments/,
    ],
    [
      'a PT_LOAD off its page',
      { patch: [{ field: 'p_vaddr', segment: 'LOAD', value: 16 }] },
      /not page-aligned/,
    ],
  ];
  for (const [what, spec, expected] of faults) {
    it(`why a library would not map: ${what}`, () => {
      const { loadFault } = read({ needed: [], placement: { dynamic: 1, dynstr: 1 }, ...spec });
      if (expected === null) assert.equal(loadFault, null);
      else assert.match(loadFault ?? '', expected);
    });
  }

  it('two files that differ in header or tables have two fingerprints', () => {
    const specs: readonly ElfSpec[] = [{}, { exports: ['f'] }, { machine: 183 }, { needed: ['libx.so'] }];
    assert.equal(new Set(specs.map((spec) => read(spec).fingerprint)).size, specs.length);
    assert.equal(read({ soname: 'x' }).fingerprint, read({ soname: 'x' }).fingerprint);
  });
});

function byTag(a: { readonly tag: string }, b: { readonly tag: string }): number {
  return a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0;
}
