import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { stageDirectory, stageFile } from '../../src/emit/staging.ts';
import { needsRoot } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';
import { run } from './helpers/tools.ts';

describe('stageFile', () => {
  const files = scratch();
  const output = () => files.path('out');

  it('shows nothing under the output name until it is committed', async () => {
    const stage = stageFile(output(), false);
    writeFileSync(stage.fd, 'whole');
    assert.equal(existsSync(output()), false);
    assert.equal(await stage.commit(), null);
    assert.equal(readFileSync(output(), 'utf8'), 'whole');
    assert.deepEqual(readdirSync(files.path()), ['out']);
  });

  it('leaves nothing when it is discarded, nor the parents that it made', async () => {
    const stage = stageFile(files.path('a/b/c/out'), false);
    await stage.discard();
    assert.deepEqual(readdirSync(files.path()), []);
  });

  it('leaves parents that others have put something into meanwhile', async () => {
    const stage = stageFile(files.path('a/b/out'), false);
    files.write('a/mine', 'x');
    await stage.discard();
    assert.deepEqual(readdirSync(files.path('a')), ['mine']);
  });

  it('refuses what stands there, without force', () => {
    writeFileSync(output(), 'mine');
    assert.throws(() => stageFile(output(), false), {
      code: 'ERR_OUTPUT_EXISTS',
      message: `cannot write ${output()}: it exists already`,
    });
    assert.deepEqual(readdirSync(files.path()), ['out']);
  });

  it('refuses a link that leads nowhere, which is a name in use', () => {
    symlinkSync('nowhere', output());
    assert.throws(() => stageFile(output(), false), { code: 'ERR_OUTPUT_EXISTS' });
  });

  it('never replaces without force what appears while it writes', async () => {
    const stage = stageFile(output(), false);
    writeFileSync(output(), 'mine');
    await assert.rejects(stage.commit(), { code: 'ERR_OUTPUT_EXISTS' });
    await stage.discard();
    assert.equal(readFileSync(output(), 'utf8'), 'mine');
    assert.deepEqual(readdirSync(files.path()), ['out']);
  });

  it('replaces a file, a directory or the link itself by force', async () => {
    const makes: (() => void)[] = [
      () => writeFileSync(output(), 'old'),
      () => files.write('out/in/it', 'old'),
      () => symlinkSync('elsewhere', output()),
    ];
    files.write('elsewhere', 'kept');
    for (const make of makes) {
      make();
      const stage = stageFile(output(), true);
      writeFileSync(stage.fd, 'new');
      assert.equal(await stage.commit(), null);
      assert.equal(lstatSync(output()).isFile(), true);
      assert.equal(readFileSync(output(), 'utf8'), 'new');
      rmSync(output());
    }
    assert.equal(readFileSync(files.path('elsewhere'), 'utf8'), 'kept');
    assert.deepEqual(readdirSync(files.path()), ['elsewhere']);
  });

  it('never replaces a device, a fifo or a link to one, not even by force', () => {
    run('mkfifo', [files.path('fifo')]);
    symlinkSync('/dev/null', files.path('link'));
    for (const path of ['/dev/null', files.path('fifo'), files.path('link')])
      assert.throws(() => stageFile(path, true), { code: 'ERR_OUTPUT' }, path);
  });

  it('takes a name as long as the file system does, and no longer', async () => {
    for (const name of ['n'.repeat(255), 'ü'.repeat(127)]) {
      const stage = stageFile(files.path(name), false);
      await stage.commit();
      assert.equal(existsSync(files.path(name)), true);
    }
    assert.throws(() => stageFile(files.path('n'.repeat(256)), false), {
      code: 'ERR_OUTPUT',
      message: /the name is too long$/,
    });
  });

  it('says so where a parent is no directory', () => {
    files.write('file', 'x');
    for (const path of ['file/out', 'file/in/out'])
      assert.throws(() => stageFile(files.path(path), false), { code: 'ERR_OUTPUT' });
  });

  it('refuses the root directory of the machine', () => {
    assert.throws(() => stageFile('/', true), { code: 'ERR_USAGE' });
  });

  it('obeys the umask for the file that it makes', async () => {
    const before = process.umask(0o027);
    try {
      await stageFile(output(), false).commit();
    } finally {
      process.umask(before);
    }
    assert.equal(statSync(output()).mode & 0o777, 0o640);
  });
});

describe('stageDirectory', () => {
  const files = scratch();
  const output = () => files.path('out');
  const fill = (path: string) => writeFileSync(`${path}/new`, '');

  it('takes the place of nothing or of an empty directory', async () => {
    for (const prepare of [() => {}, () => mkdirSync(output())]) {
      prepare();
      const stage = stageDirectory(output(), false);
      fill(stage.path);
      assert.equal(await stage.commit(), null);
      assert.deepEqual(readdirSync(output()), ['new']);
      assert.deepEqual(readdirSync(files.path()), ['out']);
      rmSync(output(), { recursive: true });
    }
  });

  it('is entered by its owner alone until it is committed', async () => {
    const stage = stageDirectory(output(), false);
    assert.equal(statSync(stage.path).mode & 0o777, 0o700);
    await stage.discard();
  });

  it('refuses a directory that holds something, a file and a link', () => {
    const makes: (() => void)[] = [
      () => files.write('out/mine', 'x'),
      () => files.write('out', 'x'),
      () => symlinkSync('/', output()),
    ];
    for (const make of makes) {
      make();
      assert.throws(() => stageDirectory(output(), false), { code: 'ERR_OUTPUT_EXISTS' });
      rmSync(output(), { recursive: true });
    }
  });

  it('never replaces without force what appears while it writes', async () => {
    for (const appear of [() => files.write('out/mine', 'x'), () => files.write('out', 'mine')]) {
      const stage = stageDirectory(output(), false);
      appear();
      await assert.rejects(stage.commit(), { code: 'ERR_OUTPUT_EXISTS' });
      await stage.discard();
      assert.deepEqual(readdirSync(files.path()), ['out']);
      rmSync(output(), { recursive: true });
    }
  });

  it('replaces a directory by force, and leaves it until then', async () => {
    files.write('out/old', 'x');
    const stage = stageDirectory(output(), true);
    fill(stage.path);
    assert.deepEqual(readdirSync(output()), ['old']);
    assert.equal(await stage.commit(), null);
    assert.deepEqual(readdirSync(output()), ['new']);
    assert.deepEqual(readdirSync(files.path()), ['out']);
  });

  it('removes an old tree whose directories are closed to their own owner', async () => {
    files.write('out/closed/in/it', 'x');
    chmodSync(files.path('out/closed/in'), 0o500);
    chmodSync(files.path('out/closed'), 0);
    const stage = stageDirectory(output(), true);
    assert.equal(await stage.commit(), null);
    assert.deepEqual(readdirSync(files.path()), ['out']);
  });

  it('refuses to replace the working directory or what holds it', () => {
    files.write('out/in/x', '');
    const before = process.cwd();
    try {
      for (const inside of ['out', 'out/in']) {
        process.chdir(files.path(inside));
        assert.throws(() => stageDirectory(output(), true), {
          code: 'ERR_OUTPUT',
          message: /working directory/,
        });
      }
    } finally {
      process.chdir(before);
    }
  });

  it('puts back what stood there when the new one cannot take its place', async () => {
    files.write('out/old', 'x');
    const stage = stageDirectory(output(), true);
    rmSync(stage.path, { recursive: true });
    await assert.rejects(stage.commit(), { code: 'ERR_OUTPUT' });
    await stage.discard();
    assert.deepEqual(readdirSync(output()), ['old']);
    assert.deepEqual(readdirSync(files.path()), ['out']);
  });

  it('says where the old tree lies if it cannot be removed', async function () {
    needsRoot(this);
    mkdirSync(files.path('out/mount'), { recursive: true });
    run('mount', ['-t', 'tmpfs', 'tmpfs', files.path('out/mount')]);
    const holder: ChildProcess = spawn('sleep', ['60'], { cwd: files.path('out/mount') });
    try {
      const stage = stageDirectory(output(), true);
      fill(stage.path);
      const warning = (await stage.commit()) ?? '';
      assert.match(
        warning,
        /^what stood at .*out before could not be removed and lies at .*mkrootfs-\w+: it is in use/,
      );
      assert.deepEqual(readdirSync(output()), ['new']);
    } finally {
      holder.kill();
      const left = readdirSync(files.path()).find((name) => name.startsWith('.out')) ?? 'out';
      run('umount', ['-l', files.path(`${left}/mount`)]);
    }
  });

  it('names a mount point that cannot be replaced', async function () {
    needsRoot(this);
    mkdirSync(output());
    run('mount', ['-t', 'tmpfs', 'tmpfs', output()]);
    try {
      const stage = stageDirectory(output(), false);
      await assert.rejects(stage.commit(), { code: 'ERR_OUTPUT', message: /mount point$/ });
      await stage.discard();
    } finally {
      run('umount', [output()]);
    }
    assert.deepEqual(readdirSync(files.path()), ['out']);
  });
});
