import assert from 'node:assert/strict';
import { needs, skip } from '../helpers/capabilities.ts';
import { chrootRefused } from '../scenarios/oracle.ts';
import { checkSeed, difference } from './check.ts';
import { generate } from './generate.ts';

/** Seeds tried in one run of the tests; `run.ts` tries any number. */
const GRAPHS = 100;
const TOGETHER = 10;

describe('random graphs of libraries beside the real loader', () => {
  before(function () {
    if (process.arch !== 'x64') skip(this, 'needs an x86-64 machine');
    needs(this, { tool: 'cc', package: 'gcc' }, { tool: 'ldconfig', package: 'libc-bin' });
    const refusal = chrootRefused();
    if (refusal !== null) skip(this, refusal);
  });

  for (let first = 1; first <= GRAPHS; first += TOGETHER) {
    it(`seeds ${first} to ${first + TOGETHER - 1} give the same objects in load order, and miss the same`, () => {
      for (let seed = first; seed < first + TOGETHER; seed++) assert.equal(checkSeed(seed), null);
    });
  }

  it('a difference is found where there is one', () => {
    // A tree without a cache: the loader knows nothing of ld.so.conf, ours counts on the cache that will come.
    const graph = generate(1);
    const told = difference({
      ...graph,
      tree: {
        '/proc': { type: 'directory' },
        '/etc/ld.so.conf': { type: 'text', text: '/opt/a\n' },
        '/opt/a/liba.so': { type: 'elf', spec: {} },
        '/start': {
          type: 'elf',
          spec: { interpreter: '/lib64/ld-linux-x86-64.so.2', needed: ['liba.so'] },
        },
      },
      program: '/start',
      ldconfig: null,
    });
    assert.match(told ?? '', /"missing":\["liba\.so"\].*\n.*\/opt\/a\/liba\.so/);
  });

  it('the same seed gives the same graph, another seed another', () => {
    assert.deepEqual(generate(7), generate(7));
    assert.notDeepEqual(generate(7), generate(8));
  });
});
