import assert from 'node:assert/strict';
import { libgcc } from '../../src/finders/libgcc.ts';
import { closureIn, foundIn, type House, library } from './house.ts';

const files = library('libgcc_s.so.1');
const PATH = '/usr/lib/x86_64-linux-gnu/libgcc_s.so.1';

describe('libgcc', () => {
  const cases: readonly (readonly [title: string, house: House, found: readonly string[]])[] = [
    ['brings the unwinder to what ends threads', { imports: ['pthread_exit'], files }, [PATH]],
    ['brings nothing to what does not', { imports: ['dlopen'], files }, []],
    ['brings nothing to musl, which does not unwind', { libc: 'musl', imports: ['pthread_exit'], files }, []],
    ['brings nothing where there is none', { imports: ['pthread_exit'] }, []],
    [
      'takes the one that is loaded already',
      { imports: ['pthread_exit'], needed: ['libgcc_s.so.1'], files },
      [PATH],
    ],
  ];
  for (const [title, house, found] of cases) it(title, () => assert.deepEqual(foundIn(house, libgcc), found));

  it('says by its evidence who called what', () => {
    const { edges } = closureIn({ imports: ['pthread_exit'], files }, [libgcc]);
    const edge = edges.find(({ to }) => to === PATH);
    assert.deepEqual(edge?.evidence, { by: 'symbol', symbol: 'pthread_exit', rule: 'libgcc' });
    assert.deepEqual([edge?.from, edge?.want], ['/bin/app', 'libgcc_s.so.1']);
  });
});
