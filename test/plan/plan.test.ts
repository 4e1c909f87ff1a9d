import assert from 'node:assert/strict';
import type { Entry } from '../../src/plan/entry.ts';
import { planRootfs } from '../../src/plan/plan.ts';
import { validatePlan } from '../../src/plan/validate.ts';
import { rootPath, type Sysroot } from '../../src/sysroot/sysroot.ts';
import {
  device,
  dir,
  fifo,
  file,
  hardlink,
  link,
  memorySysroot,
  planEntries,
  program,
  socket,
  treeDump,
  unreadable,
} from '../../src/testing.ts';
import { closureOf, needed, type Want } from './closure-of.ts';

/** What every rootfs holds. */
const MOUNT_POINTS = {
  '/': 'dir 0755',
  '/dev': 'dir 0755',
  '/proc': 'dir 0755',
  '/sys': 'dir 0755',
  '/tmp': 'dir 1777',
};

/** The plan as text without the mount points and without digests. */
async function planned(
  sysroot: Sysroot,
  wants: readonly (string | Want)[],
  options: Parameters<typeof planRootfs>[2] = {},
): Promise<Record<string, string>> {
  const plan = planRootfs(closureOf(sysroot, wants), sysroot, options);
  validatePlan(plan);
  const dump: Record<string, string> = {};
  for (const [path, text] of Object.entries(await treeDump(planEntries(plan, sysroot)))) {
    if (MOUNT_POINTS[path as keyof typeof MOUNT_POINTS] === text) continue;
    dump[path] = text.replace(/ [0-9a-f]{8}$/, '');
  }
  return dump;
}

function entriesOf(
  sysroot: Sysroot,
  wants: readonly (string | Want)[],
  options: Parameters<typeof planRootfs>[2] = {},
): ReadonlyMap<string, Entry> {
  const { entries } = planRootfs(closureOf(sysroot, wants), sysroot, options);
  return new Map(entries.map((entry) => [entry.path, entry]));
}

/** A merged-/usr tree as Debian has it. */
const debian = memorySysroot({
  '/bin': link('usr/bin'),
  '/lib': link('usr/lib'),
  '/lib64': link('usr/lib64'),
  '/usr/bin/tool': program('tool'),
  '/usr/lib64/ld.so': link('/lib/triplet/ld.so'),
  '/usr/lib/triplet/ld.so': program('loader'),
  '/usr/lib/triplet/libx.so.1': link('libx.so.1.2'),
  '/usr/lib/triplet/libx.so.1.2': file('x'),
  '/usr/lib/other/liby.so': file('y'),
});

describe('planRootfs', () => {
  it('keeps merged-/usr links, link chains and absolute targets as they are stored', async () => {
    const dump = await planned(debian, ['/bin/tool', '/lib64/ld.so', '/lib/triplet/libx.so.1']);
    assert.deepEqual(dump, {
      '/bin': 'symlink usr/bin',
      '/lib': 'symlink usr/lib',
      '/lib64': 'symlink usr/lib64',
      '/usr': 'dir 0755',
      '/usr/bin': 'dir 0755',
      '/usr/bin/tool': 'file 0755 0:0',
      '/usr/lib': 'dir 0755',
      '/usr/lib/triplet': 'dir 0755',
      '/usr/lib/triplet/ld.so': 'file 0755 0:0',
      '/usr/lib/triplet/libx.so.1': 'symlink libx.so.1.2',
      '/usr/lib/triplet/libx.so.1.2': 'file 0644 0:0',
      '/usr/lib64': 'dir 0755',
      '/usr/lib64/ld.so': 'symlink /lib/triplet/ld.so',
    });
  });

  it('gives every rootfs a root directory and empty mount points', async () => {
    const sysroot = memorySysroot({
      '/proc': dir({ mode: 0o555 }),
      '/tmp': dir({ mode: 0o700 }),
      '/x': program(''),
    });
    const dump = await treeDump(planEntries(planRootfs(closureOf(sysroot, ['/x']), sysroot), sysroot));
    assert.deepEqual(dump, { ...MOUNT_POINTS, '/x': dump['/x'] });
  });

  it('keeps a program in /tmp, below the mount point of mode 1777', async () => {
    const sysroot = memorySysroot({ '/tmp': dir({ mode: 0o755 }), '/tmp/build/x': program('') });
    assert.deepEqual(await planned(sysroot, ['/tmp/build/x']), {
      '/tmp/build': 'dir 0755',
      '/tmp/build/x': 'file 0755 0:0',
    });
  });

  it('keeps /tmp a link where the sysroot has one', async () => {
    const sysroot = memorySysroot({
      '/tmp': link('var/tmp'),
      '/var/tmp': dir({ mode: 0o1777 }),
      '/var/tmp/x': program(''),
    });
    assert.deepEqual(await planned(sysroot, ['/tmp/x']), {
      '/tmp': 'symlink var/tmp',
      '/var': 'dir 0755',
      '/var/tmp': 'dir 1777',
      '/var/tmp/x': 'file 0755 0:0',
    });
  });

  it('takes the modes of parents from the sysroot', async () => {
    const sysroot = memorySysroot({
      '/opt': dir({ mode: 0o2775 }),
      '/opt/private': dir({ mode: 0o711 }),
      '/opt/private/x': program(''),
    });
    const dump = await planned(sysroot, ['/opt/private/x']);
    assert.equal(dump['/opt'], 'dir 2775');
    assert.equal(dump['/opt/private'], 'dir 0711');
  });

  it('keeps set-user-ID, set-group-ID and sticky bits', async () => {
    const sysroot = memorySysroot({
      '/suid': program('', { mode: 0o4755 }),
      '/sgid': program('', { mode: 0o2755 }),
      '/sticky': program('', { mode: 0o1755 }),
    });
    assert.deepEqual(await planned(sysroot, ['/suid', '/sgid', '/sticky']), {
      '/sgid': 'file 2755 0:0',
      '/sticky': 'file 1755 0:0',
      '/suid': 'file 4755 0:0',
    });
  });

  describe('of a path that is not normalised', () => {
    const tree = {
      '/opt/app/bin/x': program(''),
      '/opt/app/lib/liba.so': file(''),
      '/srv/real/sub': dir(),
      '/srv/real/libb.so': file(''),
      '/go': link('srv/real/sub'),
    };
    const cases: readonly (readonly [title: string, path: string, expected: readonly string[]])[] = [
      [
        'the directory before `..` is there',
        '/opt/app/bin/../lib/liba.so',
        ['/opt/app/bin', '/opt/app/lib/liba.so'],
      ],
      ['doubled slashes and dots add nothing', '//opt//./app/lib/./liba.so', ['/opt/app/lib/liba.so']],
      [
        '`..` after a link starts where the link leads',
        '/go/../libb.so',
        ['/go', '/srv/real/sub', '/srv/real/libb.so'],
      ],
      ['`..` of the root is the root', '/../../opt/app/lib/liba.so', ['/opt/app/lib/liba.so']],
    ];
    for (const [title, path, expected] of cases) {
      it(title, async () => {
        const sysroot = memorySysroot(tree);
        const dump = await planned(sysroot, ['/opt/app/bin/x', path]);
        for (const entry of expected) assert.ok(entry in dump, `${entry} in ${Object.keys(dump)}`);
        assert.ok(Object.keys(dump).every((entry) => !entry.includes('..') && !entry.includes('//')));
      });
    }
  });

  it('enters the directory that a program wants as data, without what is in it', async () => {
    const sysroot = memorySysroot({ '/x': program(''), '/var/lib/x/state': file('') });
    assert.deepEqual(Object.keys(await planned(sysroot, ['/x', '/var/lib/x'])), [
      '/var',
      '/var/lib',
      '/var/lib/x',
      '/x',
    ]);
  });

  it('opens the other names of a file that only edges tell of', () => {
    const sysroot = debian;
    const closure = closureOf(sysroot, ['/bin/tool', '/lib/triplet/libx.so.1']);
    const alias = { ...closure.edges[0]!, to: rootPath('/lib64/ld.so') };
    const entries = planRootfs({ ...closure, edges: [...closure.edges, alias] }, sysroot).entries;
    assert.ok(entries.some(({ path, type }) => path === '/usr/lib64/ld.so' && type === 'symlink'));
  });
});

describe('planRootfs on hard links', () => {
  const sysroot = memorySysroot({
    '/b': program('same'),
    '/a': hardlink('/b'),
    '/c/d': hardlink('/b'),
    '/alone': hardlink('/elsewhere'),
    '/elsewhere': program('other'),
  });

  it('makes the first name by path the file and the others links of it', () => {
    const entries = entriesOf(sysroot, ['/b', '/c/d', '/a']);
    assert.equal(entries.get('/a')?.type, 'file');
    for (const path of ['/b', '/c/d']) {
      const entry = entries.get(path);
      assert.equal(entry?.type === 'hardlink' && entry.target, '/a');
    }
  });

  it('makes the next name the file where the first is excluded', () => {
    const entries = entriesOf(sysroot, ['/b', '/c/d', '/a'], { exclude: ['/a'] });
    assert.equal(entries.has('/a'), false);
    assert.equal(entries.get('/b')?.type, 'file');
    const linked = entries.get('/c/d');
    assert.equal(linked?.type === 'hardlink' && linked.target, '/b');
  });

  it('leaves a file whose other names are not wanted a file', () => {
    assert.equal(entriesOf(sysroot, ['/alone']).get('/alone')?.type, 'file');
  });

  it('links nothing by inode numbers that a double cannot tell apart', () => {
    const huge: Sysroot = Object.assign(Object.create(sysroot), {
      lstat: (path: Parameters<Sysroot['lstat']>[0]) => {
        const stat = sysroot.lstat(path);
        return stat && { ...stat, ino: 2 ** 60 };
      },
      realpath: sysroot.realpath.bind(sysroot),
      open: sysroot.open.bind(sysroot),
    });
    const entries = entriesOf(huge, ['/b', '/a']);
    assert.equal(entries.get('/a')?.type, 'file');
    assert.equal(entries.get('/b')?.type, 'file');
  });
});

describe('planRootfs on attributes', () => {
  const sysroot = memorySysroot({
    '/home': dir({ uid: 1000, gid: 100 }),
    '/home/x': program('', { uid: 1000, gid: 100 }),
    '/home/y': link('x', { uid: 7, gid: 8 }),
  });

  it('gives everything to 0:0', () => {
    for (const { uid, gid } of entriesOf(sysroot, ['/home/y']).values()) assert.deepEqual([uid, gid], [0, 0]);
  });

  it('keeps owners where it is asked to', () => {
    const entries = entriesOf(sysroot, ['/home/y'], { keepOwners: true });
    const owners = ['/home', '/home/x', '/home/y', '/tmp', '/'].map((path) => {
      const { uid, gid } = entries.get(path)!;
      return `${path} ${uid}:${gid}`;
    });
    assert.deepEqual(owners, ['/home 1000:100', '/home/x 1000:100', '/home/y 7:8', '/tmp 0:0', '/ 0:0']);
  });

  it('puts extended attributes on the file that has them, not on the link to it', () => {
    const xattrs = new Map([[rootPath('/home/x'), { 'security.capability': 'AQAAAg==' }]]);
    const entries = entriesOf(sysroot, ['/home/y'], { xattrs });
    assert.deepEqual(entries.get('/home/x')?.xattrs, { 'security.capability': 'AQAAAg==' });
    assert.deepEqual(entries.get('/home/y')?.xattrs, {});
  });

  it('has the epoch that it is given, else 0, and the first program as command', () => {
    const closure = closureOf(sysroot, ['/home/y']);
    const { epoch, command, machine } = planRootfs(closure, sysroot, { epoch: 86_400 });
    assert.deepEqual({ epoch, command, machine }, { epoch: 86_400, command: ['/home/y'], machine: 62 });
    assert.equal(planRootfs(closure, sysroot).epoch, 0);
  });
});

describe('planRootfs on order and reasons', () => {
  it('sorts by code unit, parents first, the root at the head', () => {
    const names = ['/a', '/a-b', '/a/b', '/a/b/c', '/a\u00e9', '/B', '/a/\ud83d\ude00', '/a/\uff5e'];
    const sysroot = memorySysroot(
      Object.fromEntries(names.map((name) => [name, ['/a', '/a/b'].includes(name) ? dir() : program('')])),
    );
    const plan = planRootfs(closureOf(sysroot, [...names].reverse()), sysroot);
    const paths = plan.entries.map(({ path }) => path);
    assert.deepEqual(paths, [...paths].sort());
    assert.equal(paths[0], '/');
    validatePlan(plan);
  });

  it('makes the same plan in whatever order files are wanted', () => {
    const wants = ['/lib64/ld.so', '/lib/triplet/libx.so.1', '/usr/lib/other/liby.so'];
    const shapes = [wants, wants.toReversed()].map((order) =>
      planRootfs(closureOf(debian, ['/bin/tool', ...order]), debian).entries.map(
        ({ evidence, neededBy, ...rest }) => rest,
      ),
    );
    assert.deepEqual(shapes[0], shapes[1]);
  });

  it('says of each entry why it is there and who wanted it first', () => {
    const entries = entriesOf(debian, [
      '/bin/tool',
      { ...needed('/lib/triplet/libx.so.1', 'cache'), from: '/bin/tool' },
      {
        path: '/usr/lib/triplet/ld.so',
        role: 'interpreter',
        evidence: { by: 'interpreter', name: 'ld' },
        from: '/bin/tool',
      },
    ]);
    const reasons = Object.fromEntries(
      [...entries.values()].map(({ path, evidence, neededBy }) => [path, `${evidence.by} ${neededBy}`]),
    );
    assert.deepEqual(reasons, {
      '/': 'generated null',
      '/bin': 'program null',
      '/dev': 'generated null',
      '/lib': 'needed /bin/tool',
      '/proc': 'generated null',
      '/sys': 'generated null',
      '/tmp': 'generated null',
      '/usr': 'program null',
      '/usr/bin': 'program null',
      '/usr/bin/tool': 'program null',
      '/usr/lib': 'needed /bin/tool',
      '/usr/lib/triplet': 'needed /bin/tool',
      '/usr/lib/triplet/ld.so': 'interpreter /bin/tool',
      '/usr/lib/triplet/libx.so.1': 'needed /bin/tool',
      '/usr/lib/triplet/libx.so.1.2': 'needed /bin/tool',
    });
  });
});

describe('planRootfs refuses', () => {
  const sysroot = memorySysroot({
    '/x': program(''),
    '/secret': unreadable(file('')),
    '/run/pipe': fifo(),
    '/run/socket': socket(),
    '/dev/shm/x': program(''),
    '/proc/cpuinfo': file(''),
    '/dev/null': device('character', 1, 3),
    '/etc/mtab': link('/proc/mounts'),
    '/etc/ld.so.cache': file('the cache of the sysroot'),
  });

  it('a file that cannot be read, and names who needs it', () => {
    assert.throws(() => planRootfs(closureOf(sysroot, ['/x', { path: '/secret', from: '/x' }]), sysroot), {
      code: 'ERR_NOT_READABLE',
      message: 'cannot read /secret: EACCES (needed by /x)',
    });
  });

  it('an excluded program', () => {
    assert.throws(() => planRootfs(closureOf(sysroot, ['/x']), sysroot, { exclude: ['/x'] }), {
      code: 'ERR_USAGE',
      message: 'cannot exclude /x: it is a program to run',
    });
  });

  it('a program that a mount would hide', () => {
    assert.throws(() => planRootfs(closureOf(sysroot, ['/dev/shm/x']), sysroot), {
      code: 'ERR_USAGE',
      message:
        /^cannot plan \/dev\/shm\/x: \/proc, \/sys and \/dev are mount points.*\(it is a program to run\)$/,
    });
  });

  it('a file that is gone since the closure was made', () => {
    assert.throws(() => planRootfs(closureOf(sysroot, ['/x', '/gone']), sysroot), {
      code: 'ERR_CHANGED',
      message: 'cannot plan /gone: no such file (needed by /x)',
    });
  });

  it('a file that leads elsewhere since the closure was made', () => {
    const closure = closureOf(sysroot, ['/x']);
    const moved = closure.nodes.map((node) => ({ ...node, realPath: rootPath('/y') }));
    assert.throws(() => planRootfs({ ...closure, nodes: moved }, sysroot), {
      code: 'ERR_CHANGED',
      message: 'cannot plan /x: it led to /y and now leads to /x',
    });
  });

  it('a library or program that is a fifo', () => {
    assert.throws(() => planRootfs(closureOf(sysroot, ['/run/pipe']), sysroot), {
      code: 'ERR_USAGE',
      message: 'cannot plan /run/pipe: it is a fifo, which no rootfs holds (it is a program to run)',
    });
  });

  it('a node that no edge leads to', () => {
    const closure = closureOf(sysroot, ['/x', '/etc/mtab']);
    assert.throws(() => planRootfs({ ...closure, edges: [] }, sysroot), {
      code: 'ERR_INTERNAL',
      message: 'cannot plan /etc/mtab: no edge of the closure leads to it',
    });
  });

  it('nothing of the kernel, sockets and the old cache as data: they are passed over', async () => {
    const data = ['/proc/cpuinfo', '/dev/null', '/run/socket', '/etc/ld.so.cache', '/etc/mtab'];
    assert.deepEqual(await planned(sysroot, ['/x', ...data]), {
      '/etc': 'dir 0755',
      '/etc/mtab': 'symlink /proc/mounts',
      '/run': 'dir 0755',
      '/x': 'file 0755 0:0',
    });
    const { notes } = planRootfs(closureOf(sysroot, ['/x', '/run/socket']), sysroot);
    assert.deepEqual(notes, ['/run/socket is left out: it is a socket, made at run time']);
  });
});

describe('planRootfs on files that finders made up', () => {
  const sysroot = memorySysroot({
    '/x': program(''),
    '/etc/passwd': link('../private/passwd'),
    '/private/passwd': file('everybody of the host'),
    '/own': file('own'),
  });
  const passwd = {
    path: rootPath('/etc/passwd'),
    mode: 0o644,
    text: 'root:x:0:0::/:/bin/sh\n',
    rule: 'accounts',
    neededBy: rootPath('/x'),
  };
  const closure = closureOf(sysroot, ['/x', '/etc/passwd'], { generated: [passwd] });

  it('takes them in the place of those of the sysroot, links and all', () => {
    const plan = planRootfs(closure, sysroot);
    validatePlan(plan);
    const entry = plan.entries.find(({ path }) => path === '/etc/passwd');
    assert.ok(entry?.type === 'file' && entry.content.from === 'inline');
    assert.equal(Buffer.from(entry.content.base64, 'base64').toString(), passwd.text);
    assert.deepEqual(
      [entry.mode, entry.evidence, entry.neededBy],
      [0o644, { by: 'generated', rule: 'accounts' }, '/x'],
    );
    assert.ok(!plan.entries.some(({ path }) => path.startsWith('/private')));
  });

  it('makes the directory where the sysroot has none', () => {
    const bare = memorySysroot({ '/x': program('') });
    const plan = planRootfs({ ...closure, nodes: closure.nodes.slice(0, 1), edges: [] }, bare);
    validatePlan(plan);
    assert.equal(plan.entries.find(({ path }) => path === '/etc')?.mode, 0o755);
  });

  it('leaves them out where they are excluded, and where an inclusion stands', () => {
    const paths = planRootfs(closure, sysroot, { exclude: ['/etc/passwd'] }).entries.map(
      ({ path }) => path as string,
    );
    assert.ok(!paths.includes('/etc/passwd'));
    const content = { from: 'sysroot', path: rootPath('/own') } as const;
    const stat = sysroot.lstat(rootPath('/own'))!;
    const own = { type: 'file', path: passwd.path, source: '/own', stat, content } as const;
    const include = [{ from: 'host', pattern: '/own:/etc/passwd', files: [own] }] as const;
    const entry = planRootfs(closure, sysroot, { include }).entries.find(
      ({ path }) => path === '/etc/passwd',
    );
    assert.ok(entry?.type === 'file' && entry.content === content);
  });
});
