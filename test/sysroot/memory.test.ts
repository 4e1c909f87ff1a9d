import assert from 'node:assert/strict';
import { deviceNumber, deviceNumbers } from '../../src/sysroot/device-number.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';
import {
  device,
  dir,
  failing,
  fifo,
  file,
  hardlink,
  link,
  type MemoryTree,
  memorySysroot,
  program,
  socket,
  unreadable,
} from '../../src/testing.ts';

const at = rootPath;

const sysroot = memorySysroot({
  '/usr/bin/tool': program('#!/bin/sh\n', { uid: 7, gid: 8 }),
  '/usr/bin/b': hardlink('/usr/bin/a'),
  '/usr/bin/a': file(Uint8Array.of(1, 2, 3), { mode: 0o4711 }),
  '/usr/lib/libé\udcff.so': file('x'),
  '/bin': link('usr/bin', { uid: 1, gid: 2 }),
  '/link-name': hardlink('/bin'),
  '/tmp': dir({ mode: 0o1777 }),
  '/dev/null': device('character', 1, 3, { mode: 0o666 }),
  '/dev/sda': device('block', 259, 300),
  '/run/pipe': fifo(),
  '/run/socket': socket(),
  '/etc/shadow': unreadable(file('root:*')),
  '/root': unreadable(dir({ mode: 0o700 })),
  '/root/.profile': file('secret'),
  '/bad': failing('0123456789', 4),
  '/dangling': link('nowhere'),
});

/** What `open` gives, as text. */
function read(path: string): string {
  const source = sysroot.open(at(path));
  if (typeof source === 'string') return source;
  const text = Buffer.from(source.read(0, source.size())).toString();
  source.close();
  return text;
}

describe('memorySysroot', () => {
  it('makes the parents that the tree does not name, as directories of mode 0755', () => {
    const { type, mode, uid, gid } = sysroot.lstat(at('/usr/lib'))!;
    assert.deepEqual({ type, mode, uid, gid }, { type: 'directory', mode: 0o755, uid: 0, gid: 0 });
    assert.equal(sysroot.stat(at('/'))?.type, 'directory');
  });

  const stats: readonly (readonly [path: string, type: string, mode: number, size: number, rdev: number])[] =
    [
      ['/usr/bin/tool', 'file', 0o755, 10, 0],
      ['/usr/bin/a', 'file', 0o4711, 3, 0],
      ['/bin', 'symlink', 0o777, 7, 0],
      ['/tmp', 'directory', 0o1777, 0, 0],
      ['/dev/null', 'character', 0o666, 0, 0x103],
      ['/dev/sda', 'block', 0o600, 0, 0x11032c],
      ['/run/pipe', 'fifo', 0o644, 0, 0],
      ['/run/socket', 'socket', 0o755, 0, 0],
    ];
  for (const [path, type, mode, size, rdev] of stats) {
    it(`tells of ${path} what lstat(2) would`, () => {
      const stat = sysroot.lstat(at(path))!;
      assert.deepEqual([stat.type, stat.mode, stat.size, stat.rdev], [type, mode, size, rdev]);
    });
  }

  it('keeps the owners that it was given', () => {
    const owner = (path: string) => [sysroot.lstat(at(path))?.uid, sysroot.lstat(at(path))?.gid];
    assert.deepEqual(owner('/usr/bin/tool'), [7, 8]);
    assert.deepEqual(owner('/bin'), [1, 2]);
  });

  it('follows links in parents for lstat, and everywhere for stat', () => {
    assert.equal(sysroot.lstat(at('/bin'))?.type, 'symlink');
    assert.equal(sysroot.stat(at('/bin'))?.type, 'directory');
    assert.equal(sysroot.lstat(at('/bin/tool'))?.size, 10);
    assert.deepEqual(sysroot.realpath(at('/bin/tool')), { path: '/usr/bin/tool', hops: ['/bin'] });
  });

  it('finds nothing where nothing is', () => {
    assert.equal(sysroot.lstat(at('/nothing')), null);
    assert.equal(sysroot.stat(at('/dangling')), null);
    assert.equal(sysroot.lstat(at('/dangling'))?.type, 'symlink');
    assert.equal(sysroot.exists(at('/dangling')), false);
    assert.equal(sysroot.exists(at('/bin/tool')), true);
    assert.equal(sysroot.realpath(at('/usr/bin/tool/x')), 'ENOTDIR');
  });

  it('gives hard links one inode and counts them, whichever stands first', () => {
    const [a, b] = [sysroot.lstat(at('/usr/bin/a'))!, sysroot.lstat(at('/usr/bin/b'))!];
    assert.deepEqual(a, b);
    assert.equal(a.nlink, 2);
    assert.equal(sysroot.lstat(at('/usr/bin/tool'))?.nlink, 1);
    assert.equal(sysroot.readlink(at('/link-name')), 'usr/bin');
    assert.equal(sysroot.lstat(at('/bin'))?.nlink, 2);
  });

  it('gives every other entry an inode of its own, the same at each making', () => {
    const tree: MemoryTree = { '/a/b': file(), '/a/c': file(), '/d': link('a') };
    const numbers = () => {
      const made = memorySysroot(tree);
      return ['/', '/a', '/a/b', '/a/c', '/d'].map((path) => made.lstat(at(path))?.ino);
    };
    assert.equal(new Set(numbers()).size, 5);
    assert.deepEqual(numbers(), numbers());
  });

  it('lists names sorted by code unit, and nothing for what is no directory', () => {
    assert.deepEqual(sysroot.readdir(at('/usr/bin')), ['a', 'b', 'tool']);
    assert.deepEqual(sysroot.readdir(at('/bin')), ['a', 'b', 'tool']);
    assert.deepEqual(
      memorySysroot({ '/b': file(), '/B': file(), '/é': file(), '/a': dir() }).readdir(at('/')),
      ['B', 'a', 'b', 'é'],
    );
    assert.deepEqual(sysroot.readdir(at('/usr/bin/a')), []);
    assert.deepEqual(sysroot.readdir(at('/nothing')), []);
  });

  it('holds names that are not UTF-8', () => {
    assert.deepEqual(sysroot.readdir(at('/usr/lib')), ['libé\udcff.so']);
    assert.equal(read('/usr/lib/libé\udcff.so'), 'x');
  });

  const opened: readonly (readonly [path: string, what: string])[] = [
    ['/bin/tool', '#!/bin/sh\n'],
    ['/usr/bin/b', '\x01\x02\x03'],
    ['/usr', 'EIO'],
    ['/run/pipe', 'EIO'],
    ['/run/socket', 'EIO'],
    ['/dev/null', 'EIO'],
    ['/dangling', 'ENOENT'],
    ['/etc/shadow', 'EACCES'],
    ['/root/.profile', 'EACCES'],
    ['/root', 'EACCES'],
  ];
  for (const [path, what] of opened) {
    it(`opens ${path} as ${JSON.stringify(what)}`, () => assert.equal(read(path), what));
  }

  it('hides everything below a directory that cannot be read, not the directory', () => {
    assert.equal(sysroot.lstat(at('/root'))?.mode, 0o700);
    assert.deepEqual(sysroot.readdir(at('/root')), []);
    assert.equal(sysroot.lstat(at('/root/.profile')), null);
    assert.equal(sysroot.realpath(at('/root/.profile')), 'EACCES');
    assert.equal(sysroot.realpath(at('/root/absent')), 'EACCES');
  });

  it('reads at any offset, less at the end and nothing behind it', () => {
    const source = sysroot.open(at('/bin/tool'));
    assert.ok(typeof source === 'object');
    assert.equal(Buffer.from(source.read(2, 4)).toString(), '/bin');
    assert.equal(source.read(8, 100).length, 2);
    assert.equal(source.read(100, 4).length, 0);
  });

  it('throws where the medium fails, not before', () => {
    const source = sysroot.open(at('/bad'));
    assert.ok(typeof source === 'object');
    assert.equal(source.read(0, 4).length, 4);
    assert.throws(() => source.read(0, 5), { name: 'RootfsError', code: 'ERR_NOT_READABLE' });
  });

  it('reads links, and says what is none', () => {
    assert.equal(sysroot.readlink(at('/bin')), 'usr/bin');
    for (const path of ['/usr', '/nothing', '/bin/tool']) {
      assert.throws(() => sysroot.readlink(at(path)), {
        code: 'ERR_NOT_READABLE',
        message: /cannot read link/,
      });
    }
  });

  it('lies nowhere on the host', () => assert.equal(sysroot.hostPath(at('/bin/tool')), null));

  it('takes attributes for the root directory', () => {
    const made = memorySysroot({ '/a': file(), '/': dir({ mode: 0o700, uid: 5 }) });
    assert.equal(made.lstat(at('/'))?.mode, 0o700);
    assert.deepEqual(made.readdir(at('/')), ['a']);
  });

  const contradictions: readonly (readonly [why: string, tree: MemoryTree, message: RegExp])[] = [
    ['an entry below a file', { '/a': file(), '/a/b': file() }, /\/a\/b .*parent is no directory/],
    ['an entry below a link', { '/a': link('/'), '/a/b': file() }, /parent is no directory/],
    ['a hard link to nothing', { '/a': hardlink('/b') }, /there is no \/b/],
    ['a hard link to a made-up parent', { '/a/x': file(), '/b': hardlink('/a') }, /there is no \/a/],
    ['a hard link to a directory', { '/a': dir(), '/b': hardlink('/a') }, /\/a is a directory/],
    ['a hard link to itself', { '/a': hardlink('/a') }, /link to itself/],
    ['hard links in a circle', { '/a': hardlink('/b'), '/b': hardlink('/a') }, /link to itself/],
    ['a relative path', { 'a/b': file() }, /plain absolute path/],
    ['dot-dot in a path', { '/a/../b': file() }, /plain absolute path/],
    ['a doubled slash', { '/a//b': file() }, /plain absolute path/],
    ['a trailing slash', { '/a/': dir() }, /plain absolute path/],
    ['a NUL', { '/a\0': file() }, /plain absolute path/],
  ];
  for (const [why, tree, message] of contradictions) {
    it(`refuses ${why}`, () => {
      assert.throws(() => memorySysroot(tree), { name: 'RootfsError', code: 'ERR_USAGE', message });
    });
  }
});

describe('device numbers', () => {
  const cases: readonly (readonly [major: number, minor: number, rdev: number])[] = [
    [1, 3, 0x103],
    [0, 0, 0],
    [259, 300, 0x11032c],
    [0xfff, 0xfffff, 0xffffffff],
  ];
  for (const [major, minor, rdev] of cases) {
    it(`${major}:${minor} is 0x${rdev.toString(16)}, both ways`, () => {
      assert.equal(deviceNumber({ major, minor }), rdev);
      assert.deepEqual(deviceNumbers(rdev), { major, minor });
    });
  }
});
