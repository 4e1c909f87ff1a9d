import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { writeDocker } from '../../src/emit/docker.ts';
import { ociEntries, planEntries, treeDump } from '../../src/testing.ts';
import { needs } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';
import { linkedPlan } from './helpers/linked-plan.ts';
import { hostFiles } from './helpers/plan.ts';
import { run, writeInProcess } from './helpers/tools.ts';

const SKOPEO = { tool: 'skopeo', package: 'skopeo' };
const TAR = { tool: 'tar', package: 'tar' };

describe('writeDocker', () => {
  const { path } = scratch();

  async function written(name: string, image = {}): Promise<string> {
    await writeDocker(linkedPlan(), hostFiles(), { output: path(name), image });
    return path(name);
  }

  it('writes a manifest, a configuration named by its digest, and layers named by their diffIDs', async function () {
    needs(this, TAR);
    mkdirSync(path('out'));
    run('tar', ['-xf', await written('image.tar'), '-C', path('out')]);
    const [manifest] = JSON.parse(readFileSync(path('out/manifest.json'), 'utf8'));
    const config = readFileSync(path(`out/${manifest.Config}`));
    assert.equal(manifest.Config, `${createHash('sha256').update(config).digest('hex')}.json`);
    const diffIds: readonly string[] = JSON.parse(config.toString()).rootfs.diff_ids;
    assert.deepEqual(
      manifest.Layers,
      diffIds.map((id) => `${id.slice(7)}.tar`),
    );
    assert.deepEqual(
      readdirSync(path('out')).sort(),
      ['manifest.json', manifest.Config, ...manifest.Layers].sort(),
    );
  });

  for (const [tag, expected] of [
    [undefined, 'app:latest'],
    ['2.0', 'app:2.0'],
    ['localhost:5000/team/app:2.0', 'localhost:5000/team/app:2.0'],
  ] as const) {
    it(`is called ${expected} where the tag is ${tag ?? 'not given'}`, async function () {
      needs(this, TAR);
      const archive = await written('image.tar', tag === undefined ? {} : { tag });
      const [manifest] = JSON.parse(run('tar', ['-xOf', archive, 'manifest.json']));
      assert.deepEqual(manifest.RepoTags, [expected]);
    });
  }

  it('is copied by skopeo, which checks every digest, to an image of the same tree', async function () {
    needs(this, SKOPEO);
    const archive = await written('image.tar');
    run('skopeo', ['copy', '--quiet', `docker-archive:${archive}:app:latest`, `oci:${path('copy')}:latest`]);
    const expected = await treeDump(planEntries(linkedPlan(), hostFiles()));
    assert.deepEqual(await treeDump(ociEntries(path('copy'))), expected);
  });

  it('is the same bytes under another umask and time zone', () => {
    writeInProcess(linkedPlan(), 'docker', path('a.tar'), { umask: '022' });
    writeInProcess(linkedPlan(), 'docker', path('b.tar'), { umask: '077', env: { TZ: 'Asia/Kathmandu' } });
    assert.ok(readFileSync(path('a.tar')).equals(readFileSync(path('b.tar'))));
  });
});
