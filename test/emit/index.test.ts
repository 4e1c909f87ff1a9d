import assert from 'node:assert/strict';
import { emit, emitters, formatOf } from '../../src/emit/index.ts';
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

  it('names the formats that there are where one is missing', async () => {
    const missing = (['cpio', 'erofs', 'oci'] as const).find((format) => emitters[format] === undefined);
    if (missing === undefined) return;
    await assert.rejects(emit(planOf([]), hostFiles(), { output: files.path('a'), format: missing }), {
      code: 'ERR_USAGE',
      message: `cannot write ${files.path('a')}: the format ${missing} is not supported`,
    });
  });
});
