import assert from 'node:assert/strict';
import { emit, formatOf } from '../../src/emit/index.ts';
import type { Format } from '../../src/options.ts';
import { scratch } from '../helpers/scratch.ts';
import { hostFiles, planOf } from './helpers/plan.ts';

describe('formatOf', () => {
  for (const [output, format] of [
    ['rootfs', 'dir'],
    ['a.tar/b', 'dir'],
    ['-', 'tar'],
    ['x.tar', 'tar'],
    ['x.tar.gz', 'tar.gz'],
    ['x.tgz', 'tar.gz'],
    ['x.tar.zst', 'tar.zst'],
    ['x.tzst', 'tar.zst'],
    ['x.cpio', 'cpio'],
    ['x.cpio.gz', 'cpio.gz'],
    ['x.squashfs', 'squashfs'],
    ['x.sqfs', 'squashfs'],
    ['x.erofs', 'erofs'],
    ['tar', 'dir'],
  ] as const) {
    it(`takes ${output} for ${format}`, () => {
      assert.equal(formatOf(output), format);
    });
  }
});

describe('emit', () => {
  const files = scratch();

  it('takes the format from the name, unless it is given', async () => {
    const plan = planOf([]);
    assert.equal((await emit(plan, hostFiles(), { output: files.path('a.tar') })).format, 'tar');
    assert.equal(
      (await emit(plan, hostFiles(), { output: files.path('b.tar'), format: 'dir' })).format,
      'dir',
    );
    assert.equal((await emit(plan, hostFiles(), { output: files.path('c') })).format, 'dir');
  });

  for (const format of ['zip', 'constructor'] as unknown as Format[]) {
    it(`names the formats that there are where it is asked for ${format}`, async () => {
      await assert.rejects(emit(planOf([]), hostFiles(), { output: files.path('a'), format }), {
        code: 'ERR_USAGE',
        message: `cannot write ${files.path('a')}: the format ${format} is not supported`,
        details: {
          hint: 'choose one of dir, tar, tar.gz, tar.zst, cpio, cpio.gz, oci, docker, squashfs, erofs',
        },
      });
    });
  }

  it('refuses what only an image can say where no image is written', async () => {
    const options = { output: files.path('a.tar'), image: { cmd: ['x'] } };
    await assert.rejects(emit(planOf([]), hostFiles(), options), {
      code: 'ERR_USAGE',
      message: `cannot write ${files.path('a.tar')}: tar has no place for cmd`,
    });
    await emit(planOf([]), hostFiles(), { ...options, format: 'docker' });
  });
});
