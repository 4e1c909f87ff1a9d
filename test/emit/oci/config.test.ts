import assert from 'node:assert/strict';
import { checkImage, imageConfig } from '../../../src/emit/oci/config.ts';
import type { ImageOptions } from '../../../src/options.ts';
import { linkedPlan } from '../helpers/linked-plan.ts';

const LAYERS = [{ name: 'a', title: 'all', digest: 'sha256:0', diffId: 'sha256:1', size: 1 }] as const;

function config(image: ImageOptions = {}, epoch = 0) {
  return JSON.parse(imageConfig(linkedPlan([], epoch), image, LAYERS).toString());
}

describe('imageConfig', () => {
  it('starts the first program in a clean environment unless told otherwise', () => {
    assert.deepEqual(config().config, {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'container=mkrootfs'],
      Entrypoint: ['/bin/app'],
      WorkingDir: '/',
    });
  });

  it('says what it is told, a variable taking the place of ours, labels by name', () => {
    const image: ImageOptions = {
      entrypoint: ['/bin/app', '--serve'],
      cmd: ['x y'],
      env: { PATH: '/bin', LANG: 'C.UTF-8' },
      workdir: '/srv',
      user: '1000:1000',
      label: { z: '1', a: '2' },
    };
    const made = config(image).config;
    assert.deepEqual(made, {
      User: '1000:1000',
      Env: ['PATH=/bin', 'container=mkrootfs', 'LANG=C.UTF-8'],
      Entrypoint: ['/bin/app', '--serve'],
      Cmd: ['x y'],
      WorkingDir: '/srv',
      Labels: { a: '2', z: '1' },
    });
    assert.deepEqual(Object.keys(made.Labels), ['a', 'z']);
  });

  it('is made at the epoch, and its history tells what each layer holds', () => {
    const { created, history, rootfs } = config({}, 86_400);
    assert.equal(created, '1970-01-02T00:00:00Z');
    assert.deepEqual(history, [{ created, created_by: 'mkrootfs: all' }]);
    assert.deepEqual(rootfs, { type: 'layers', diff_ids: ['sha256:1'] });
  });
});

describe('checkImage', () => {
  it('takes what images can say', () => {
    checkImage(linkedPlan(), { user: 'www-data:33', workdir: '/a b', cmd: [''], label: { 'org.x': 'ü' } });
  });

  const refused: readonly (readonly [string, ImageOptions])[] = [
    ['a relative working directory', { workdir: 'srv' }],
    ['a user with a blank', { user: 'a b' }],
    ['a user of nothing', { user: '' }],
    ['a variable without a name', { env: { '': 'x' } }],
    ['a label without a name', { label: { '': 'x' } }],
    ['a NUL in an argument', { cmd: ['a\0b'] }],
    ['a program whose name is not UTF-8', { entrypoint: ['/bin/\udcff'] }],
  ];
  for (const [what, image] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => checkImage(linkedPlan(), image), {
        code: 'ERR_USAGE',
        message: /^cannot write an image: /,
      });
    });
  }

  it('refuses a time stamp that RFC 3339 cannot write', () => {
    assert.throws(() => checkImage(linkedPlan([], 253_402_300_800), {}), { code: 'ERR_USAGE' });
  });
});
