import assert from 'node:assert/strict';
import { muslPreloadNames, preloadFile, preloadNames } from '../../src/ldso/preload.ts';
import { memorySysroot } from '../../src/sysroot/memory.ts';
import { file } from '../../src/sysroot/memory-entries.ts';

describe('Preloads', () => {
  const values: readonly (readonly [value: string, glibc: readonly string[], musl: readonly string[]])[] = [
    ['', [], []],
    ['a.so', ['a.so'], ['a.so']],
    [' a.so::b.so : ', ['a.so', 'b.so'], ['a.so', 'b.so']],
    ['a.so\tb.so', ['a.so\tb.so'], ['a.so', 'b.so']],
    ['a.so\nb.so', ['a.so\nb.so'], ['a.so', 'b.so']],
  ];
  for (const [value, glibc, musl] of values) {
    it(`LD_PRELOAD=${JSON.stringify(value)}`, () => {
      assert.deepEqual(preloadNames(value), glibc);
      assert.deepEqual(muslPreloadNames(value), musl);
    });
  }

  const files: readonly (readonly [text: string, expected: readonly string[]])[] = [
    ['', []],
    ['a.so', ['a.so']],
    ['a.so b.so\tc.so:d.so\ne.so\n', ['a.so', 'b.so', 'c.so', 'd.so', 'e.so']],
    ['# all\n', []],
    ['#', []],
    ['# one\na.so\nb.so\n', ['a.so', 'b.so']],
    ['a.so # one\nb.so', ['a.so', 'b.so']],
  ];
  for (const [text, expected] of files) {
    it(`/etc/ld.so.preload of ${JSON.stringify(text)}`, () => {
      assert.deepEqual(preloadFile(memorySysroot({ '/etc/ld.so.preload': file(text) })), expected);
    });
  }

  it('no file is no preload', () => assert.deepEqual(preloadFile(memorySysroot({})), []));
});
