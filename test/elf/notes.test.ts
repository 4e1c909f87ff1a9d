import assert from 'node:assert/strict';
import type { ElfNotes } from '../../src/elf/image.ts';
import { notesOf, readNotes } from '../../src/elf/notes.ts';
import { buildElf } from '../../src/testing/build-elf.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { sourceOf } from './bytes-of.ts';

const read = (spec: ElfSpec): ElfNotes => readNotes(sourceOf(buildElf(spec)), '/f');

describe('readNotes', () => {
  const formats: readonly Pick<ElfSpec, 'class' | 'byteOrder' | 'machine'>[] = [
    {},
    { byteOrder: 'BE', machine: 22 },
    { class: 32, machine: 3 },
    { class: 32, byteOrder: 'BE', machine: 8 },
  ];
  for (const format of formats) {
    it(`reads build id, ABI tag and the x86 level: ${JSON.stringify(format)}`, () => {
      const notes = { buildId: '0123456789abcdef', abiTag: '3.2.0', x86IsaNeeded: 4 };
      assert.deepEqual(read({ ...format, notes }), {
        buildId: '0123456789abcdef',
        abiTag: 'Linux 3.2.0',
        x86IsaNeeded: 4,
        dlopen: [],
      });
    });
  }

  it('a file without notes has none', () => {
    assert.deepEqual(read({}), { buildId: null, abiTag: null, x86IsaNeeded: 0, dlopen: [] });
  });

  it('the first build id counts', () => {
    const second = { owner: 'GNU', type: 3, bytes: Uint8Array.of(9, 9) };
    assert.equal(read({ notes: { buildId: 'abcd', other: [second] } }).buildId, 'abcd');
  });

  it('notes of other owners do not count', () => {
    const other = { owner: 'XYZ', type: 3, bytes: Uint8Array.of(9, 9) };
    assert.equal(read({ notes: { other: [other] } }).buildId, null);
  });

  it('a system without a name is told by number', () => {
    const tag = { owner: 'GNU', type: 1, bytes: new Uint8Array(new Uint32Array([42, 1, 2, 3]).buffer) };
    assert.equal(read({ notes: { other: [tag] } }).abiTag, 'system 42 1.2.3');
  });

  it('an ABI tag that is too short is none', () => {
    assert.equal(
      read({ notes: { other: [{ owner: 'GNU', type: 1, bytes: Uint8Array.of(0, 0, 0, 0) }] } }).abiTag,
      null,
    );
  });
});

describe('notesOf', () => {
  const words = (...values: readonly number[]): Uint8Array => new Uint8Array(new Uint32Array(values).buffer);
  const malformed: readonly (readonly [string, Uint8Array])[] = [
    ['a name beyond the segment', words(0xffff_ffff, 4, 1, 0)],
    ['a descriptor beyond the segment', words(4, 0xffff_fff0, 1, 0)],
    ['half a header', words(4, 4)],
    ['no bytes', new Uint8Array(0)],
  ];
  for (const [what, bytes] of malformed) {
    it(`ends at ${what}`, () => assert.deepEqual([...notesOf(bytes, 4, 'LE')], []));
  }

  it('a note without a name', () => {
    const notes = [...notesOf(words(0, 4, 7, 0x64636261), 4, 'LE')];
    assert.deepEqual(notes, [{ name: '', type: 7, desc: Uint8Array.of(0x61, 0x62, 0x63, 0x64) }]);
  });

  it('what stands before a malformed note is given', () => {
    const bytes = words(0, 4, 7, 0x64636261, 0xffff_ffff, 0, 0);
    assert.equal([...notesOf(bytes, 4, 'LE')].length, 1);
  });
});
