import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import type { RootfsError } from '../../src/errors.ts';
import type { Entry, RootfsPlan } from '../../src/plan/entry.ts';
import type { RootPath } from '../../src/sysroot/sysroot.ts';
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
  sysrootEntries,
  type TreeEntry,
  treeDump,
  unreadable,
} from '../../src/testing.ts';
import { needs, needsRoot } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';

/** `sha256sum` of these: 2cf24dba... and e3b0c442... */
const HELLO = 'hello';
const OWNER = `${process.getuid?.()}:${process.getgid?.()}`;
const DIR_OWNER = OWNER === '0:0' ? '' : ` ${OWNER}`;
const LINK_OWNER = OWNER === '0:0' ? '' : ` (${OWNER})`;

const attributes = { uid: 0, gid: 0, xattrs: {}, evidence: { by: 'program' }, neededBy: null } as const;
const at = (path: string): RootPath => path as RootPath;

describe('treeDump of a directory', () => {
  const files = scratch();
  let umask: number;
  before(() => {
    umask = process.umask(0o022);
  });
  after(() => process.umask(umask));

  it('tells type, mode, owner and content of each entry, sorted by path', async () => {
    files.write('tree/bin/tool', HELLO, 0o755);
    files.write('tree/etc/empty', '');
    symlinkSync('bin/tool', files.path('tree/tool'));
    mkdirSync(files.path('tree/tmp'));
    chmodSync(files.path('tree/tmp'), 0o1777);
    linkSync(files.path('tree/bin/tool'), files.path('tree/also'));
    const dump = await treeDump(files.path('tree'));
    assert.deepEqual(dump, {
      '/': `dir 0755${DIR_OWNER}`,
      '/also': `file 0755 ${OWNER} 2cf24dba`,
      '/bin': `dir 0755${DIR_OWNER}`,
      '/bin/tool': 'hardlink /also',
      '/etc': `dir 0755${DIR_OWNER}`,
      '/etc/empty': `file 0644 ${OWNER} e3b0c442`,
      '/tmp': `dir 1777${DIR_OWNER}`,
      '/tool': `symlink bin/tool${LINK_OWNER}`,
    });
    assert.deepEqual(Object.keys(dump), Object.keys(dump).sort());
  });

  it('keeps names that are not UTF-8', async () => {
    writeFileSync(Buffer.from(`${files.path()}/a\xff`, 'latin1'), HELLO);
    symlinkSync(Buffer.from([0xfe]), files.path('l'));
    const dump = await treeDump(files.path());
    assert.equal(dump['/a\udcff'], `file 0644 ${OWNER} 2cf24dba`);
    assert.equal(dump['/l'], `symlink \udcfe${LINK_OWNER}`);
  });

  it('tells owners, devices and pipes', async function () {
    needsRoot(this);
    execFileSync('mkfifo', ['-m', '640', files.path('pipe')]);
    execFileSync('mknod', ['-m', '666', files.path('null'), 'c', '1', '3']);
    execFileSync('mknod', ['-m', '600', files.path('disk'), 'b', '259', '300']);
    mkdirSync(files.path('home'));
    symlinkSync('x', files.path('link'));
    execFileSync('chown', ['-h', '5:6', files.path('home'), files.path('link'), files.path('pipe')]);
    const { '/': _, ...dump } = await treeDump(files.path());
    assert.deepEqual(dump, {
      '/disk': 'block 0600 0:0 259:300',
      '/home': 'dir 0755 5:6',
      '/link': 'symlink x (5:6)',
      '/null': 'character 0666 0:0 1:3',
      '/pipe': 'fifo 0640 5:6',
    });
  });

  it('fails where there is nothing', async () => {
    await assert.rejects(treeDump(files.path('nothing')), { code: 'ENOENT' });
  });
});

describe('treeDump of a tar archive', () => {
  let root = '';
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'mkrootfs-dump-'));
    const tree = join(root, 'tree');
    const long = 'd'.repeat(150);
    mkdirSync(join(tree, long, 'deep'), { recursive: true });
    writeFileSync(join(tree, long, 'deep', 'file'), 'x'.repeat(100_000), { mode: 0o640 });
    writeFileSync(join(tree, 'é'), HELLO);
    linkSync(join(tree, 'é'), join(tree, 'a-link'));
    symlinkSync(`${long}/deep`, join(tree, 'short'));
  });
  after(() => rmSync(root, { recursive: true }));

  const archives: readonly (readonly [name: string, options: readonly string[], program?: string])[] = [
    ['plain.tar', []],
    ['posix.tar', ['--format=posix']],
    ['v7-like.tar', ['--format=gnu', '--sort=name']],
    ['packed.tar.gz', ['--gzip']],
    ['packed.tar.zst', ['--zstd'], 'zstd'],
  ];
  for (const [name, options, tool] of archives) {
    it(`reads ${name} of GNU tar as the directory it was made of`, async function () {
      needs(this, { tool: 'tar', package: 'tar' });
      if (tool !== undefined) needs(this, { tool, package: tool });
      const archive = join(root, name);
      execFileSync('tar', [...options, '-cf', archive, '-C', join(root, 'tree'), '.']);
      assert.deepEqual(await treeDump(archive), await treeDump(join(root, 'tree')));
    });
  }

  it('reads names without a leading dot, large owners and bytes that are not UTF-8', async () => {
    const archive = join(root, 'made.tar');
    execFileSync('tar', [
      '-cf',
      archive,
      '--mode=0644',
      '--owner=:3000000',
      '--group=:70000',
      '-C',
      join(root, 'tree'),
      'é',
    ]);
    assert.deepEqual(await treeDump(archive), { '/é': 'file 0644 3000000:70000 2cf24dba' });
    const posix = ['--format=posix', '--mode=0644', '--owner=:3000000', '--group=:70000'];
    execFileSync('tar', [...posix, '-cf', archive, '-C', join(root, 'tree'), 'é']);
    assert.deepEqual(await treeDump(archive), { '/é': 'file 0644 3000000:70000 2cf24dba' });
    const odd = Buffer.concat([Buffer.from(`${root}/n`), Buffer.of(0xff)]);
    writeFileSync(odd, HELLO);
    const shell = [
      '-cf',
      archive,
      '--mode=0644',
      '--owner=:0',
      '--group=:0',
      '-C',
      root,
      '--null',
      '--files-from=-',
    ];
    spawnSync('tar', shell, { input: Buffer.of(0x6e, 0xff, 0) });
    assert.deepEqual(await treeDump(archive), { '/n\udcff': 'file 0644 0:0 2cf24dba' });
  });

  it('reads devices and pipes', async () => {
    const archive = join(root, 'special.tar');
    const made = pack();
    const mode = 0o600;
    made.entry({ name: './', type: 'directory', mode: 0o755 });
    made.entry({ name: 'dev/null', type: 'character-device', devmajor: 1, devminor: 3, mode });
    made.entry({ name: '/dev/sda', type: 'block-device', devmajor: 8, devminor: 0, mode });
    made.entry({ name: './run/pipe', type: 'fifo', mode });
    made.entry({ name: '../up', type: 'symlink', linkname: '../../x', mode });
    made.entry({ name: 'plain', type: 'contiguous-file', mode }, HELLO);
    made.finalize();
    writeFileSync(archive, Buffer.concat(await chunksOf(made as AsyncIterable<Uint8Array>)));
    assert.deepEqual(await treeDump(archive), {
      '/': 'dir 0755',
      '/../up': 'symlink ../../x',
      '/dev/null': 'character 0600 0:0 1:3',
      '/dev/sda': 'block 0600 0:0 8:0',
      '/plain': 'file 0600 0:0 2cf24dba',
      '/run/pipe': 'fifo 0600 0:0',
    });
  });

  const broken: readonly (readonly [what: string, damage: (bytes: Buffer) => Buffer, name: string])[] = [
    ['a cut archive', (bytes) => bytes.subarray(0, 1500), 'cut.tar'],
    ['a wrong checksum', (bytes) => Buffer.concat([Buffer.from('x'), bytes.subarray(1)]), 'sum.tar'],
  ];
  for (const [what, damage, name] of broken) {
    it(`fails on ${what}`, async () => {
      const whole = join(root, 'whole.tar');
      execFileSync('tar', ['-cf', whole, '-C', join(root, 'tree'), 'é', 'a-link', 'short']);
      writeFileSync(join(root, name), damage(readFileSync(whole)));
      await assert.rejects(treeDump(join(root, name)));
    });
  }

  it('fails on an entry that no tree holds', async () => {
    const volume = join(root, 'volume.tar');
    const whole = join(root, 'whole.tar');
    execFileSync('tar', ['-cf', whole, '--format=ustar', '-C', join(root, 'tree'), 'é']);
    const bytes = readFileSync(whole);
    bytes[156] = 'M'.charCodeAt(0); // typeflag: continues in another volume
    bytes.write('        ', 148, 'latin1');
    const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    writeFileSync(volume, bytes);
    await assert.rejects(treeDump(volume), {
      code: 'ERR_MALFORMED_INPUT',
      message: /cannot read tar .*volume\.tar: \/é is of a type that no tree holds/,
    });
  });

  it('says which package brings a missing zstd', async () => {
    const archive = join(root, 'any.tar.zst');
    writeFileSync(archive, Buffer.from('28b52ffd', 'hex'));
    const { PATH } = process.env;
    process.env.PATH = root;
    try {
      await assert.rejects(treeDump(archive), (error: RootfsError) => {
        assert.equal(error.code, 'ERR_MACHINE');
        assert.equal(error.details.hint, 'install the package zstd');
        return true;
      });
    } finally {
      process.env.PATH = PATH;
    }
  });

  it('fails on broken compression', async function () {
    needs(this, { tool: 'zstd', package: 'zstd' });
    writeFileSync(join(root, 'bad.tar.zst'), Buffer.from('28b52ffd00000000ffff', 'hex'));
    writeFileSync(join(root, 'bad.tar.gz'), Buffer.from('1f8b0800000000000000ffff', 'hex'));
    await assert.rejects(treeDump(join(root, 'bad.tar.zst')), { code: 'ERR_MALFORMED_INPUT' });
    await assert.rejects(treeDump(join(root, 'bad.tar.gz')));
  });
});

describe('treeDump of entries', () => {
  const sysroot = memorySysroot({
    '/usr/bin/tool': program(HELLO),
    '/usr/bin/same': hardlink('/usr/bin/tool'),
    '/bin': link('usr/bin'),
    '/dev/null': device('character', 1, 3, { mode: 0o666 }),
    '/run/pipe': fifo(),
    '/run/socket': socket({ uid: 3 }),
    '/tmp': dir({ mode: 0o1777 }),
  });

  it('reads a whole sysroot', async () => {
    assert.deepEqual(await treeDump(sysrootEntries(sysroot)), {
      '/': 'dir 0755',
      '/bin': 'symlink usr/bin',
      '/dev': 'dir 0755',
      '/dev/null': 'character 0666 0:0 1:3',
      '/run': 'dir 0755',
      '/run/pipe': 'fifo 0644 0:0',
      '/run/socket': 'socket 0755 3:0',
      '/tmp': 'dir 1777',
      '/usr': 'dir 0755',
      '/usr/bin': 'dir 0755',
      '/usr/bin/same': 'file 0755 0:0 2cf24dba',
      '/usr/bin/tool': 'hardlink /usr/bin/same',
    });
  });

  const plan = (entries: readonly Entry[]): RootfsPlan => ({ entries }) as unknown as RootfsPlan;

  it('reads a plan with the content that its sysroot has', async () => {
    const entries: readonly Entry[] = [
      { ...attributes, path: at('/'), type: 'directory', mode: 0o755 },
      {
        ...attributes,
        path: at('/a'),
        type: 'file',
        mode: 0o755,
        size: 5,
        content: { from: 'sysroot', path: at('/bin/tool') },
      },
      { ...attributes, path: at('/b'), type: 'hardlink', mode: 0o755, target: at('/a') },
      {
        ...attributes,
        path: at('/c'),
        type: 'file',
        mode: 0o600,
        uid: 7,
        size: 0,
        content: { from: 'inline', base64: '' },
      },
      { ...attributes, path: at('/d'), type: 'symlink', mode: 0o777, target: 'a' },
      { ...attributes, path: at('/e'), type: 'device', kind: 'block', mode: 0o600, major: 8, minor: 1 },
    ];
    assert.deepEqual(await treeDump(planEntries(plan(entries), sysroot)), {
      '/': 'dir 0755',
      '/a': 'file 0755 0:0 2cf24dba',
      '/b': 'hardlink /a',
      '/c': 'file 0600 7:0 e3b0c442',
      '/d': 'symlink a',
      '/e': 'block 0600 0:0 8:1',
    });
  });

  it('fails where the sysroot does not give the content', async () => {
    const locked = memorySysroot({ '/a': unreadable(file('x')) });
    const content = { from: 'sysroot', path: at('/a') } as const;
    const entry: Entry = { ...attributes, path: at('/a'), type: 'file', mode: 0o644, size: 1, content };
    await assert.rejects(treeDump(planEntries(plan([entry]), locked)), {
      code: 'ERR_NOT_READABLE',
      message: 'cannot read /a: EACCES',
    });
  });

  const base = { mode: 0o644, uid: 0, gid: 0 };
  const entry = (path: string): TreeEntry => ({ ...base, path, type: 'file', digest: '00000000' });
  const same = (path: string, target: string): TreeEntry => ({ ...base, path, type: 'hardlink', target });

  it('tells hard links the same whichever name the format keeps as the file', async () => {
    const expected = { '/a': 'file 0644 0:0 00000000', '/b': 'hardlink /a', '/c': 'hardlink /a' };
    assert.deepEqual(await treeDump([entry('/a'), same('/b', '/a'), same('/c', '/a')]), expected);
    assert.deepEqual(await treeDump([entry('/c'), same('/b', '/c'), same('/a', '/b')]), expected);
  });

  const refused: readonly (readonly [what: string, entries: readonly TreeEntry[], message: RegExp])[] = [
    ['two entries of one path', [entry('/a'), entry('/a')], /cannot dump \/a: it is there twice/],
    ['a hard link to nothing', [same('/a', '/b')], /hard link to \/b, which is not there/],
    ['hard links in a circle', [same('/a', '/b'), same('/b', '/a')], /hard link to itself/],
  ];
  for (const [what, entries, message] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(treeDump(entries), { code: 'ERR_MALFORMED_INPUT', message });
    });
  }
});

async function chunksOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}
