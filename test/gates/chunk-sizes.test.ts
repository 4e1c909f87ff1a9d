import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BINARY } from '../helpers/command-line.ts';

const DIRECTORY = dirname(BINARY);

/** Kilobytes that a chunk of the command line may have: each is read and checked by V8 at every start. */
const ROOM: readonly (readonly [chunk: string, kilobytes: number])[] = [
  ['mkrootfs.cjs', 4],
  ['main.cjs', 32],
  ['help.cjs', 32],
  ['commands-resolve.cjs', 180],
  ['commands-inspect.cjs', 80],
  ['commands-run.cjs', 64],
];

describe('chunks of the command line', () => {
  for (const [chunk, kilobytes] of ROOM) {
    it(`keep ${chunk} below ${kilobytes} kB`, () => {
      const { size } = statSync(join(DIRECTORY, chunk));
      assert.ok(size > 500, `${size} bytes are no chunk`);
      assert.ok(size <= kilobytes * 1000, `${size} bytes`);
    });
  }

  it('load no package of npm before a command asks for it', () => {
    const started = ['main.cjs', 'commands-resolve.cjs'].map((chunk) =>
      readFileSync(join(DIRECTORY, chunk), 'utf8'),
    );
    for (const source of started) {
      assert.doesNotMatch(source, /^\/\/ (?:\.\.\/)*node_modules\//m);
      assert.doesNotMatch(
        source,
        /^(?:var|const) .*require\("node:(?:stream|crypto|zlib|worker_threads|v8|tty)"\)/m,
      );
    }
  });

  it('have a code cache beside those that every command line begins with', () => {
    const names = readdirSync(DIRECTORY);
    for (const chunk of ['main.cjs', 'commands-resolve.cjs'])
      assert.ok(names.includes(`${chunk}.cache`), chunk);
  });
});
