import assert from 'node:assert/strict';
import type { RootfsPlan } from '../../src/plan/entry.ts';
import type { HostInclusion, IncludedFile, PlanOptions, SysrootInclusion } from '../../src/plan/options.ts';
import { planRootfs } from '../../src/plan/plan.ts';
import { validatePlan } from '../../src/plan/validate.ts';
import { type FileStat, type RootPath, rootPath, type Sysroot } from '../../src/sysroot/sysroot.ts';
import {
  device,
  dir,
  fifo,
  file,
  hardlink,
  link,
  memorySysroot,
  program,
  socket,
  unreadable,
} from '../../src/testing.ts';
import { closureOf } from './closure-of.ts';

const sysroot = memorySysroot({
  '/bin': link('usr/bin'),
  '/usr/bin/x': program(''),
  '/etc/motd': file('hello'),
  '/etc/ssl': link('pki/tls'),
  '/etc/pki/tls/cert.pem': link('../../../usr/share/ca/all.pem'),
  '/etc/pki/tls/private/key': file('k', { mode: 0o600 }),
  '/etc/pki/tls/.hidden': file(''),
  '/usr/share/ca/all.pem': file('pem'),
  '/usr/share/ca/other.pem': file('pem'),
  '/opt/app/current': link('../releases/5'),
  '/opt/app/loop': link('loop'),
  '/opt/app/self': link('.'),
  '/opt/app/mounts': link('/proc/mounts'),
  '/opt/app/run.sock': socket(),
  '/opt/app/a': file('one', { mode: 0o640 }),
  '/opt/app/b': hardlink('/opt/app/a'),
  '/opt/app/disk': device('block', 8, 1),
  '/opt/releases/5/main': program(''),
  '/run/pipe': fifo(),
  '/secret/file': unreadable(file('')),
  '/closed': unreadable(dir({ mode: 0o700 })),
  '/proc/mounts': file(''),
  '/dev/null': device('character', 1, 3, { mode: 0o666 }),
  '/dev/net/tun': device('character', 10, 200),
  '/dev/fd': link('/proc/self/fd'),
  '/dev/shm/x': file(''),
  '/dev/linked': link('net'),
});

/** A path asked for as it is. */
function path(pattern: string, except: readonly string[] = []): SysrootInclusion {
  return { from: 'sysroot', pattern, paths: [rootPath(pattern)], literal: true, except };
}

/** What a glob matched. */
function glob(pattern: string, ...paths: readonly string[]): SysrootInclusion {
  return { from: 'sysroot', pattern, paths: paths.map(rootPath), literal: false, except: [] };
}

function plan(
  options: PlanOptions,
  from: Sysroot = sysroot,
  programs: readonly string[] = ['/bin/x'],
): RootfsPlan {
  const made = planRootfs(closureOf(from, programs), from, options);
  validatePlan(made);
  return made;
}

/** Paths that an inclusion adds to the plan of the program alone, with their types. */
function added(...include: NonNullable<PlanOptions['include']>): Record<string, string> {
  const before = new Set(plan({}).entries.map((entry) => entry.path));
  const fresh = plan({ include }).entries.filter((entry) => !before.has(entry.path));
  return Object.fromEntries(
    fresh.map((entry) => [entry.path, 'target' in entry ? `${entry.type} ${entry.target}` : entry.type]),
  );
}

describe('planRootfs with files of the sysroot included', () => {
  it('adds a file with its parents, and says which pattern did', () => {
    const { entries } = plan({ include: [path('/etc/motd')] });
    const motd = entries.find((entry) => entry.path === '/etc/motd');
    assert.deepEqual(motd?.evidence, { by: 'include', pattern: '/etc/motd' });
    assert.equal(motd?.neededBy, null);
    assert.deepEqual(added(path('/etc/motd')), { '/etc': 'directory', '/etc/motd': 'file' });
  });

  it('adds a directory with all in it, dot files too, and the files that links in it lead to', () => {
    assert.deepEqual(added(path('/etc/pki')), {
      '/etc': 'directory',
      '/etc/pki': 'directory',
      '/etc/pki/tls': 'directory',
      '/etc/pki/tls/.hidden': 'file',
      '/etc/pki/tls/cert.pem': 'symlink ../../../usr/share/ca/all.pem',
      '/etc/pki/tls/private': 'directory',
      '/etc/pki/tls/private/key': 'file',
      '/usr/share': 'directory',
      '/usr/share/ca': 'directory',
      '/usr/share/ca/all.pem': 'file',
    });
  });

  it('adds what is in the directory that a named link leads to', () => {
    const paths = added(path('/etc/ssl'));
    assert.equal(paths['/etc/ssl'], 'symlink pki/tls');
    assert.equal(paths['/etc/pki/tls/private/key'], 'file');
  });

  it('adds only the empty directory that a link met on the way leads to; odd links stay as they are', () => {
    assert.deepEqual(added(path('/opt/app')), {
      '/opt': 'directory',
      '/opt/app': 'directory',
      '/opt/app/a': 'file',
      '/opt/app/b': 'hardlink /opt/app/a',
      '/opt/app/current': 'symlink ../releases/5',
      '/opt/app/disk': 'device',
      '/opt/app/loop': 'symlink loop',
      '/opt/app/mounts': 'symlink /proc/mounts',
      '/opt/app/self': 'symlink .',
      '/opt/releases': 'directory',
      '/opt/releases/5': 'directory',
    });
  });

  it('notes what it passes over', () => {
    assert.deepEqual(plan({ include: [path('/opt/app')] }).notes, [
      '/opt/app/loop is a link that leads nowhere (ELOOP), kept as it is',
      '/opt/app/run.sock is left out: it is a socket, made at run time',
    ]);
  });

  it('adds what a glob matched, directories with all in them', () => {
    const paths = Object.keys(added(glob('/{etc,usr}/*', '/etc/motd', '/usr/share')));
    assert.deepEqual(paths, [
      '/etc',
      '/etc/motd',
      '/usr/share',
      '/usr/share/ca',
      '/usr/share/ca/all.pem',
      '/usr/share/ca/other.pem',
    ]);
  });

  it('leaves out what later patterns negate, at every depth', () => {
    const paths = added(path('/etc/pki', ['/etc/pki/**/private', '**/.hid*']));
    assert.deepEqual(
      Object.keys(paths).filter((one) => one.startsWith('/etc/pki/tls/')),
      ['/etc/pki/tls/cert.pem'],
    );
  });

  it('adds the whole sysroot but for /proc, /sys and /dev', () => {
    const readable = memorySysroot({
      '/usr/bin/x': program(''),
      '/bin': link('usr/bin'),
      '/proc/1/maps': file(''),
      '/dev/sda': device('block', 8, 0),
      '/srv/data': file(''),
    });
    const paths = plan({ include: [path('/')] }, readable).entries.map((entry) => entry.path as string);
    assert.deepEqual(paths, [
      '/',
      '/bin',
      '/dev',
      '/proc',
      '/srv',
      '/srv/data',
      '/sys',
      '/tmp',
      '/usr',
      '/usr/bin',
      '/usr/bin/x',
    ]);
  });

  it('adds devices and links of /dev that are named', () => {
    assert.deepEqual(added(path('/dev/null'), path('/dev/net/tun'), path('/dev/fd')), {
      '/dev/fd': 'symlink /proc/self/fd',
      '/dev/net': 'directory',
      '/dev/net/tun': 'device',
      '/dev/null': 'device',
    });
    const { entries } = plan({ include: [path('/dev/net/tun')] });
    const tun = entries.find((entry) => entry.path === '/dev/net/tun');
    assert.ok(tun?.type === 'device');
    assert.deepEqual([tun.kind, tun.major, tun.minor, tun.mode], ['character', 10, 200, 0o600]);
  });

  const refused: readonly (readonly [title: string, path: string, code: string, message: RegExp])[] = [
    [
      'a path that is not there',
      '/nope/file',
      'ERR_NOT_FOUND',
      /^cannot include \/nope\/file: no such file$/,
    ],
    ['a path below a file', '/etc/motd/x', 'ERR_NOT_FOUND', /^cannot include \/etc\/motd\/x: ENOTDIR$/],
    ['a path in a closed directory', '/closed/x', 'ERR_NOT_READABLE', /^cannot include \/closed\/x: EACCES$/],
    [
      'an unreadable file',
      '/secret',
      'ERR_NOT_READABLE',
      /^cannot read \/secret\/file: EACCES \(included by \/secret\)$/,
    ],
    ['an unreadable directory', '/closed', 'ERR_NOT_READABLE', /^cannot read \/closed: EACCES \(included by/],
    [
      'a fifo',
      '/run/pipe',
      'ERR_USAGE',
      /^cannot plan \/run\/pipe: it is a fifo, which no rootfs holds \(included by/,
    ],
    ['a file of /proc', '/proc/mounts', 'ERR_USAGE', /^cannot include \/proc\/mounts: .* are mount points/],
    ['a file of /dev', '/dev/shm/x', 'ERR_USAGE', /^cannot include \/dev\/shm\/x: .* are mount points/],
    ['a device through a link of /dev', '/dev/linked/tun', 'ERR_USAGE', /\/dev\/linked is no directory$/],
  ];
  for (const [title, pattern, code, message] of refused) {
    it(`refuses ${title} that is named`, () => {
      assert.throws(() => plan({ include: [path(pattern)] }), { code, message });
    });
  }

  it('refuses a directory whose files it may list and not look at', () => {
    const shut: Sysroot = Object.assign(Object.create(sysroot), {
      lstat: (at: RootPath) => (at.startsWith('/etc/pki/tls/') ? null : sysroot.lstat(at)),
      realpath: (at: RootPath) => (at.startsWith('/etc/pki/tls/') ? 'EACCES' : sysroot.realpath(at)),
      readdir: (at: RootPath) => sysroot.readdir(at),
      readlink: (at: RootPath) => sysroot.readlink(at),
      open: (at: RootPath) => sysroot.open(at),
    });
    assert.throws(() => plan({ include: [path('/etc/pki')] }, shut), {
      code: 'ERR_NOT_READABLE',
      message: 'cannot include /etc/pki/tls/.hidden: EACCES',
    });
  });

  it('passes over what a glob matched and no rootfs holds', () => {
    const include = [glob('/*/*', '/run/pipe', '/proc/mounts', '/dev/shm', '/nope', '/dev/null')];
    assert.deepEqual(added(...include), { '/dev/null': 'device', '/run': 'directory' });
    assert.deepEqual(plan({ include }).notes, ['/run/pipe is left out: it is a fifo, made at run time']);
  });
});

describe('planRootfs with files of the host included', () => {
  const status: FileStat = {
    type: 'file',
    mode: 0o644,
    uid: 5,
    gid: 6,
    size: 3,
    dev: 9,
    ino: 1,
    nlink: 1,
    rdev: 0,
  };
  const inline = (text: string) =>
    ({ from: 'inline', base64: Buffer.from(text).toString('base64') }) as const;
  const put = (at: string, text = 'abc', stat = status): IncludedFile => ({
    type: 'file',
    path: rootPath(at),
    source: '/home/me/src',
    stat: { ...stat, size: text.length },
    content: inline(text),
  });
  const host = (...files: readonly IncludedFile[]): HostInclusion => ({
    from: 'host',
    pattern: 'src:dest',
    files,
  });
  const special = (
    type: 'directory' | 'fifo' | 'socket' | 'character',
    at: string,
    mode: number,
  ): IncludedFile => ({
    type,
    path: rootPath(at),
    source: '/home/me/src',
    stat: { ...status, type, mode, rdev: 0x103 },
  });

  it('puts a file below directories of the sysroot, links followed', () => {
    const paths = added(host(put('/etc/ssl/own.pem')));
    assert.deepEqual(paths, {
      '/etc': 'directory',
      '/etc/pki': 'directory',
      '/etc/pki/tls': 'directory',
      '/etc/pki/tls/own.pem': 'file',
      '/etc/ssl': 'symlink pki/tls',
    });
  });

  it('makes directories that the sysroot does not have, mode 0755', () => {
    const { entries } = plan({ include: [host(put('/new/deep/file'))] });
    const made = entries
      .filter((entry) => entry.path.startsWith('/new'))
      .map((entry) => `${entry.path} ${entry.mode.toString(8)}`);
    assert.deepEqual(made, ['/new 755', '/new/deep 755', '/new/deep/file 644']);
  });

  it('puts a tree as it is: modes, links, hard links, devices', () => {
    const twice = { ...status, nlink: 2, ino: 77 };
    const include = [
      host(
        special('directory', '/new', 0o750),
        put('/new/a', 'abc', twice),
        put('/new/b', 'abc', twice),
        { type: 'symlink', path: rootPath('/new/l'), source: '/s', stat: status, target: '../x' },
        special('character', '/new/null', 0o666),
        special('socket', '/new/sock', 0o755),
      ),
    ];
    assert.deepEqual(added(...include), {
      '/new': 'directory',
      '/new/a': 'file',
      '/new/b': 'hardlink /new/a',
      '/new/l': 'symlink ../x',
      '/new/null': 'device',
    });
    const made = plan({ include });
    assert.equal(made.entries.find((entry) => entry.path === '/new')?.mode, 0o750);
    assert.deepEqual(made.notes, ['/new/sock is left out: it is a socket, made at run time']);
  });

  it('leaves out what is excluded', () => {
    const include = [host(put('/new/file'), put('/other'))];
    const paths = plan({ include, exclude: ['/new'] }).entries.map((entry) => entry.path as string);
    assert.ok(paths.includes('/other') && !paths.some((one) => one.startsWith('/new')));
  });

  it('takes the same content at one path twice', () => {
    assert.deepEqual(added(host(put('/f')), host(put('/f'))), { '/f': 'file' });
  });

  const refused: readonly (readonly [
    title: string,
    include: NonNullable<PlanOptions['include']>,
    message: string | RegExp,
  ])[] = [
    [
      'other content at the path of a file',
      [path('/etc/motd'), host(put('/etc/motd'))],
      'cannot plan /etc/motd: two things want to stand there: the file /etc/motd (included by /etc/motd), and a file of 3 bytes (included by src:dest)',
    ],
    [
      'other content at a path of its own kind',
      [host(put('/f', 'one')), host(put('/f', 'two'))],
      /^cannot plan \/f: two things want to stand there: a file of 3 bytes \(included by src:dest\), and a file/,
    ],
    [
      'a file at the path of a program',
      [host(put('/usr/bin/x'))],
      /the file \/usr\/bin\/x \(it is a program to run\), and a file of 3 bytes/,
    ],
    [
      'a file at the path of a directory',
      [host(put('/usr/bin'))],
      /a directory \(it is a program to run\), and a file/,
    ],
    [
      'a file at the path of a link',
      [host(put('/bin'))],
      /a link to usr\/bin \(it is a program to run\), and a file/,
    ],
    [
      'a file below a file put before',
      [host(put('/f')), host(put('/f/g'))],
      /a file of 3 bytes .*, and a directory/,
    ],
    [
      'a file below a file of the sysroot',
      [host(put('/etc/motd/g'))],
      'cannot make directory /etc/motd: a file of the sysroot stands there',
    ],
    ['a file below a link to nothing', [host(put('/opt/app/loop/g'))], /a link to loop .*, and a directory/],
    [
      'a file below a link into /proc',
      [host(put('/opt/app/mounts/g'))],
      /^cannot make directory \/opt\/app\/mounts: .* mount points/,
    ],
    [
      'a device at the path of another',
      [path('/dev/null'), path('/opt/app/disk'), host(special('character', '/opt/app/disk', 0o600))],
      /block device 8:1 .*, and character device 1:3/,
    ],
    [
      'a file at a mount point',
      [host(put('/dev/null'))],
      /^cannot put \/home\/me\/src at \/dev\/null: .* mount points/,
    ],
    [
      'a directory at a mount point',
      [host(special('directory', '/proc', 0o755))],
      /^cannot put \/home\/me\/src at \/proc/,
    ],
    [
      'a named fifo',
      [host(special('fifo', '/f', 0o644))],
      'cannot plan /f: it is a fifo, which no rootfs holds (included by src:dest)',
    ],
  ];
  for (const [title, include, message] of refused) {
    it(`refuses ${title}`, () => {
      assert.throws(() => plan({ include }), { code: 'ERR_USAGE', message });
    });
  }
});

describe('planRootfs with exclude patterns', () => {
  const include = [path('/etc/pki'), path('/etc/motd')];
  const cases: readonly (readonly [title: string, exclude: readonly string[], gone: RegExp])[] = [
    ['a path', ['/etc/motd'], /motd/],
    ['a path without its slash', ['etc/motd'], /motd/],
    ['a directory, with all in it', ['/etc/pki'], /^\/etc\/pki/],
    ['all in a directory', ['/etc/pki/**'], /^\/etc\/pki/],
    ['a star, which is no slash', ['/etc/*/*/private'], /private/],
    ['a dot file by a star', ['/etc/pki/tls/*'], /tls\/./],
    ['braces', ['/etc/{motd,pki}'], /motd|pki/],
    ['several patterns', ['/etc/motd', '**/private'], /motd|private/],
    ['an extended glob', ['/etc/pki/tls/!(private)'], /hidden|cert/],
    ['a path at the root by two stars', ['/**/tmp'], /tmp/],
    ['a path with slashes to spare', ['//etc//motd/'], /motd/],
    ['a class', ['/etc/m[nop]td'], /motd/],
    ['a mount point', ['/tmp'], /^\/tmp/],
  ];
  for (const [title, exclude, gone] of cases) {
    it(`drops ${title}`, () => {
      const all = plan({ include }).entries.map((entry) => entry.path as string);
      const rest = plan({ include, exclude }).entries.map((entry) => entry.path as string);
      const dropped = all.filter((one) => !rest.includes(one));
      assert.ok(
        dropped.some((one) => gone.test(one)),
        `dropped ${dropped}`,
      );
      assert.deepEqual(
        rest.filter((one) => gone.test(one)),
        [],
      );
    });
  }

  it('drops a file by the path that it is reached by, where links lead to it', () => {
    const linked = memorySysroot({
      '/x': program(''),
      '/lib': link('usr/lib'),
      '/usr/lib/liby.so': file(''),
    });
    const rest = planRootfs(closureOf(linked, ['/x', '/lib/liby.so']), linked, { exclude: ['/lib/*.so'] });
    assert.deepEqual(
      rest.entries.map((entry) => entry.path).filter((one) => one.includes('liby')),
      [],
    );
  });

  it('never drops the root', () => {
    const paths = planRootfs(closureOf(sysroot, []), sysroot, { exclude: ['/**'] }).entries.map(
      (entry) => entry.path,
    );
    assert.deepEqual(paths, ['/']);
  });

  it('lets an unreadable file be', () => {
    const paths = plan({ include: [path('/secret')], exclude: ['/secret/file'] }).entries.map(
      (entry) => entry.path as string,
    );
    assert.ok(paths.includes('/secret') && !paths.includes('/secret/file'));
  });

  for (const [pattern, why] of [
    ['!/usr/**', 'a pattern to exclude cannot be negated'],
    ['', 'the pattern is empty'],
  ] as const) {
    it(`refuses '${pattern}'`, () => {
      assert.throws(() => plan({ exclude: [pattern] }), {
        code: 'ERR_USAGE',
        message: `cannot exclude '${pattern}': ${why}`,
      });
    });
  }
});
