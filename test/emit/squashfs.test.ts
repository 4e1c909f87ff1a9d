import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { writeSquashfs } from '../../src/emit/squashfs.ts';
import type { RootfsPlan } from '../../src/plan/entry.ts';
import { planEntries, treeDump } from '../../src/testing.ts';
import { needs, needsRoot } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';
import { everyKind, everyKindOfRoot } from './helpers/every-kind.ts';
import { mounted } from './helpers/mounted.ts';
import { directory, file, fileFrom, hostFiles, planOf } from './helpers/plan.ts';
import { run, writeInProcess } from './helpers/tools.ts';

const SQUASHFS_TOOLS = { tool: 'mksquashfs', package: 'squashfs-tools' };

describe('writeSquashfs', () => {
  const { path } = scratch();

  async function written(plan: RootfsPlan, name = 'a.squashfs'): Promise<string> {
    await writeSquashfs(plan, hostFiles(), { output: path(name) });
    return path(name);
  }

  beforeEach(function () {
    needs(this, SQUASHFS_TOOLS);
  });

  it('is mounted by the kernel as the tree of the plan, entries of every kind among them', async function () {
    needsRoot(this);
    const plan = everyKindOfRoot();
    await mounted(this, await written(plan), 'squashfs', async (tree) => {
      assert.deepEqual(await treeDump(tree), await treeDump(planEntries(plan, hostFiles())));
    });
  });

  it('is unpacked by unsquashfs to the tree of the plan', async function () {
    needsRoot(this);
    const plan = planOf(everyKind());
    run('unsquashfs', ['-no-progress', '-quiet', '-dest', path('out'), await written(plan)]);
    assert.deepEqual(await treeDump(path('out')), await treeDump(planEntries(plan, hostFiles())));
  });

  it('keeps the root directory, every time, and extended attributes', async function () {
    needs(this, { tool: 'getfattr', package: 'attr' });
    needsRoot(this);
    const marked = file('/marked', 'x', { xattrs: { 'user.mark': Buffer.from('yes').toString('base64') } });
    const plan = planOf([directory('/', { mode: 0o750 }), marked], 86_400);
    await mounted(this, await written(plan), 'squashfs', async (tree) => {
      const { mode, mtimeMs } = statSync(tree);
      assert.deepEqual([mode & 0o7777, mtimeMs], [0o750, 86_400_000]);
      assert.equal(statSync(`${tree}/marked`).mtimeMs, 86_400_000);
      assert.match(run('getfattr', ['--absolute-names', '-d', `${tree}/marked`]), /user\.mark="yes"/);
    });
  });

  it('is the same bytes under another umask, time zone and language, whatever SOURCE_DATE_EPOCH says', async () => {
    const plan = planOf(everyKind(), 1_000_000_000);
    writeInProcess(plan, 'squashfs', path('a'), { umask: '022' });
    const env = { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', SOURCE_DATE_EPOCH: '7' };
    writeInProcess(plan, 'squashfs', path('b'), { umask: '077', env });
    assert.ok(readFileSync(path('a')).equals(readFileSync(path('b'))));
  });

  it('says that the root directory cannot have another owner', async () => {
    const plan = planOf([directory('/', { uid: 12, gid: 34 })]);
    const { warnings } = await writeSquashfs(plan, hostFiles(), { output: path('a') });
    assert.deepEqual(warnings, ['the root directory belongs to 0:0, not to 12:34']);
  });

  it('says what it wrote', async () => {
    const report = await writeSquashfs(planOf([file('/a', 'abc')]), hostFiles(), {
      output: path('a.sqfs'),
      level: 1,
    });
    assert.deepEqual(report, {
      output: path('a.sqfs'),
      format: 'squashfs',
      entries: { directory: 1, file: 1, symlink: 0, hardlink: 0, device: 0 },
      contentBytes: 3,
      outputBytes: statSync(path('a.sqfs')).size,
      warnings: [],
    });
  });

  it('leaves nothing behind when a file has changed meanwhile, or the signal comes', async () => {
    writeFileSync(path('source'), 'short');
    await assert.rejects(written(planOf([fileFrom('/a', path('source'), 10)])), { code: 'ERR_CHANGED' });
    const options = { output: path('a'), signal: AbortSignal.abort() };
    await assert.rejects(writeSquashfs(planOf([]), hostFiles(), options), { code: 'ERR_INTERRUPTED' });
    assert.deepEqual(readdirSync(path()), ['source']);
  });

  it('refuses standard output, and times that 32 bits do not hold', async () => {
    await assert.rejects(writeSquashfs(planOf([]), hostFiles(), { output: '-' }), { code: 'ERR_USAGE' });
    await assert.rejects(written(planOf([], 2 ** 32)), { code: 'ERR_USAGE' });
  });

  it('tells what the tool says where it fails', async () => {
    const options = { output: path('a'), level: 99 };
    await assert.rejects(writeSquashfs(planOf([]), hostFiles(), options), {
      code: 'ERR_MACHINE',
      message: /^cannot run mksquashfs: .*compression/i,
    });
    assert.deepEqual(readdirSync(path()), []);
  });
});
