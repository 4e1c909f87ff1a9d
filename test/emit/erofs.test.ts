import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { writeErofs } from '../../src/emit/erofs.ts';
import type { RootfsPlan } from '../../src/plan/entry.ts';
import { planEntries, treeDump } from '../../src/testing.ts';
import { needs, needsRoot } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';
import { everyKind, everyKindOfRoot } from './helpers/every-kind.ts';
import { mounted } from './helpers/mounted.ts';
import { file, fileFrom, hostFiles, planOf } from './helpers/plan.ts';
import { writeAsOrdinaryUser, writeInProcess } from './helpers/tools.ts';

const EROFS_UTILS = { tool: 'mkfs.erofs', package: 'erofs-utils' };

/** mkfs.erofs 1.5 fails on names of all the 255 bytes that there may be. */
function ofSpeakableNames(plan: RootfsPlan): RootfsPlan {
  const entries = plan.entries.filter(
    ({ path }) => Buffer.byteLength(path.slice(path.lastIndexOf('/') + 1)) < 255,
  );
  assert.equal(entries.length, plan.entries.length - 1);
  return { ...plan, entries };
}

describe('writeErofs', () => {
  const { path } = scratch();

  async function written(plan: RootfsPlan, name = 'a.erofs'): Promise<string> {
    await writeErofs(plan, hostFiles(), { output: path(name) });
    return path(name);
  }

  beforeEach(function () {
    needs(this, EROFS_UTILS);
  });

  for (const [what, plan] of [
    ['of one owner', ofSpeakableNames(planOf(everyKind({ uid: 7, gid: 8 })))],
    ['of every kind', ofSpeakableNames(everyKindOfRoot())],
  ] as const) {
    it(`is mounted by the kernel as the tree of the plan, with entries ${what}`, async function () {
      needsRoot(this);
      await mounted(this, await written(plan), 'erofs', async (tree) => {
        assert.deepEqual(await treeDump(tree), await treeDump(planEntries(plan, hostFiles())));
      });
    });
  }

  it('gives every file the time of the plan', async function () {
    needsRoot(this);
    await mounted(this, await written(planOf([file('/a', 'x')], 86_400)), 'erofs', async (tree) => {
      assert.deepEqual([statSync(tree).mtimeMs, statSync(`${tree}/a`).mtimeMs], [86_400_000, 86_400_000]);
    });
  });

  it('is the same bytes under another umask, time zone and user', () => {
    // An ordinary user's mkfs.erofs cannot read what nobody may.
    const entries = everyKind().filter(({ path: name }) => name !== '/closed/none');
    const plan = ofSpeakableNames(planOf(entries, 1_000_000_000));
    writeInProcess(plan, 'erofs', path('a'), { umask: '022' });
    const env = { TZ: 'Asia/Kathmandu', SOURCE_DATE_EPOCH: '7' };
    writeInProcess(plan, 'erofs', path('b'), { umask: '077', env });
    chmodSync(path(), 0o777);
    const { warnings } = writeAsOrdinaryUser(plan, 'erofs', path('c'));
    assert.deepEqual(warnings, []);
    assert.ok(readFileSync(path('a')).equals(readFileSync(path('b'))));
    assert.ok(readFileSync(path('a')).equals(readFileSync(path('c'))));
  });

  it('says what it wrote, and leaves nothing beside it', async () => {
    const report = await writeErofs(planOf([file('/a', 'abc')]), hostFiles(), {
      output: path('a.erofs'),
      level: 1,
    });
    assert.deepEqual(report, {
      output: path('a.erofs'),
      format: 'erofs',
      entries: { directory: 1, file: 1, symlink: 0, hardlink: 0, device: 0 },
      contentBytes: 3,
      outputBytes: statSync(path('a.erofs')).size,
      warnings: [],
    });
    assert.deepEqual(readdirSync(path()), ['a.erofs']);
  });

  it('leaves nothing behind when a file has changed meanwhile, or the signal comes', async () => {
    writeFileSync(path('source'), 'short');
    await assert.rejects(written(planOf([fileFrom('/a', path('source'), 10)])), { code: 'ERR_CHANGED' });
    const options = { output: path('a'), signal: AbortSignal.abort() };
    await assert.rejects(writeErofs(planOf([]), hostFiles(), options), { code: 'ERR_INTERRUPTED' });
    assert.deepEqual(readdirSync(path()), ['source']);
  });

  it('refuses standard output, and names that no argument holds', async () => {
    await assert.rejects(writeErofs(planOf([]), hostFiles(), { output: '-' }), { code: 'ERR_USAGE' });
    await assert.rejects(written(planOf([]), 'a\udcff'), { code: 'ERR_OUTPUT', message: /not UTF-8/ });
    assert.deepEqual(readdirSync(path()), []);
  });
});

describe('a file system image', () => {
  const { path } = scratch();

  for (const [format, tool, hint] of [
    ['squashfs', 'mksquashfs', /squashfs-tools/],
    ['erofs', 'mkfs.erofs', /erofs-utils/],
  ] as const) {
    it(`names the package where ${tool} is missing`, async () => {
      const before = process.env.PATH;
      process.env.PATH = path();
      try {
        const { emit } = await import('../../src/emit/index.ts');
        const failed = emit(planOf([]), hostFiles(), { output: path(`a.${format}`) });
        await assert.rejects(failed, (error: Error & { code?: string; details?: { hint?: string } }) => {
          assert.equal(error.code, 'ERR_MACHINE');
          assert.equal(error.message, `cannot run ${tool}: it is not installed`);
          assert.match(error.details?.hint ?? '', hint);
          return true;
        });
      } finally {
        process.env.PATH = before;
      }
      assert.deepEqual(readdirSync(path()), []);
    });
  }
});
