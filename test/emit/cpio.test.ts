import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { writeCpio } from '../../src/emit/cpio.ts';
import { encodeCpioHeader } from '../../src/emit/cpio-header.ts';
import type { Entry, RootfsPlan } from '../../src/plan/entry.ts';
import { memorySysroot, planEntries, treeDump } from '../../src/testing.ts';
import { needs, needsRoot } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';
import { device, directory, file, hardlink, planOf, symlink } from './helpers/plan.ts';

const EMPTY = memorySysroot({});
const INIT = symlink('/init', '/bin/true');

const ENTRIES: readonly Entry[] = [
  directory('/bin'),
  hardlink('/bin/also', '/bin/true'),
  file('/bin/true', '#!/bin/sh\n', { mode: 0o4755 }),
  directory('/dev'),
  device('/dev/null', 'character', 1, 3, { mode: 0o666 }),
  directory('/etc', { mode: 0o1777, uid: 1000, gid: 7 }),
  file('/etc/empty', ''),
  file('/etc/n\u00e4me with\nnewline', 'x'.repeat(70_001)),
  symlink('/etc/link', '../bin/true'),
];

/** Parents before children and by path, a hard link after its file. */
function plan(entries: readonly Entry[] = ENTRIES, epoch = 86_400): RootfsPlan {
  const rank = (entry: Entry): string => (entry.type === 'hardlink' ? `${entry.target}\0` : entry.path);
  return planOf(
    [...entries].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)),
    epoch,
  );
}

describe('writeCpio', () => {
  const { path } = scratch();

  async function written(name: string, made = plan(), gzip = false): Promise<Buffer> {
    await writeCpio(made, EMPTY, { output: path(name), compression: gzip ? 'gzip' : 'none' });
    return readFileSync(path(name));
  }

  it('is unpacked by GNU cpio to the tree of the plan, with /init beside it', async function () {
    needs(this, { tool: 'cpio', package: 'cpio' });
    needsRoot(this);
    mkdirSync(path('tree'), { mode: 0o755 });
    execFileSync('cpio', ['-idm', '--quiet'], { cwd: path('tree'), input: await written('a.cpio') });
    const expected = await treeDump(planEntries(plan([...ENTRIES, INIT]), EMPTY));
    assert.deepEqual(await treeDump(path('tree')), expected);
  });

  it('is listed by bsdtar with the same names, links and times', async function () {
    needs(this, { tool: 'bsdtar', package: 'libarchive-tools' });
    const input = await written('a.cpio');
    const env = { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' };
    const listing = execFileSync('bsdtar', ['-tvf', '-'], { input, encoding: 'utf8', env });
    assert.match(listing, /^l.* Jan +2 +1970 init -> \/bin\/true$/m);
    assert.match(listing, /^-rwsr-xr-x +2 .* bin\/true$/m);
    assert.match(listing, /^crw-rw-rw- .* 1,3 .* dev\/null$/m);
  });

  it('leaves an /init of the plan in its place', async () => {
    const own = [...ENTRIES, file('/init', 'mine', { mode: 0o755 })];
    const archive = await written('a.cpio', plan(own));
    assert.equal(archive.toString('latin1').match(/\0init\0|[0-9a-f]init\0/g)?.length, 1);
    assert.ok(archive.includes('mine'));
  });

  it('is the same bytes each time, plain and compressed, and of whole blocks', async () => {
    const [first, second] = [await written('a.cpio'), await written('b.cpio')];
    assert.deepEqual(first, second);
    assert.equal(first.length % 512, 0);
    assert.deepEqual(gunzipSync(await written('c.cpio.gz', plan(), true)), first);
  });

  it('says that extended attributes are lost', async () => {
    const marked = plan([file('/ping', 'x', { xattrs: { 'security.capability': 'AAAA' } })]);
    const { warnings } = await writeCpio(marked, EMPTY, { output: path('a.cpio') });
    assert.deepEqual(warnings, ['extended attributes of 1 files are left out: cpio has no place for them']);
  });
});

describe('encodeCpioHeader', () => {
  const header = {
    name: 'a',
    ino: 1,
    mode: 0o100644,
    uid: 0,
    gid: 0,
    nlink: 1,
    mtime: 0,
    size: 0,
    rdev: { major: 0, minor: 0 },
  };

  it('writes thirteen fields of eight hexadecimal digits behind the magic', () => {
    const text = encodeCpioHeader({ ...header, uid: 0xffff_ffff, size: 10 }).toString('latin1');
    const fields = text.slice(6, 110).match(/.{8}/g);
    assert.equal(text.slice(0, 6), '070701');
    assert.deepEqual(fields?.slice(0, 7), [
      '00000001',
      '000081a4',
      'ffffffff',
      '00000000',
      '00000001',
      '00000000',
      '0000000a',
    ]);
    assert.equal(text.slice(110), 'a\0');
  });

  for (const [field, value] of [
    ['size', 2 ** 32],
    ['uid', 2 ** 32],
    ['mtime', -1],
  ] as const) {
    it(`refuses a ${field} of ${value}, which 32 bits do not hold`, () => {
      assert.throws(() => encodeCpioHeader({ ...header, [field]: value }), { code: 'ERR_OUTPUT' });
    });
  }
});
