import assert from 'node:assert/strict';
import { half, wide, wordsOf } from '../../src/elf/words.ts';

describe('wordsOf', () => {
  const bytes = Uint8Array.of(0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09);

  it('reads words in either order, a trailing part left out', () => {
    assert.deepEqual([...wordsOf(bytes, 'LE')], [0x04030201, 0x08070605]);
    assert.deepEqual([...wordsOf(bytes, 'BE')], [0x01020304, 0x05060708]);
  });

  it('reads bytes that are not aligned', () => {
    assert.deepEqual([...wordsOf(bytes.subarray(1), 'LE')], [0x05040302, 0x09080706]);
    assert.deepEqual([...wordsOf(bytes.subarray(1), 'BE')], [0x02030405, 0x06070809]);
  });

  it('gives nothing for less than a word', () => {
    assert.deepEqual([...wordsOf(bytes.subarray(0, 3), 'LE')], []);
  });
});

describe('half', () => {
  it('is the first or second 16 bits as they stand in the file', () => {
    const bytes = Uint8Array.of(0x01, 0x02, 0x03, 0x04);
    for (const order of ['LE', 'BE'] as const) {
      const word = wordsOf(bytes, order)[0] as number;
      const expected = order === 'LE' ? [0x0201, 0x0403] : [0x0102, 0x0304];
      assert.deepEqual([half(word, 0, order), half(word, 1, order)], expected);
    }
  });
});

describe('wide', () => {
  it('is the 64-bit value', () => {
    const bytes = Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0);
    assert.equal(wide(wordsOf(bytes, 'LE'), 0, 'LE'), 0x2_0000_0001);
    assert.equal(wide(wordsOf(bytes, 'BE'), 0, 'BE'), 0x0100_0000_0200_0000);
  });

  it('is far beyond any file where it does not fit a number', () => {
    const all = new Uint32Array([0xffff_ffff, 0xffff_ffff]);
    assert.ok(wide(all, 0, 'LE') > Number.MAX_SAFE_INTEGER);
  });
});
