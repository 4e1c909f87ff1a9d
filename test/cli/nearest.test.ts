import assert from 'node:assert/strict';
import { editDistance, nearest } from '../../src/cli/nearest.ts';

const OPTIONS = ['output', 'include', 'exclude', 'library-path', 'sysroot', 'json'];

describe('nearest', () => {
  const cases: readonly [word: string, meant: string | null][] = [
    ['ouput', 'output'],
    ['outptu', 'output'],
    ['inclued', 'include'],
    ['jsno', 'json'],
    ['library', 'library-path'],
    ['sys', 'sysroot'],
    ['entrypoint', null],
    ['x', null],
    ['', null],
  ];
  for (const [word, meant] of cases) {
    it(`takes '${word}' for ${meant ?? 'nothing that it knows'}`, () => {
      assert.equal(nearest(word, OPTIONS), meant);
    });
  }

  it('takes a beginning that two words share for neither of them alone', () => {
    assert.equal(nearest('clu', ['clude-a', 'clude-b']), null);
  });
});

describe('editDistance', () => {
  const cases: readonly [from: string, to: string, distance: number][] = [
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['abc', 'abc', 0],
    ['abc', 'abd', 1],
    ['abc', 'acb', 1],
    ['kitten', 'sitting', 3],
  ];
  for (const [from, to, distance] of cases) {
    it(`counts ${distance} between '${from}' and '${to}', either way`, () => {
      assert.equal(editDistance(from, to), distance);
      assert.equal(editDistance(to, from), distance);
    });
  }
});
