import assert from 'node:assert/strict';
import { asDirectory, searchPath } from '../../src/ldso/search-path.ts';
import type { TokenValues } from '../../src/ldso/tokens.ts';

const VALUES: TokenValues = { ORIGIN: '', LIB: 'lib', PLATFORM: null };

describe('searchPath', () => {
  const cases: readonly (readonly [
    title: string,
    list: string,
    kind: 'rpath' | 'library-path',
    expected: string[],
  ])[] = [
    ['an empty list names nothing', '', 'rpath', []],
    ['a colon splits', '/a:/b', 'rpath', ['/a/', '/b/']],
    ['a semicolon splits LD_LIBRARY_PATH alone', '/a;/b', 'rpath', ['/a;/b/']],
    ['a semicolon splits LD_LIBRARY_PATH', '/a;/b:/c', 'library-path', ['/a/', '/b/', '/c/']],
    ['empty elements are the root of a rootfs', ':/a:', 'rpath', ['/', '/a/']],
    ['repetitions count once', '/a:/b:/a//', 'rpath', ['/a/', '/b/']],
    ['an element that becomes empty is dropped', '$ORIGIN:/a', 'rpath', ['/a/']],
    ['an element without a value is dropped', '/x/$PLATFORM:/a', 'rpath', ['/a/']],
    ['relative elements start at the root', 'a/b', 'rpath', ['/a/b/']],
  ];
  for (const [title, list, kind, expected] of cases) {
    it(title, () => assert.deepEqual(searchPath(list, kind, VALUES), expected));
  }

  it('keep decides by the raw element and its expansion', () => {
    const seen: string[] = [];
    const keep = (raw: string, expanded: string): boolean => {
      seen.push(`${raw} ${expanded}`);
      return raw === '/b';
    };
    assert.deepEqual(searchPath('/a/$LIB:/b', 'rpath', VALUES, keep), ['/b/']);
    assert.deepEqual(seen, ['/a/$LIB /a/lib', '/b /b']);
  });
});

describe('asDirectory', () => {
  const cases = {
    '/': '/',
    '//': '/',
    '/a': '/a/',
    '/a///': '/a/',
    a: '/a/',
    '': '/',
    '/a/../b': '/a/../b/',
  };
  for (const [path, expected] of Object.entries(cases)) {
    it(`${JSON.stringify(path)} is ${expected}`, () => assert.equal(asDirectory(path), expected));
  }
});
