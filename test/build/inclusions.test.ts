import assert from 'node:assert/strict';
import { readInclusions } from '../../src/build/inclusions.ts';
import type { Inclusion } from '../../src/plan/options.ts';
import type { RootPath, Sysroot } from '../../src/sysroot/sysroot.ts';
import { device, dir, fifo, file, link, memorySysroot, unreadable } from '../../src/testing.ts';

/** The machine's tree, in which /srv/image is the sysroot. */
const tree = memorySysroot({
  '/home/me/app.conf': file('abc', { mode: 0o640, uid: 7 }),
  '/home/me/odd:/name': file('odd'),
  '/home/me/current': link('data'),
  '/home/me/data/one': file('1'),
  '/home/me/data/two/deep': link('/nowhere'),
  '/home/me/data/pipe': fifo(),
  '/home/me/data/null': device('character', 1, 3),
  '/home/me/secret': unreadable(file('')),
  '/home/me/shut': unreadable(dir()),
  '/home/me/half/shut': unreadable(dir()),
  '/home/me/loop': link('loop'),
  '/srv/image/etc/inside': file('inside'),
});

const inner = memorySysroot({
  '/etc/inside': file('inside'),
  '/etc/other': file(''),
  '/usr/bin/[': file(''),
  '/etc/a:/b': file('a path with a colon'),
});
/** A sysroot that says where it lies on the machine, as one on disk does. */
const sysroot: Sysroot = {
  lstat: (path) => inner.lstat(path),
  stat: (path) => inner.stat(path),
  readlink: (path) => inner.readlink(path),
  readdir: (path) => inner.readdir(path),
  open: (path) => inner.open(path),
  realpath: (path) => inner.realpath(path),
  exists: (path) => inner.exists(path),
  hostPath: (path) => `/srv/image${path}`,
};

const read = (...patterns: readonly string[]): Promise<readonly Inclusion[]> =>
  readInclusions(patterns, sysroot, { tree, cwd: '/home/me' });

/** The files of one `SRC:DEST`, as `path source content-or-target`. */
async function put(pattern: string, into: Sysroot = sysroot): Promise<readonly string[]> {
  const [inclusion] = await readInclusions([pattern], into, { tree, cwd: '/home/me' });
  assert.ok(inclusion?.from === 'host' && inclusion.pattern === pattern);
  return inclusion.files.map((one) => {
    const tail = one.type === 'symlink' ? one.target : one.type === 'file' ? contentOf(one.content) : '';
    return `${one.type} ${one.path} ${one.source} ${tail}`.trimEnd();
  });
}

type Content = Extract<Extract<Inclusion, { from: 'host' }>['files'][number], { type: 'file' }>['content'];
function contentOf(content: Content): string {
  return content.from === 'sysroot' ? `=${content.path}` : Buffer.from(content.base64, 'base64').toString();
}

describe('readInclusions', () => {
  it('takes a path that exists for that path, whatever characters are in it', async () => {
    const found = await read('/etc/inside', 'etc/other', '/usr/bin/[', '/etc/a:/b');
    assert.deepEqual(
      found.map((one) => one.from === 'sysroot' && [one.pattern, ...one.paths, one.literal]),
      [
        ['/etc/inside', '/etc/inside', true],
        ['etc/other', '/etc/other', true],
        ['/usr/bin/[', '/usr/bin/[', true],
        ['/etc/a:/b', '/etc/a:/b', true],
      ],
    );
  });

  it('expands a glob and leaves out what later patterns negate', async () => {
    const found = await read('/etc/*', '!/etc/o*', '!etc/a*');
    assert.deepEqual(found, [
      {
        from: 'sysroot',
        pattern: '/etc/*',
        paths: ['/etc/inside'],
        literal: false,
        except: ['/etc/o*', '/etc/a*'],
      },
    ]);
  });

  it('lets a negation take from the patterns before it only', async () => {
    const found = await read('/etc/inside', '!/etc/*', '/etc/other');
    assert.deepEqual(
      found.map((one) => one.from === 'sysroot' && one.except),
      [['/etc/*'], []],
    );
  });

  it('puts a host file elsewhere, with its own mode', async () => {
    assert.deepEqual(await put('app.conf:/etc/app/app.conf'), [
      'file /etc/app/app.conf /home/me/app.conf abc',
    ]);
    const [inclusion] = await read('/home/me/app.conf:/x');
    assert.ok(inclusion?.from === 'host');
    const { mode, uid, size } = inclusion.files[0]!.stat;
    assert.deepEqual({ mode, uid, size }, { mode: 0o640, uid: 7, size: 3 });
  });

  const places: readonly (readonly [title: string, pattern: string, expected: string])[] = [
    ['into a directory that ends with a slash', 'app.conf:/etc/', 'file /etc/app.conf /home/me/app.conf abc'],
    ['into the root', 'app.conf:/', 'file /app.conf /home/me/app.conf abc'],
    ['at a path made plain', './app.conf://etc/./x', 'file /etc/x /home/me/app.conf abc'],
    ['by the last colon before a slash', 'odd:/name:/x', 'file /x /home/me/odd:/name odd'],
  ];
  for (const [title, pattern, expected] of places) {
    it(`puts a file ${title}`, async () => {
      assert.deepEqual(await put(pattern), [expected]);
    });
  }

  it('puts a directory with all in it, following the link that is named and no other', async () => {
    const expected = [
      'directory /opt /home/me/data',
      'file /opt/one /home/me/data/one 1',
      'directory /opt/two /home/me/data/two',
      'symlink /opt/two/deep /home/me/data/two/deep /nowhere',
      'fifo /opt/pipe /home/me/data/pipe',
      'character /opt/null /home/me/data/null',
    ];
    assert.deepEqual([...(await put('current:/opt/'))].sort(), [...expected].sort());
  });

  it('puts a directory upon the root without an entry for the root', async () => {
    const paths = (await put('data/two:/')).map((line) => line.split(' ')[1]);
    assert.deepEqual(paths, ['/deep']);
  });

  it('lists parents first', async () => {
    const paths = (await put('data:/opt')).map((line) => line.split(' ')[1] as string);
    for (const [i, path] of paths.entries()) {
      const parent = path.slice(0, path.lastIndexOf('/'));
      assert.ok(parent === '' || paths.indexOf(parent) < i, path);
    }
  });

  it('leaves the bytes of a file inside the sysroot where they are', async () => {
    assert.deepEqual(await put('/srv/image/etc/inside:/copy'), [
      'file /copy /srv/image/etc/inside =/etc/inside',
    ]);
    const whole: Sysroot = { ...sysroot, lstat: (path) => tree.lstat(path), hostPath: (path) => path };
    assert.deepEqual(await put('app.conf:/x', whole), ['file /x /home/me/app.conf =/home/me/app.conf']);
    const nowhere: Sysroot = { ...sysroot, hostPath: () => null };
    assert.deepEqual(await put('app.conf:/x', nowhere), ['file /x /home/me/app.conf abc']);
  });

  const refused: readonly (readonly [pattern: string, code: string, message: RegExp])[] = [
    ['', 'ERR_USAGE', /^cannot include '': the pattern is empty$/],
    ['!/etc/*', 'ERR_USAGE', /: it takes from the patterns before it, and there are none$/],
    ['/nope', 'ERR_NOT_FOUND', /^cannot include \/nope: no such file$/],
    ['nope', 'ERR_NOT_FOUND', /^cannot include nope: no such file$/],
    ['/nope/*', 'ERR_NOT_FOUND', /^cannot include \/nope\/\*: nothing matches$/],
    ['gone:/x', 'ERR_NOT_FOUND', /^cannot include gone: ENOENT$/],
    ['loop:/x', 'ERR_NOT_READABLE', /^cannot include loop: ELOOP$/],
    ['app.conf:/etc/../x', 'ERR_USAGE', /^cannot put app.conf at \/etc\/\.\.\/x: the path has '\.\.' in it$/],
    ['secret:/x', 'ERR_NOT_READABLE', /^cannot include \/home\/me\/secret: EACCES$/],
    ['shut:/x', 'ERR_NOT_READABLE', /^cannot include \/home\/me\/shut: EACCES$/],
    ['half:/x', 'ERR_NOT_READABLE', /^cannot include \/home\/me\/half\/shut: EACCES$/],
  ];
  for (const [pattern, code, message] of refused) {
    it(`refuses '${pattern}'`, async () => {
      await assert.rejects(read(pattern), { code, message });
    });
  }

  it('says that paths start with a slash where they do not', async () => {
    await assert.rejects(read('data.txt'), ({ details }) => /^paths start with \//.test(details.hint));
  });

  it('refuses to hold a huge file in memory', async () => {
    const huge: Sysroot = Object.assign(Object.create(tree), {
      lstat: (path: RootPath) => ({ ...tree.lstat(path), size: 2 ** 40 }),
      realpath: (path: RootPath) => tree.realpath(path),
      open: (path: RootPath) => tree.open(path),
    });
    await assert.rejects(readInclusions(['app.conf:/x'], sysroot, { tree: huge, cwd: '/home/me' }), {
      code: 'ERR_USAGE',
      message: /1099511627776 bytes are too many to hold in memory$/,
    });
  });
});
