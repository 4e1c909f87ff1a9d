import assert from 'node:assert/strict';
import { PT_DYNAMIC, PT_LOAD } from '../../src/elf/constants.ts';
import { readDynamic } from '../../src/elf/dynamic.ts';
import { parseHeader } from '../../src/elf/header.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { isRootfsError, type RootfsError } from '../../src/errors.ts';
import { LIMITS } from '../../src/limits.ts';
import { buildElf } from '../../src/testing/build-elf.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { sourceOf } from './bytes-of.ts';

/** The error of a damaged file. */
function errorOf(spec: ElfSpec): RootfsError {
  try {
    readElf(sourceOf(buildElf(spec)), '/damaged');
  } catch (error) {
    assert.ok(isRootfsError(error), String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'the file was read' });
}

const GOOD: ElfSpec = {
  soname: 'libself.so',
  needed: ['liba.so'],
  runpath: '/r',
  verneed: [{ file: 'liba.so', versions: ['A_1', 'A_2'] }],
  verdef: ['V_1'],
};

const BEYOND = 0x7fff_ffff;

describe('A damaged ELF file', () => {
  /** Damage, the field that is told, and the value found there. */
  const cases: readonly (readonly [title: string, spec: ElfSpec, field: string, value: number | string])[] = [
    ['no magic', { patch: [{ offset: 0, bytes: [0x7e] }] }, 'e_ident', '~ELF'],
    ['no class', { patch: [{ field: 'ei_class', value: 0 }] }, 'e_ident[EI_CLASS]', 0],
    ['a class that is none', { patch: [{ field: 'ei_class', value: 3 }] }, 'e_ident[EI_CLASS]', 3],
    ['no byte order', { patch: [{ field: 'ei_data', value: 0 }] }, 'e_ident[EI_DATA]', 0],
    ['a byte order that is none', { patch: [{ field: 'ei_data', value: 9 }] }, 'e_ident[EI_DATA]', 9],
    ['a file of four bytes', { truncate: 4 }, 'e_ident[EI_CLASS]', 0],
    ['a file of 63 bytes', { truncate: 63 }, 'file size', 63],
    ['program headers of another size', { patch: [{ field: 'e_phentsize', value: 32 }] }, 'e_phentsize', 32],
    ['program headers beyond the file', { patch: [{ field: 'e_phoff', value: BEYOND }] }, 'e_phoff', BEYOND],
    [
      'more program headers than the file has bytes',
      { patch: [{ field: 'e_phnum', value: 0xffff }] },
      'e_phoff',
      64,
    ],
    [
      'PT_DYNAMIC in no PT_LOAD',
      { patch: [{ field: 'p_vaddr', segment: 'DYNAMIC', value: BEYOND }] },
      'p_vaddr of PT_DYNAMIC',
      BEYOND,
    ],
    [
      'DT_STRTAB in no PT_LOAD',
      { patch: [{ field: 'd_val', entry: 'STRTAB', value: BEYOND }] },
      'DT_NEEDED',
      -1,
    ],
    [
      'DT_NEEDED outside the table',
      { patch: [{ field: 'd_val', entry: 'NEEDED', value: BEYOND }] },
      'DT_NEEDED',
      BEYOND,
    ],
    [
      'DT_SONAME outside the table',
      { patch: [{ field: 'd_val', entry: 'SONAME', value: BEYOND }] },
      'DT_SONAME',
      BEYOND,
    ],
    [
      'DT_RUNPATH outside the table',
      { patch: [{ field: 'd_val', entry: 'RUNPATH', value: BEYOND }] },
      'DT_RUNPATH',
      BEYOND,
    ],
    [
      'DT_VERNEED in no PT_LOAD',
      { patch: [{ field: 'd_val', entry: 'VERNEED', value: BEYOND }] },
      'DT_VERNEED',
      BEYOND,
    ],
    [
      'DT_VERDEF in no PT_LOAD',
      { patch: [{ field: 'd_val', entry: 'VERDEF', value: BEYOND }] },
      'DT_VERDEF',
      BEYOND,
    ],
    [
      'a verneed record that is not aligned',
      { patch: [{ in: 'verneed', at: 8, bytes: [3, 0, 0, 0] }] },
      'DT_VERNEED',
      3,
    ],
    [
      'a verneed record beyond the file',
      { patch: [{ in: 'verneed', at: 8, bytes: [0, 0, 0, 0x7f] }] },
      'DT_VERNEED',
      0x7f000010,
    ],
    [
      'a verdef record beyond the file',
      { patch: [{ in: 'verdef', at: 12, bytes: [0, 0, 0, 0x7f] }] },
      'DT_VERDEF',
      0x7f000008,
    ],
    [
      'a vn_file outside the string table',
      { patch: [{ in: 'verneed', at: 4, bytes: [0xff, 0xff, 0xff, 0x7f] }] },
      'vn_file',
      BEYOND,
    ],
  ];
  for (const [title, spec, field, value] of cases) {
    it(`is told by field, offset and value: ${title}`, () => {
      const error = errorOf({ ...GOOD, ...spec });
      assert.equal(error.code, 'ERR_MALFORMED_ELF');
      assert.equal(error.details.field, field);
      assert.equal(error.details.path, '/damaged');
      assert.equal(typeof error.details.offset, 'number');
      if (value !== -1) assert.equal(error.details.value, value);
      assert.match(error.message, /^cannot read ELF file \/damaged: .+ at offset \S+ is .+, .+/);
    });
  }

  it('a string without end is bounded', () => {
    const bytes = buildElf({ soname: 'libself.so', placement: { dynstr: 9 }, size: 1 << 18 });
    bytes.fill(0x61, Buffer.from(bytes).indexOf('libself.so\0', 0, 'latin1'));
    assert.throws(() => readElf(sourceOf(bytes), '/f'), {
      code: 'ERR_MALFORMED_ELF',
      message: /DT_SONAME at offset 0x[0-9a-f]+ is 0x10000, the length of a string without end/,
    });
  });

  it('a dynamic table without DT_NULL is bounded', () => {
    const bytes = new Uint8Array(LIMITS.dynamicBytes * 2).fill(0x11);
    const source = sourceOf(bytes);
    const header = parseHeader(buildElf(), '/f');
    const range = { offset: 0, vaddr: 0, memsz: 16, align: 1 };
    const segments = [
      { ...range, type: PT_LOAD, filesz: bytes.length },
      { ...range, type: PT_DYNAMIC, filesz: 16 },
    ];
    assert.throws(() => readDynamic(source, header, segments, '/f'), {
      code: 'ERR_MALFORMED_ELF',
      message: /PT_DYNAMIC at offset 0 is 0x100000, without a DT_NULL/,
    });
    const read = source.reads().reduce((sum, [, length]) => sum + length, 0);
    assert.ok(read <= LIMITS.dynamicBytes * 2, `${read} bytes`);
  });

  it('more versions than any file has are refused', () => {
    const versions = Array.from({ length: LIMITS.versionRecords + 1 }, (_, i) => `V_${i}`);
    const error = errorOf({ verneed: [{ file: 'liba.so', versions }] });
    assert.match(error.message, /more records than any file has/);
  });

  it('version records that overlap end too', () => {
    // vna_next leads 4 bytes on, into the middle of the record itself, and so on.
    const spec: ElfSpec = { ...GOOD, patch: [{ in: 'verneed', at: 16 + 12, bytes: [4, 0, 0, 0] }] };
    assert.match(String(errorOf(spec).details.field), /vna_name|DT_VERNEED/);
  });

  for (const format of [
    { class: 64 },
    { class: 32, machine: 3 },
    { byteOrder: 'BE', machine: 22 },
  ] as const) {
    it(`cut anywhere, it is read or told as malformed: ${JSON.stringify(format)}`, () => {
      const bytes = buildElf({ ...GOOD, ...format, interpreter: '/lib/ld.so' });
      let malformed = 0;
      for (let length = 0; length < bytes.length; length++) {
        const error = captured(() => readElf(sourceOf(bytes.slice(0, length)), '/f'));
        if (error !== null) {
          assert.equal(error.code, 'ERR_MALFORMED_ELF', `${length}: ${error.message}`);
          malformed++;
        }
      }
      assert.ok(malformed > 64);
    });

    it(`with any byte of its tables set to 0xff, it is read or told as malformed: ${JSON.stringify(format)}`, () => {
      const bytes = buildElf({ ...GOOD, ...format, interpreter: '/lib/ld.so', sections: false });
      for (let at = 4; at < bytes.length; at++) {
        const damaged = bytes.slice();
        damaged[at] = 0xff;
        const error = captured(() => readElf(sourceOf(damaged), '/f'));
        if (error !== null) assert.equal(error.code, 'ERR_MALFORMED_ELF', `${at}: ${error.message}`);
      }
    });
  }
});

function captured(action: () => unknown): RootfsError | null {
  try {
    action();
    return null;
  } catch (error) {
    if (isRootfsError(error)) return error;
    throw error;
  }
}
