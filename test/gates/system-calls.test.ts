import assert from 'node:assert/strict';
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { bytesRead, fileCalls } from '../../benchmarks/counts.ts';
import { needs, skip } from '../helpers/capabilities.ts';
import { BINARY, mkrootfs } from '../helpers/command-line.ts';

const STRACE = { tool: 'strace', package: 'strace' };
/** Calls of one process that no file of the closure accounts for: chunks and caches, ld.so.cache, the loader. */
const FIXED_CALLS = 75;
const CALLS_PER_FILE = 5.2;
/** Programs resolved at once. */
const MANY = 300;
/** Bytes likewise: two chunks with their caches, ld.so.cache and the loader. */
const FIXED_BYTES = 1_200_000;
const BYTES_PER_FILE = 24_000;

describe('system calls of resolve', function () {
  this.timeout(60_000);

  it('stay below six for each file of a program with few libraries, beyond what every command makes', function () {
    needs(this, STRACE);
    const files = closure(['/bin/bash']);
    const calls = fileCalls([process.execPath, BINARY, 'resolve', '/bin/bash']);
    assert.ok(calls >= 3 * files, `${calls} calls cannot have read ${files} files: nothing was counted`);
    assert.ok(calls <= FIXED_CALLS + CALLS_PER_FILE * files, `${calls} calls for ${files} files`);
  });

  it('stay below 5.2 for each file of a closure of hundreds, all counted', function () {
    needs(this, STRACE);
    const programs = manyPrograms();
    const files = closure(programs);
    if (files < 200) skip(this, `this machine has programs with only ${files} files in all`);
    const calls = fileCalls([process.execPath, BINARY, 'resolve', ...programs]);
    assert.ok(calls <= CALLS_PER_FILE * files + FIXED_CALLS, `${calls} calls for ${files} files`);
  });
});

describe('bytes read by resolve', function () {
  this.timeout(60_000);

  it('do not grow with the size of a program: node, of some 100 MB, costs what a small one does', function () {
    needs(this, STRACE);
    const [large, small] = [process.execPath, '/bin/bash'].map((program) => {
      const bytes = bytesRead([process.execPath, BINARY, 'resolve', program]);
      return bytes / closure([program]);
    }) as [number, number];
    const files = closure([process.execPath]);
    assert.ok(large <= BYTES_PER_FILE + FIXED_BYTES / files, `${large} bytes a file of node's closure`);
    assert.ok(small > 4096, `${small} bytes a file: nothing was counted`);
  });
});

/** How many files some programs load. */
function closure(programs: readonly string[]): number {
  const { code, stdout, stderr } = mkrootfs(['resolve', '--paths', ...programs]);
  assert.ok(code === 0 || code === 3, stderr);
  return stdout.trim().split('\n').length;
}

/** Programs of this machine, enough of them for some hundred files. */
function manyPrograms(): readonly string[] {
  const names = readdirSync('/usr/bin', { withFileTypes: true }).filter((entry) => entry.isFile());
  return names
    .map(({ name }) => `/usr/bin/${name}`)
    .filter(beginsLikeElf)
    .slice(0, MANY);
}

function beginsLikeElf(path: string): boolean {
  const head = Buffer.alloc(4);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, head, 0, head.length, 0);
  } finally {
    closeSync(fd);
  }
  return head.toString('latin1') === '\x7fELF';
}
