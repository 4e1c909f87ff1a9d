import assert from 'node:assert/strict';
import { Placement } from '../../src/emit/placement.ts';
import type { Entry } from '../../src/plan/entry.ts';
import { device, directory, file, hardlink, symlink } from './helpers/plan.ts';

/** Places entries after those that stand in every case. */
function place(...entries: readonly Entry[]): string {
  const placement = new Placement();
  const before = [directory('/'), directory('/d'), file('/f', ''), symlink('/s', 'd'), hardlink('/h', '/f')];
  return [...before, ...entries].map((entry) => placement.place(entry)).at(-1) ?? '';
}

describe('Placement', () => {
  for (const [entry, expected] of [
    [file('/d/x', ''), 'd/x'],
    [directory('/d/-rf \n..'), 'd/-rf \n..'],
    [hardlink('/d/x', '/f'), 'd/x'],
    [symlink('/d/x', '../../../etc'), 'd/x'],
    [file('/...', ''), '...'],
  ] as const) {
    it(`takes ${entry.type} ${JSON.stringify(entry.path)}`, () => {
      assert.equal(place(entry), expected);
    });
  }

  for (const [why, entry] of [
    ['its parent is no directory that comes before it', file('/nowhere/x', '')],
    ['its parent is no directory that comes before it', file('/s/x', '')],
    ['its parent is no directory that comes before it', file('/f/x', '')],
    ['its parent is no directory that comes before it', file('//x', '')],
    ['its parent is no directory that comes before it', file('/d/../x', '')],
    ['its parent is no directory that comes before it', file('/d//x', '')],
    ['its name is not plain', file('/..', '')],
    ['its name is not plain', file('/d/.', '')],
    ['its name is not plain', directory('/d/')],
    ['its name is not plain', file('/d/a\0b', '')],
    ['it comes twice', directory('/d')],
    ['it comes twice', file('/s', '')],
    ['it must come first and once', directory('/')],
    ['it is not a directory', symlink('/', 'd')],
    ['its target /gone is no file that comes before it', hardlink('/x', '/gone')],
    ['its target /s is no file that comes before it', hardlink('/x', '/s')],
    ['its target /h is no file that comes before it', hardlink('/x', '/h')],
    ['its target /d is no file that comes before it', hardlink('/x', '/d')],
    ['its target is empty or holds a NUL', symlink('/x', '')],
    ['its target is empty or holds a NUL', symlink('/x', 'a\0b')],
  ] as const) {
    it(`refuses ${entry.type} ${JSON.stringify(entry.path)}: ${why}`, () => {
      assert.throws(() => place(entry), {
        code: 'ERR_MALFORMED_INPUT',
        message: `cannot write the entry ${JSON.stringify(entry.path)}: ${why}`,
      });
    });
  }

  it('refuses a path that is not absolute', () => {
    assert.throws(() => place({ ...device('/x', 'block', 1, 1), path: 'x' as Entry['path'] }), {
      message: 'cannot write the entry "x": it is not absolute',
    });
  });

  it('wants the root directory before all others', () => {
    assert.throws(() => new Placement().place(file('/x', '')), { code: 'ERR_MALFORMED_INPUT' });
  });
});
