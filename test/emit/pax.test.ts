import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodePax } from '../../src/emit/pax.ts';

describe('encodePax', () => {
  for (const [value, record] of [
    ['', '5 a=\n'],
    ['bcd', '8 a=bcd\n'],
    // Two digits need a byte more for themselves: 9 bytes with one digit would be 10 with two.
    ['bcde', '9 a=bcde\n'],
    ['bcdef', '11 a=bcdef\n'],
    ['b'.repeat(93), `99 a=${'b'.repeat(93)}\n`],
    ['b'.repeat(94), `101 a=${'b'.repeat(94)}\n`],
  ] as const) {
    it(`counts its own digits in a record of ${record.length} bytes`, () => {
      assert.equal(encodePax([['a', Buffer.from(value)]]).toString(), record);
    });
  }

  it('counts bytes, not characters', () => {
    assert.equal(encodePax([['path', Buffer.from('ü')]]).toString(), '11 path=ü\n');
  });

  it('gives each record the length that it says, whatever the bytes', () => {
    const record = fc.tuple(fc.stringMatching(/^[a-zA-Z.]{1,40}$/), fc.uint8Array({ maxLength: 12_000 }));
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
        const bytes = encodePax(records);
        let at = 0;
        for (const [keyword, value] of records) {
          const blank = bytes.indexOf(0x20, at);
          const end = at + Number(bytes.toString('latin1', at, blank));
          const expected = Buffer.concat([Buffer.from(`${keyword}=`), value, Buffer.from('\n')]);
          assert.equal(bytes.subarray(blank + 1, end).equals(expected), true);
          at = end;
        }
        assert.equal(at, bytes.length);
      }),
    );
  });
});
