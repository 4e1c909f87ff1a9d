import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fsName } from '../../src/bytes.ts';
import { writeDirectory } from '../../src/emit/directory.ts';
import { writeTar } from '../../src/emit/tar.ts';
import type { Entry } from '../../src/plan/entry.ts';
import { readXattrs } from '../../src/sysroot/xattrs.ts';
import { planEntries } from '../../src/testing/tree/plan.ts';
import { treeDump } from '../../src/testing/tree-dump.ts';
import { needs, needsRoot, skip } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';
import { everyKind, everyKindOfRoot } from './helpers/every-kind.ts';
import { device, directory, file, fileFrom, hardlink, hostFiles, planOf, symlink } from './helpers/plan.ts';
import { run, writeAsOrdinaryUser } from './helpers/tools.ts';

const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
/** cap_net_raw=ep: VFS_CAP_REVISION_2 with the effective bit, permitted 1 << 13. */
const NET_RAW = Buffer.from('0100000200200000000000000000000000000000', 'hex').toString('base64');

describe('writeDirectory', () => {
  const files = scratch();
  const sysroot = hostFiles();

  it('writes the tree of the plan, whatever its names and modes', async () => {
    const plan = planOf([directory('/', self), ...everyKind(self)]);
    const report = await writeDirectory(plan, sysroot, { output: files.path('out') });
    assert.deepEqual(await treeDump(files.path('out')), await treeDump(planEntries(plan, sysroot)));
    assert.deepEqual(report.warnings, []);
    assert.equal(report.output, files.path('out'));
    assert.equal(report.entries.file, plan.entries.filter(({ type }) => type === 'file').length);
    assert.equal(report.outputBytes, report.contentBytes);
  });

  it('writes the tree that a tar of the same plan holds', async function () {
    needsRoot(this);
    const plan = everyKindOfRoot();
    await writeDirectory(plan, sysroot, { output: files.path('out') });
    await writeTar(plan, sysroot, { output: files.path('out.tar') });
    assert.deepEqual(await treeDump(files.path('out')), await treeDump(files.path('out.tar')));
  });

  for (const [where, directoryPath] of [
    ['on disk', ''],
    ['in memory', '/dev/shm'],
  ] as const) {
    it(`copies small and large files of the sysroot ${where}`, async function () {
      if (!existsSync(directoryPath || '/')) skip(this, `${directoryPath} is missing`);
      const sizes = [0, 1, 4096, 131_071, 131_072, 1_000_000, 5_000_000, 200_000, 300_000, 400_000, 500_000];
      for (const [index, size] of sizes.entries())
        files.write(`source/f${index}`, Buffer.alloc(size, `content ${index} `));
      const plan = planOf([
        directory('/', self),
        ...sizes.map((size, index) =>
          fileFrom(`/f${index}`, `/source/f${index}`, size, { mode: 0o640, ...self }),
        ),
      ]);
      const output = join(directoryPath || files.path(), `mkrootfs-test-${process.pid}`);
      try {
        await writeDirectory(plan, hostFiles(files.path()), { output });
        assert.deepEqual(await treeDump(output), await treeDump(planEntries(plan, hostFiles(files.path()))));
      } finally {
        run('rm', ['-rf', output]);
      }
    });
  }

  it('shares the extents of its sources where the file system can', async function () {
    this.timeout(60_000);
    needs(this, { tool: 'mkfs.btrfs', package: 'btrfs-progs' });
    needsRoot(this);
    const [image, mount] = [files.write('image', ''), files.path('mount')];
    run('truncate', ['-s', '200M', image]);
    run('mkfs.btrfs', ['-q', image], { PATH: `${process.env.PATH}:/sbin:/usr/sbin` });
    mkdirSync(mount);
    const mounted = spawnSync('mount', ['-o', 'loop', image, mount], { encoding: 'utf8' });
    if (mounted.status !== 0) skip(this, `no btrfs can be mounted here: ${mounted.stderr.trim()}`);
    try {
      // There is room for one copy of it only.
      const { bavail, bsize } = statfsSync(mount);
      const size = Math.floor(bavail * bsize * 0.6);
      writeFileSync(`${mount}/f`, randomBytes(size));
      const plan = planOf([fileFrom('/f', '/f', size, { mode: 0o751 })]);
      await writeDirectory(plan, hostFiles(mount), { output: `${mount}/out` });
      assert.deepEqual(await treeDump(`${mount}/out`), await treeDump(planEntries(plan, hostFiles(mount))));
    } finally {
      run('umount', [mount]);
    }
  });

  it('gives everything the time of the plan, directories too', async () => {
    const epoch = 1_000_000_000;
    const plan = planOf([directory('/d'), file('/d/f', 'x'), symlink('/d/s', 'f')], epoch);
    await writeDirectory(plan, sysroot, { output: files.path('out') });
    for (const name of ['', 'd', 'd/f', 'd/s'])
      assert.equal(lstatSync(files.path(`out/${name}`)).mtimeMs, epoch * 1000, name);
  });

  it('gives exact modes whatever the umask', async () => {
    const before = process.umask(0o777);
    try {
      const plan = planOf([
        directory('/', { mode: 0o751 }),
        directory('/tmp', { mode: 0o1777 }),
        file('/su', 'x', { mode: 0o4755 }),
        file('/sg', 'x', { mode: 0o2755 }),
      ]);
      await writeDirectory(plan, sysroot, { output: files.path('out') });
    } finally {
      process.umask(before);
    }
    const mode = (name: string) => (statSync(files.path(`out/${name}`)).mode & 0o7777).toString(8);
    assert.deepEqual(['', 'tmp', 'su', 'sg'].map(mode), ['751', '1777', '4755', '2755']);
  });

  it('makes hard links one file', async () => {
    const plan = planOf([file('/a', 'x'), hardlink('/b', '/a')]);
    await writeDirectory(plan, sysroot, { output: files.path('out') });
    const [a, b] = [statSync(files.path('out/a')), statSync(files.path('out/b'))];
    assert.equal(a.ino, b.ino);
    assert.equal(a.nlink, 2);
  });

  it('never lets others into the tree before it is whole', async () => {
    const seen = new Set<string>();
    await writeDirectory(planOf([file('/f', Buffer.alloc(5 << 20))]), sysroot, {
      output: files.path('out'),
      onProgress: () => {
        for (const name of readdirSync(files.path())) {
          if (name !== 'out') seen.add((statSync(files.path(name)).mode & 0o777).toString(8));
        }
      },
    });
    assert.deepEqual([...seen], ['700']);
  });

  it('sets file capabilities as root', async function () {
    needs(this, { tool: 'getcap', package: 'libcap2-bin' });
    needsRoot(this);
    const path = '/ping \udcff';
    const plan = planOf([
      file(path, 'x', { mode: 0o755, uid: 7, xattrs: { 'security.capability': NET_RAW } }),
    ]);
    const report = await writeDirectory(plan, sysroot, { output: files.path('out') });
    assert.deepEqual(report.warnings, []);
    const output = `${files.path('out')}${path}`;
    assert.equal(statSync(fsName(output)).uid, 7);
    assert.deepEqual(readXattrs([output]).attributes.get(output), { 'security.capability': NET_RAW });
    assert.match(run('getcap', ['-r', files.path('out')]), /cap_net_raw=ep/);
  });

  it('says which attributes the system refuses', async () => {
    const plan = planOf([
      file('/bad', 'x', { mode: 0o755, xattrs: { 'security.capability': 'AAAA' } }),
      file('/odd', 'x', { mode: 0o755, xattrs: { 'nonsense.x': 'AAAA' } }),
    ]);
    const { warnings } = await writeDirectory(plan, sysroot, { output: files.path('out') });
    assert.equal(warnings.length, 2);
    assert.match(warnings[0] ?? '', /^file capabilities are not kept: .+ \(1 entries, the first is \/bad\)$/);
    assert.match(
      warnings[1] ?? '',
      /^the attributes nonsense\.x are not kept: the file system does not support it .* \/odd\)$/,
    );
  });

  describe('with a PATH of its own', () => {
    const path = process.env.PATH;
    beforeEach(() => mkdirSync(files.path('bin')));
    afterEach(() => {
      process.env.PATH = path;
    });

    it('sets attributes by setfattr where perl is missing', async function () {
      needs(this, { tool: 'setfattr', package: 'attr' });
      const setfattr = run('which', ['setfattr']).trim();
      const xattrs = { 'user.x': Buffer.from([0, 255, 10]).toString('base64') };
      const plan = planOf([
        file('/-a', 'x', { xattrs: { ...xattrs, 'nonsense.x': '' } }),
        file('/odd \udcff', 'x', { xattrs }),
      ]);
      symlinkSync(setfattr, files.path('bin/setfattr'));
      process.env.PATH = files.path('bin');
      const { warnings } = await writeDirectory(plan, sysroot, { output: files.path('out') });
      process.env.PATH = path;
      const read = readXattrs([files.path('out/-a')], { user: true }).attributes;
      assert.deepEqual(read.get(files.path('out/-a')), xattrs);
      assert.deepEqual(warnings, [
        'the attributes nonsense.x are not kept: Operation not supported (1 entries, the first is /-a)',
        'the attributes user.x are not kept: setfattr takes no name that is not UTF-8 ' +
          '(1 entries, the first is /odd \udcff)',
      ]);
    });

    it('says which tools it lacks for attributes and devices', async () => {
      const plan = planOf([
        file('/f', 'x', { xattrs: { 'user.x': '' } }),
        device('/null', 'character', 1, 3),
      ]);
      process.env.PATH = files.path('bin');
      const { warnings } = await writeDirectory(plan, sysroot, { output: files.path('out') });
      assert.deepEqual(warnings, [
        'the device /null is not made: mknod cannot be run: spawnSync mknod ENOENT',
        'the attributes user.x are not kept: neither perl nor setfattr (package attr) can be run ' +
          '(1 entries, the first is /f)',
      ]);
    });
  });

  it('makes devices as root', async function () {
    needsRoot(this);
    const plan = planOf([
      device('/null', 'character', 1, 3, { mode: 0o666 }),
      device('/disk', 'block', 8, 1, { mode: 0o660, gid: 6 }),
    ]);
    const report = await writeDirectory(plan, sysroot, { output: files.path('out') });
    assert.deepEqual(await treeDump(files.path('out')), {
      '/': 'dir 0755',
      '/null': 'character 0666 0:0 1:3',
      '/disk': 'block 0660 0:6 8:1',
    });
    assert.equal(report.entries.device, 2);
  });

  it('says which device it could not make', async () => {
    const plan = planOf([device('/odd \udcff', 'character', 1, 3)]);
    const report = await writeDirectory(plan, sysroot, { output: files.path('out') });
    assert.equal(report.entries.device, 0);
    assert.deepEqual(report.warnings, [
      'the device /odd \udcff is not made: its name is not UTF-8, which no argument of mknod can be',
    ]);
  });

  it('says as an ordinary user which owners, capabilities and devices are not kept', async () => {
    chmodSync(files.path(), 0o777);
    const plan = planOf([
      directory('/closed', { mode: 0o500 }),
      file('/closed/f', 'x', { mode: 0 }),
      device('/null', 'character', 1, 3),
      file('/other', 'x', { uid: 1, gid: 2 }),
      file('/root', 'x', { mode: 0o4755, xattrs: { 'security.capability': NET_RAW } }),
    ]);
    const { warnings, entries } = writeAsOrdinaryUser(plan, 'dir', files.path('out'));
    assert.equal(entries.device, 0);
    assert.deepEqual(warnings, [
      'the device /null is not made: Operation not permitted',
      'file capabilities are not kept: operation not permitted (1 entries, the first is /root)',
      'owners are not kept, as that takes root: 1 entries, the first is /other of 1:2',
    ]);
    const mode = (name: string) => (statSync(files.path(`out/${name}`)).mode & 0o7777).toString(8);
    assert.deepEqual(['closed', 'closed/f', 'root'].map(mode), ['500', '0', '4755']);
    assert.notEqual(statSync(files.path('out/root')).uid, 0);
  });

  it('lets an ordinary user replace a tree that is closed to its owner', async () => {
    chmodSync(files.path(), 0o777);
    const plan = planOf([directory('/closed', { mode: 0o500 }), file('/closed/f', 'x', { mode: 0 })]);
    writeAsOrdinaryUser(plan, 'dir', files.path('out'));
    assert.deepEqual(writeAsOrdinaryUser(plan, 'dir', files.path('out')).warnings, []);
    assert.deepEqual(readdirSync(files.path()), ['out']);
  });

  for (const [why, entry] of [
    ['climbs out', file('/../evil', 'x')],
    ['climbs out of a directory', file('/d/../../evil', 'x')],
    ['walks through a symbolic link', file('/out/evil', 'x')],
    ['has no parent', file('/nowhere/f', 'x')],
    ['comes twice', file('/f', 'again')],
    ['links to a file of the host', hardlink('/h', '/etc/passwd')],
  ] as readonly (readonly [string, Entry])[]) {
    it(`refuses an entry that ${why}, and leaves nothing`, async () => {
      const plan = planOf([directory('/d'), file('/f', 'x'), symlink('/out', '..'), entry]);
      await assert.rejects(writeDirectory(plan, sysroot, { output: files.path('out') }), {
        code: 'ERR_MALFORMED_INPUT',
      });
      assert.deepEqual(readdirSync(files.path()), []);
    });
  }

  it('cannot be standard output', async () => {
    await assert.rejects(writeDirectory(planOf([]), sysroot, { output: '-' }), { code: 'ERR_USAGE' });
  });

  it('keeps out of a directory that takes its group from its parent', async function () {
    needsRoot(this);
    mkdirSync(files.path('shared'));
    chownSync(files.path('shared'), 0, 1234);
    run('chmod', ['2777', files.path('shared')]);
    const plan = planOf([directory('/d'), file('/d/f', 'x')]);
    await writeDirectory(plan, sysroot, { output: files.path('shared/out') });
    assert.deepEqual(await treeDump(files.path('shared/out')), await treeDump(planEntries(plan, sysroot)));
  });
});
