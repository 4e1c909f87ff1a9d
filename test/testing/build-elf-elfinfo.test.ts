import assert from 'node:assert/strict';
import { type ELF, open } from 'elfinfo';
import { buildElf } from '../../src/testing/build-elf.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';

async function parse(spec: ElfSpec): Promise<ELF> {
  const { success, elf, errors } = await open(buildElf(spec));
  assert.ok(success && elf, errors.join('\n'));
  return elf;
}

describe('buildElf beside elfinfo', () => {
  const formats: readonly ElfSpec[] = [
    {},
    { class: 32 },
    { machine: 183, flags: 5 },
    { class: 32, byteOrder: 'BE', machine: 20 },
    { byteOrder: 'BE', machine: 22 },
  ];
  for (const spec of formats) {
    const { class: elfClass = 64, byteOrder = 'LE', machine = elfClass === 64 ? 62 : 3 } = spec;
    it(`agrees on header, segments and sections of ${elfClass}-bit ${byteOrder} e_machine ${machine}`, async () => {
      const full = await parse({
        ...spec,
        interpreter: '/lib/ld.so',
        exports: ['x'],
        notes: { buildId: 'ab' },
      });
      assert.equal(full.bits, elfClass);
      assert.equal(full.dataDescription, byteOrder === 'LE' ? 'Little endian' : 'Big endian');
      assert.equal(full.isa, machine);
      assert.equal(full.segments[1]?.type, 3);
      assert.equal(full.segments.filter(({ type }) => type === 1).length, 3);
      assert.deepEqual(
        full.sections.map(({ name }) => name),
        [
          '<null>',
          '.interp',
          '.note.gnu.build-id',
          '.hash',
          '.gnu.hash',
          '.dynsym',
          '.dynstr',
          '.text',
          '.dynamic',
          '.shstrtab',
        ],
      );
    });
  }
});
