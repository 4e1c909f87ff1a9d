import assert from 'node:assert/strict';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { needs, skip } from '../helpers/capabilities.ts';
import { Comparison } from './compare.ts';

const DIRECTORIES = ['/usr/bin', '/usr/sbin', '/usr/lib/x86_64-linux-gnu'];
/** One file in so many: all of a machine is what `run.ts` compares. */
const EVERY = 23;
const AT_MOST = 250;

describe('files of this machine beside its own loader', () => {
  it('load the same objects in the same order, miss the same, and leave the same symbols unbound', function () {
    this.timeout(120_000);
    if (process.arch !== 'x64') skip(this, 'needs an x86-64 machine');
    needs(this, { tool: '/lib64/ld-linux-x86-64.so.2', package: 'libc6' });
    const files = DIRECTORIES.flatMap((directory) =>
      readdirSync(directory)
        .map((name) => join(directory, name))
        .filter((path) => lstatSync(path).isFile()),
    );
    const comparison = new Comparison(true);
    let same = 0;
    for (const file of files.filter((_, at) => at % EVERY === 0).slice(0, AT_MOST)) {
      const outcome = comparison.of(file);
      assert.notEqual(outcome.kind, 'different', 'what' in outcome ? `${file}: ${outcome.what}` : '');
      if (outcome.kind === 'same') same++;
    }
    assert.ok(same >= 10, `only ${same} files were compared`);
  });
});
