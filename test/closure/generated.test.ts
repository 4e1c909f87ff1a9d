import assert from 'node:assert/strict';
import { mergeGenerated } from '../../src/closure/generated.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';

const made = (text: string, rule = 'nss') =>
  ({ path: rootPath('/etc/passwd'), mode: 0o644, text, rule, neededBy: rootPath('/bin/a') }) as const;

describe('mergeGenerated', () => {
  const cases: readonly (readonly [title: string, held: string, added: string, text: string])[] = [
    ['adds the lines that are not there', 'a\nb\n', 'b\nc\n', 'a\nb\nc\n'],
    ['keeps a text as it is where it has them all', 'a\nb\n', 'b\n', 'a\nb\n'],
    ['ends the last line', 'a', 'b', 'a\nb\n'],
  ];
  for (const [title, held, added, text] of cases) {
    it(title, () => assert.deepEqual(mergeGenerated(made(held), made(added, 'other')), made(text)));
  }

  it('takes a first text as it is', () => assert.deepEqual(mergeGenerated(undefined, made('a')), made('a')));
});
