import assert from 'node:assert/strict';
import { planSysroot } from '../../src/plan/plan-sysroot.ts';
import { rootPath, type Sysroot } from '../../src/sysroot/sysroot.ts';
import { file as memoryFile, memorySysroot } from '../../src/testing.ts';
import { device, directory, file, fileFrom, hardlink, planOf, symlink } from '../emit/helpers/plan.ts';

const BASE = memorySysroot({ '/src/lib': memoryFile('library') });

const TREE: Sysroot = planSysroot(
  planOf([
    directory('/bin'),
    file('/bin/app', 'program', { mode: 0o755 }),
    hardlink('/bin/twin', '/bin/app'),
    directory('/dev'),
    device('/dev/null', 'character', 1, 3),
    symlink('/lib', 'usr/lib'),
    symlink('/loop', 'loop'),
    directory('/usr'),
    directory('/usr/lib'),
    fileFrom('/usr/lib/a', '/src/lib', 7),
  ]),
  BASE,
);

function text(path: string): string {
  const source = TREE.open(rootPath(path));
  if (typeof source === 'string') return source;
  const bytes = Buffer.from(source.read(0, 100)).toString();
  assert.equal(source.size(), bytes.length);
  source.close();
  return bytes;
}

describe('planSysroot', () => {
  const contents: readonly (readonly [path: string, expected: string])[] = [
    ['/bin/app', 'program'],
    ['/bin/twin', 'program'],
    ['/usr/lib/a', 'library'],
    ['/lib/a', 'library'],
    ['/lib/../lib/a', 'library'],
    ['/usr/lib', 'EIO'],
    ['/dev/null', 'EIO'],
    ['/gone', 'ENOENT'],
    ['/bin/app/x', 'ENOTDIR'],
    ['/loop', 'ELOOP'],
  ];
  for (const [path, expected] of contents) {
    it(`opens ${path} as ${expected}`, () => assert.equal(text(path), expected));
  }

  it('lists names sorted, through links, and nothing for what is no directory', () => {
    assert.deepEqual(TREE.readdir(rootPath('/')), ['bin', 'dev', 'lib', 'loop', 'usr']);
    assert.deepEqual(TREE.readdir(rootPath('/lib')), ['a']);
    assert.deepEqual(TREE.readdir(rootPath('/bin/app')), []);
    assert.deepEqual(TREE.readdir(rootPath('/gone')), []);
  });

  it('tells kinds, modes and sizes, and one inode for two names of a file', () => {
    const app = TREE.stat(rootPath('/bin/app'));
    assert.deepEqual([app?.type, app?.mode, app?.size], ['file', 0o755, 7]);
    assert.equal(TREE.stat(rootPath('/bin/twin'))?.ino, app?.ino);
    assert.equal(TREE.stat(rootPath('/dev/null'))?.type, 'character');
    assert.equal(TREE.lstat(rootPath('/lib'))?.type, 'symlink');
    assert.equal(TREE.stat(rootPath('/lib'))?.type, 'directory');
    assert.equal(TREE.lstat(rootPath('/gone')), null);
  });

  it('follows links as they will be followed inside', () => {
    assert.deepEqual(TREE.realpath(rootPath('/lib/a')), { path: '/usr/lib/a', hops: ['/lib'] });
    assert.equal(TREE.readlink(rootPath('/lib')), 'usr/lib');
    assert.throws(() => TREE.readlink(rootPath('/bin')), { code: 'ERR_NOT_READABLE' });
    assert.equal(TREE.exists(rootPath('/lib/a')), true);
    assert.equal(TREE.exists(rootPath('/lib/b')), false);
  });

  it('has no host path where neither the bytes nor their source lie on disk', () => {
    for (const path of ['/bin/app', '/usr/lib/a', '/usr', '/gone'])
      assert.equal(TREE.hostPath(rootPath(path)), null);
  });
});
