import assert from 'node:assert/strict';
import { readElf } from '../../src/elf/read-elf.ts';
import { buildElf } from '../../src/testing/build-elf.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { sourceOf } from './bytes-of.ts';

describe('PT_INTERP', () => {
  const cases: readonly (readonly [string, ElfSpec, path: string | null, fault: RegExp | null])[] = [
    ['none', {}, null, null],
    ['a path', { interpreter: '/lib/ld.so' }, '/lib/ld.so', null],
    ['a path and what follows its NUL', { interpreter: Buffer.from('/ld\0junk\0') }, '/ld', null],
    ['a path without its NUL', { interpreter: Buffer.from('/ld') }, null, /does not end with a NUL/],
    ['one byte', { interpreter: Buffer.from('\0') }, null, /has 1 bytes, not 2 to 4096/],
    ['an empty path', { interpreter: Buffer.from('\0\0') }, '', null],
    ['4096 bytes', { interpreter: `/${'a'.repeat(4094)}` }, `/${'a'.repeat(4094)}`, null],
    ['4097 bytes', { interpreter: `/${'a'.repeat(4095)}` }, null, /has 4097 bytes/],
    [
      'beyond the file',
      { interpreter: '/ld', patch: [{ field: 'p_offset', segment: 'INTERP', value: 0x7fffffff }] },
      null,
      /beyond the end of the file/,
    ],
    ['far from the head of the file', { interpreter: '/ld', programHeaders: 'end', size: 9000 }, '/ld', null],
  ];
  for (const [title, spec, path, fault] of cases) {
    it(title, () => {
      const image = readElf(sourceOf(buildElf(spec)), '/f');
      assert.equal(image.interpreter, path);
      if (fault === null) assert.equal(image.interpreterFault, null);
      else assert.match(image.interpreterFault ?? '', fault);
    });
  }
});
