import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { buildElf } from '../../src/testing.ts';
import { mkrootfsHere } from '../helpers/command-line.ts';
import { scratch } from '../helpers/scratch.ts';

const INTERPRETER = '/lib64/ld-linux-x86-64.so.2';

describe('mkrootfs verify', () => {
  const { path, write } = scratch();

  beforeEach(() => {
    write(`rootfs${INTERPRETER}`, buildElf({ soname: 'ld-linux-x86-64.so.2' }), 0o755);
    write('rootfs/bin/app', buildElf({ interpreter: INTERPRETER, needed: ['liba.so'] }), 0o755);
    write('rootfs/lib64/liba.so', buildElf({ soname: 'liba.so' }));
  });

  it('says what it looked at in a rootfs that is complete', async () => {
    const { code, stdout } = await mkrootfsHere(['verify', path('rootfs')]);
    assert.equal(
      stdout,
      `${path('rootfs')} is complete: 3 ELF files, 0 scripts and 0 links resolve inside\n`,
    );
    assert.equal(code, 0);
  });

  it('ends with 3 and names each gap with what was tried', async () => {
    rmSync(path('rootfs/lib64/liba.so'));
    const { code, stdout, stderr } = await mkrootfsHere(['verify', path('rootfs')]);
    assert.equal(code, 3);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^mkrootfs: cannot prove .*rootfs complete: 1 gap\n {2}liba\.so not found, needed by \/bin\/app\n/,
    );
    assert.match(stderr, /^ {4}default: \/lib64\/liba\.so: no such file$/m);
  });

  it('prints the gaps as one JSON document', async () => {
    rmSync(path('rootfs/lib64/liba.so'));
    const { code, stdout } = await mkrootfsHere(['verify', path('rootfs'), '--json']);
    const told = JSON.parse(stdout);
    assert.equal(code, 3);
    assert.equal(told.complete, false);
    assert.equal(told.problems[0].kind, 'missing-library');
    assert.equal(told.problems[0].title, 'liba.so not found, needed by /bin/app');
  });

  it('looks where LD_LIBRARY_PATH will lead', async () => {
    rmSync(path('rootfs/lib64/liba.so'));
    write('rootfs/opt/liba.so', buildElf({ soname: 'liba.so' }));
    assert.equal((await mkrootfsHere(['verify', path('rootfs'), '--library-path', '/opt'])).code, 0);
  });

  const wrong: readonly (readonly [title: string, argv: readonly string[], code: number, says: RegExp])[] = [
    ['no rootfs', [], 2, /name one ROOTFS/],
    ['two of them', ['a', 'b'], 2, /name one ROOTFS/],
    ['one that is not there', ['/nonexistent'], 4, /cannot verify \/nonexistent: no such directory/],
    ['a file', ['/etc/passwd'], 4, /it is not a directory/],
  ];
  for (const [title, argv, code, says] of wrong) {
    it(`refuses ${title}`, async () => {
      const outcome = await mkrootfsHere(['verify', ...argv]);
      assert.equal(outcome.code, code);
      assert.match(outcome.stderr, says);
    });
  }
});
