'use strict';
/*
 * The bin: loads main.cjs and, through its `require`, the chunk of one command, each with the code cache that
 * code-cache.mjs wrote beside it. Compiling takes a third of the time of `resolve /bin/echo`; V8 takes a cache only
 * from its own version and flags, and compiles as ever where it does not (docs/decisions/0001-code-cache.md).
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const modules = new Map();

/** Exports of a chunk beside this file; each is run once. */
function load(name) {
  const known = modules.get(name);
  if (known) return known.module.exports;
  const filename = join(__dirname, name);
  // esbuild writes ASCII only, which latin1 reads without a look at each byte.
  const source = `(function(exports,require,module,__dirname){${readFileSync(filename, 'latin1')}\n})`;
  const script = new Script(source, { filename, cachedData: readCache(`${filename}.cache`) });
  const module = { exports: {} };
  modules.set(name, { module, script });
  script.runInThisContext().call(module.exports, module.exports, requireFrom, module, __dirname);
  return module.exports;
}

function requireFrom(name) {
  return name.startsWith('./') ? load(name.slice(2)) : require(name);
}

function readCache(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

if (require.main === module) load('main.cjs');
else module.exports = { load, modules };
