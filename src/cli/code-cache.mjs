// Writes V8's code cache of each chunk beside it: node code-cache.mjs LAUNCHER WORD...
// The words are a command line; what it runs is what the cache holds compiled.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const [, self, launcher, ...words] = process.argv;
const { load, modules } = createRequire(import.meta.url)(launcher);
process.argv = [process.execPath, self, ...words];
load('main.cjs');
process.on('exit', () => {
  for (const [name, { script }] of modules) {
    writeFileSync(join(dirname(launcher), `${name}.cache`), script.createCachedData());
  }
});
