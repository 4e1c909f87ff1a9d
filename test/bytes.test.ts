import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeName, encodeName, fromLatin1, fsName } from '../src/bytes.ts';

/** Bytes that are rarely valid UTF-8, and some that nearly are. */
const nameBytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xed, 0xf0, 0x9f, 0xff),
    )
    .map((bytes) => Uint8Array.from(bytes)),
);

describe('names as strings', () => {
  it('any bytes come back from the string that stands for them', () => {
    fc.assert(
      fc.property(nameBytes, (bytes) => {
        assert.deepEqual([...encodeName(decodeName(bytes))], [...bytes]);
      }),
      { numRuns: 2000 },
    );
  });

  it('different bytes never become the same string', () => {
    fc.assert(
      fc.property(nameBytes, nameBytes, (a, b) => {
        assert.equal(decodeName(a) === decodeName(b), Buffer.compare(a, b) === 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('a string without lone surrogates is what its UTF-8 spells', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.deepEqual(Buffer.from(encodeName(text)), Buffer.from(text, 'utf8'));
        assert.equal(decodeName(Buffer.from(text, 'utf8')), text);
      }),
    );
  });

  const cases: readonly (readonly [why: string, hex: string, name: string])[] = [
    ['ASCII stays', '6c6962632e736f', 'libc.so'],
    ['two-byte sequences are one char', 'c3a9', 'é'],
    ['four-byte sequences are a pair', 'f09f98 80', '😀'],
    ['a byte order mark is kept', 'efbbbf61', '\ufeffa'],
    ['a lone continuation byte is escaped', '61ff62', 'a\udcffb'],
    ['a cut sequence is escaped byte by byte', 'e282', '\udce2\udc82'],
    ['an overlong slash is escaped, never a slash', 'c0af', '\udcc0\udcaf'],
    ['an encoded surrogate is escaped', 'edb3bf', '\udced\udcb3\udcbf'],
    ['valid text beside escaped bytes stays', 'c3a9ffc3a9', 'é\udcffé'],
    ['nothing is nothing', '', ''],
  ];
  for (const [why, hex, name] of cases) {
    it(`${why}`, () => {
      const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
      assert.equal(decodeName(bytes), name);
      assert.equal(fromLatin1(bytes.toString('latin1')), name);
      assert.deepEqual(Buffer.from(encodeName(name)), bytes);
    });
  }

  it('node:fs gets the string where UTF-8 spells it, bytes where it does not', () => {
    assert.equal(fsName('é'), 'é');
    assert.deepEqual(fsName('a\udcff'), Buffer.from([0x61, 0xff]));
  });

  it('surrogates that stand for no byte are never taken for one', () => {
    for (const char of ['\udc7f', '\udd00', '\ud800']) {
      assert.deepEqual(Buffer.from(encodeName(char)), Buffer.from('\ufffd', 'utf8'));
      assert.equal(fsName(char), char);
    }
  });
});
