import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { writeOci } from '../../src/emit/oci.ts';
import type { RootfsPlan } from '../../src/plan/entry.ts';
import { ociEntries, planEntries, tarEntries, treeDump } from '../../src/testing.ts';
import { needs, needsRoot } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';
import { everyKindOfRoot } from './helpers/every-kind.ts';
import { linkedPlan } from './helpers/linked-plan.ts';
import { file, fileFrom, hostFiles, planOf } from './helpers/plan.ts';
import { run, WRITE_PLAN, writeInProcess } from './helpers/tools.ts';

const SKOPEO = { tool: 'skopeo', package: 'skopeo' };
const UMOCI = { tool: 'umoci', package: 'umoci' };

describe('writeOci', () => {
  const { path } = scratch();

  async function written(name: string, plan: RootfsPlan = linkedPlan(), image = {}): Promise<string> {
    await writeOci(plan, hostFiles(), { output: path(name), image });
    return path(name);
  }

  it('writes blobs whose names, sizes and diffIDs are those of their bytes', async () => {
    const layout = await written('image');
    const blob = (digest: string): Buffer => readFileSync(`${layout}/blobs/sha256/${digest.slice(7)}`);
    const [image] = JSON.parse(readFileSync(`${layout}/index.json`, 'utf8')).manifests;
    const manifest = JSON.parse(blob(image.digest).toString());
    for (const { digest, size } of [image, manifest.config, ...manifest.layers]) {
      assert.equal(sha256(blob(digest)), digest);
      assert.equal(blob(digest).length, size);
    }
    const config = JSON.parse(blob(manifest.config.digest).toString());
    const diffIds = manifest.layers.map(({ digest }: { digest: string }) => sha256(gunzipSync(blob(digest))));
    assert.deepEqual(config.rootfs.diff_ids, diffIds);
    assert.equal(config.history.length, 3);
    assert.equal(readdirSync(`${layout}/blobs/sha256`).length, 5);
  });

  it('says what it wrote', async () => {
    const report = await writeOci(linkedPlan(), hostFiles(), { output: path('image') });
    const { entries, contentBytes, format, outputBytes } = report;
    assert.deepEqual(entries, { directory: 7, file: 5, symlink: 3, hardlink: 1, device: 0 });
    assert.deepEqual({ contentBytes, format }, { contentBytes: 47, format: 'oci' });
    const files = readdirSync(path('image'), { recursive: true, encoding: 'utf8' });
    const sizes = files.map((name) => statSync(path(`image/${name}`))).filter((stat) => stat.isFile());
    assert.equal(
      outputBytes,
      sizes.reduce((sum, { size }) => sum + size, 0),
    );
  });

  for (const [layers, compression] of [
    ['auto', 'gzip'],
    ['single', 'gzip'],
    ['auto', 'zstd'],
  ] as const) {
    it(`holds the tree of the plan in layers cut as ${layers}, compressed with ${compression}`, async function () {
      if (compression === 'zstd') needs(this, { tool: 'zstd', package: 'zstd' });
      const layout = await written('image', linkedPlan(), { layers, compression });
      const expected = await treeDump(planEntries(linkedPlan(), hostFiles()));
      assert.deepEqual(await treeDump(ociEntries(layout)), expected);
    });
  }

  it('shares the lower layers between images whose programs differ', async function () {
    needs(this, SKOPEO);
    const [one, other] = [linkedPlan(), linkedPlan([file('/bin/more', 'another program')])];
    const left = layersOf(await written('one', one));
    const right = layersOf(await written('two', other));
    assert.deepEqual(right.slice(0, 2), left.slice(0, 2));
    assert.notEqual(right[2], left[2]);
  });

  it('is unpacked by umoci to the tree of the plan, entries of every kind among them', async function () {
    needs(this, UMOCI);
    needsRoot(this);
    for (const [name, plan] of [
      ['linked', linkedPlan()],
      ['every-kind', everyKindOfRoot()],
    ] as const) {
      const layout = await written(name, plan);
      unpack(layout, 'latest', path(`${name}-bundle`));
      const expected = await treeDump(planEntries(plan, hostFiles()));
      assert.deepEqual(await treeDump(path(`${name}-bundle/rootfs`)), expected);
    }
  });

  it('is read by skopeo, directory and archive alike, with all that the options say', async function () {
    needs(this, SKOPEO);
    const image = {
      tag: 'team/app:1.2',
      cmd: ['-v'],
      label: { a: 'b' },
      user: '7',
      workdir: '/tmp',
      env: { A: 'B' },
    };
    const plan = linkedPlan([], 86_400);
    for (const source of [
      `oci:${await written('image', plan, image)}`,
      `oci-archive:${await written('i.tar', plan, image)}`,
    ]) {
      const seen = JSON.parse(run('skopeo', ['inspect', '--config', `${source}:1.2`]));
      assert.equal(seen.created, '1970-01-02T00:00:00Z');
      assert.deepEqual(seen.config.Entrypoint, ['/bin/app']);
      assert.deepEqual(seen.config.Cmd, ['-v']);
      assert.deepEqual(seen.config.Labels, { a: 'b' });
      assert.deepEqual(
        [seen.config.User, seen.config.WorkingDir, seen.config.Env.at(-1)],
        ['7', '/tmp', 'A=B'],
      );
    }
    const index = JSON.parse(readFileSync(path('image/index.json'), 'utf8'));
    assert.equal(index.manifests[0].annotations['io.containerd.image.name'], 'team/app:1.2');
  });

  it('keeps its digests when skopeo copies it', async function () {
    needs(this, SKOPEO);
    const layout = await written('image');
    run('skopeo', ['copy', '--quiet', `oci:${layout}:latest`, `oci:${path('copy')}:latest`]);
    assert.deepEqual(layersOf(path('copy')), layersOf(layout));
  });

  it('is the same archive of the same files as the directory', async () => {
    const files = Object.entries(await treeDump(await written('image'))).filter(([name]) => name !== '/');
    const archive = await treeDump(tarEntries(await written('image.tar')));
    assert.deepEqual(Object.entries(archive), files);
  });

  it('is the same bytes under another umask, time zone and locale, as directory and as archive', () => {
    const plan = linkedPlan([file('/big', Buffer.alloc(3_000_001, 'mkrootfs'))]);
    const env = { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' };
    for (const name of ['image', 'image.tar']) {
      writeInProcess(plan, 'oci', path(`a-${name}`), { umask: '022' });
      writeInProcess(plan, 'oci', path(`b-${name}`), { umask: '077', env });
      assert.deepEqual(filesOf(path(`b-${name}`)), filesOf(path(`a-${name}`)));
    }
    assert.equal(statSync(path('b-image')).mode & 0o777, 0o700);
    assert.equal(statSync(path('a-image')).mode & 0o777, 0o755);
  });

  it('goes to standard output as the archive that it is in a file', async () => {
    const { stdout } = spawnSync(process.execPath, [...WRITE_PLAN, 'oci', '-'], {
      input: JSON.stringify(linkedPlan()),
      env: { ...process.env, TMPDIR: path() },
    });
    assert.deepEqual(stdout, readFileSync(await written('image.tar')));
    const left = readdirSync(path()).filter((name) => name.startsWith('mkrootfs'));
    assert.deepEqual(left, []);
  });

  it('leaves nothing behind when a file has changed meanwhile', async () => {
    writeFileSync(path('source'), 'short');
    const plan = planOf([fileFrom('/a', path('source'), 10)]);
    for (const name of ['image', 'image.tar']) {
      await assert.rejects(written(name, plan), { code: 'ERR_CHANGED' });
    }
    assert.deepEqual(readdirSync(path()), ['source']);
  });

  it('stops at the signal and leaves nothing behind', async () => {
    for (const name of ['image', 'image.tar']) {
      const options = { output: path(name), signal: AbortSignal.abort() };
      await assert.rejects(writeOci(linkedPlan(), hostFiles(), options), { code: 'ERR_INTERRUPTED' });
    }
    assert.deepEqual(readdirSync(path()), []);
  });

  it('refuses before it writes what no image can be', async () => {
    await assert.rejects(written('image', linkedPlan(), { tag: 'Not:A:Name' }), { code: 'ERR_USAGE' });
    await assert.rejects(written('image', linkedPlan(), { workdir: 'x' }), { code: 'ERR_USAGE' });
    assert.deepEqual(readdirSync(path()), []);
  });

  it('replaces what stands there only when told to', async () => {
    for (const name of ['image', 'image.tar']) {
      await written(name);
      await assert.rejects(written(name), { code: 'ERR_OUTPUT_EXISTS' });
      await writeOci(linkedPlan(), hostFiles(), { output: path(name), force: true });
    }
  });
});

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Digests of the layers of a layout, the lowest first. */
function layersOf(layout: string): readonly string[] {
  return JSON.parse(run('skopeo', ['inspect', `oci:${layout}:latest`])).Layers;
}

function unpack(layout: string, tag: string, bundle: string): void {
  const { status, stderr } = spawnSync('umoci', ['unpack', '--image', `${layout}:${tag}`, bundle], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
}

/** Every file by name with its bytes; of a file itself under ''. */
function filesOf(path: string): Record<string, string> {
  if (!statSync(path).isDirectory()) return { '': sha256(readFileSync(path)) };
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(`${path}/${name}`).isFile());
  return Object.fromEntries(files.map((name) => [name, sha256(readFileSync(`${path}/${name}`))]));
}
