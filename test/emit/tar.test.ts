import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { encodeName } from '../../src/bytes.ts';
import { emit } from '../../src/emit/index.ts';
import { writeTar } from '../../src/emit/tar.ts';
import type { Entry } from '../../src/plan/entry.ts';
import { planEntries } from '../../src/testing/tree/plan.ts';
import { treeDump } from '../../src/testing/tree-dump.ts';
import { needs, needsRoot } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';
import { everyKind, everyKindOfRoot } from './helpers/every-kind.ts';
import { file, fileFrom, hostFiles, planOf } from './helpers/plan.ts';
import { pythonTarList, run, writeInProcess } from './helpers/tools.ts';

const FORMATS = ['tar', 'tar.gz', 'tar.zst'] as const;
const ZSTD = { tool: 'zstd', package: 'zstd' };
const BSDTAR = { tool: 'bsdtar', package: 'libarchive-tools' };
const PYTHON = { tool: '/usr/bin/python3', package: 'python3' };

const hex = (name: string): string => Buffer.from(encodeName(name)).toString('hex');

function typeFlag(entry: Entry): string {
  if (entry.type === 'device') return entry.kind === 'character' ? '3' : '4';
  return { file: '0', hardlink: '1', symlink: '2', directory: '5' }[entry.type];
}

function linkTarget(entry: Entry): string {
  if (entry.type === 'hardlink') return entry.target.slice(1);
  return entry.type === 'symlink' ? entry.target : '';
}

describe('writeTar', () => {
  const files = scratch();
  const sysroot = hostFiles();

  for (const format of FORMATS) {
    it(`writes a ${format} that tar-stream reads as the tree of the plan`, async function () {
      if (format === 'tar.zst') needs(this, ZSTD);
      const plan = everyKindOfRoot();
      const output = files.path(`out.${format}`);
      const report = await emit(plan, sysroot, { output });
      assert.deepEqual(await treeDump(output), await treeDump(planEntries(plan, sysroot)));
      assert.equal(report.format, format);
      assert.equal(report.outputBytes, statSync(output).size);
    });

    it(`writes the same bytes of ${format} under any umask, time zone, locale and number of threads`, function () {
      this.timeout(60_000);
      if (format === 'tar.zst') needs(this, ZSTD);
      const outputs = [
        { TZ: 'UTC', LC_ALL: 'C', UV_THREADPOOL_SIZE: '1', umask: '077' },
        { TZ: 'Asia/Kathmandu', LC_ALL: 'C.UTF-8', UV_THREADPOOL_SIZE: '8', umask: '000' },
      ].map(({ umask, ...env }, index) => {
        const output = files.path(`${index}.${format}`);
        writeInProcess(planOf(everyKind()), format, output, { env, umask });
        return readFileSync(output);
      });
      assert.equal(outputs[0]?.equals(outputs[1] as Buffer), true);
    });
  }

  it('counts what it wrote', async () => {
    const report = await writeTar(planOf(everyKind()), sysroot, { output: files.path('out.tar') });
    const count = (type: Entry['type']) => everyKind().filter((entry) => entry.type === type).length;
    assert.deepEqual(report.entries, {
      directory: count('directory') + 1,
      file: count('file'),
      symlink: count('symlink'),
      hardlink: count('hardlink'),
      device: 0,
    });
    const bytes = everyKind().reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0);
    assert.equal(report.contentBytes, bytes);
    assert.equal(report.output, files.path('out.tar'));
    assert.deepEqual(report.warnings, []);
  });

  for (const locale of ['C', 'C.UTF-8']) {
    for (const [tool, need] of [
      ['tar', { tool: 'tar', package: 'tar' }],
      ['bsdtar', BSDTAR],
    ] as const) {
      it(`is unpacked by root's ${tool} in the locale ${locale} to the tree of the plan, without a word`, async function () {
        needs(this, need);
        needsRoot(this);
        const plan = everyKindOfRoot();
        await writeTar(plan, sysroot, { output: files.path('out.tar') });
        mkdirSync(files.path('tree'));
        const quiet = tool === 'tar' ? ['--warning=no-timestamp'] : [];
        run(
          tool,
          ['-x', '-p', '--numeric-owner', ...quiet, '-f', files.path('out.tar'), '-C', files.path('tree')],
          {
            LC_ALL: locale,
          },
        );
        assert.deepEqual(await treeDump(files.path('tree')), await treeDump(planEntries(plan, sysroot)));
        assert.equal(statSync(files.path('tree/bin')).mtimeMs, 0);
      });
    }
  }

  it("is read by python3's tarfile entry by entry", async function () {
    needs(this, PYTHON);
    const plan = everyKindOfRoot();
    await writeTar({ ...plan, epoch: 1_234_567_890 }, sysroot, { output: files.path('out.tar') });
    const expected = plan.entries.map((entry) => {
      const size = entry.type === 'file' ? entry.size : 0;
      const name = entry.path === '/' ? '.' : entry.path.slice(1);
      const numbers = [`0o${entry.mode.toString(8)}`, entry.uid, entry.gid, size, 1_234_567_890];
      return [typeFlag(entry), ...numbers, hex(name), hex(linkTarget(entry))].join(' ');
    });
    assert.deepEqual(
      pythonTarList(files.path('out.tar')).map((line) => line.trim()),
      expected.map((line) => line.trim()),
    );
  });

  it('ends with two zero blocks on a multiple of 10240 bytes', async () => {
    await writeTar(planOf([file('/f', 'x')]), sysroot, { output: files.path('out.tar') });
    const bytes = readFileSync(files.path('out.tar'));
    assert.equal(bytes.length, 10_240);
    assert.equal(bytes.toString('latin1', 1024, 1026), 'x\0');
    assert.equal(
      bytes.subarray(1536).every((byte) => byte === 0),
      true,
    );
  });

  it('packs files whose bytes lie on each side of every chunk of 512 KiB', async () => {
    const sizes = [1, 511, 512, 513, 524_287 - 1536, 524_288, 1_048_577, 0];
    const plan = planOf(sizes.map((size, index) => file(`/f${index}`, Buffer.alloc(size, `${index}.`))));
    await writeTar(plan, sysroot, { output: files.path('out.tar') });
    assert.deepEqual(await treeDump(files.path('out.tar')), await treeDump(planEntries(plan, sysroot)));
  });

  it('reads holes of sparse files as zeros', async () => {
    run('truncate', ['-s', '3M', files.path('sparse')]);
    await writeTar(planOf([fileFrom('/sparse', '/sparse', 3 << 20)]), hostFiles(files.path()), {
      output: files.path('out.tar'),
    });
    const bytes = readFileSync(files.path('out.tar'));
    assert.equal(
      bytes.subarray(1024).every((byte) => byte === 0),
      true,
    );
    assert.equal(bytes.length, Math.ceil((1024 + (3 << 20) + 1024) / 10_240) * 10_240);
  });

  it('keeps file capabilities through GNU tar', async function () {
    needs(this, { tool: 'getcap', package: 'libcap2-bin' });
    needsRoot(this);
    // cap_net_raw=ep: VFS_CAP_REVISION_2 with the effective bit, permitted 1 << 13.
    const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex').toString('base64');
    const plan = planOf([file('/ping', 'x', { mode: 0o755, xattrs: { 'security.capability': capability } })]);
    await writeTar(plan, sysroot, { output: files.path('out.tar') });
    mkdirSync(files.path('tree'));
    run('tar', [
      '-x',
      '--xattrs',
      '--xattrs-include=*',
      '-f',
      files.path('out.tar'),
      '-C',
      files.path('tree'),
    ]);
    assert.match(run('getcap', [files.path('tree/ping')]), /cap_net_raw=ep/);
  });

  it('tells how far it is, up to the last byte', async () => {
    const seen: [number, number][] = [];
    const size = 9 << 20;
    await writeTar(planOf([file('/f', Buffer.alloc(size))]), sysroot, {
      output: files.path('out.tar'),
      onProgress: (done, total) => seen.push([done, total]),
    });
    assert.deepEqual(seen.at(-1), [size, size]);
    assert.equal(seen.length >= 2 && seen.length <= 4, true, `${seen.length} calls`);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a[0] - b[0]),
    );
  });
});
