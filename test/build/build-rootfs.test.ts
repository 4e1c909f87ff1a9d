import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { buildRootfs } from '../../src/index.ts';
import { buildElf, file, link, memorySysroot, program, treeDump } from '../../src/testing.ts';
import { scratch } from '../helpers/scratch.ts';

const INTERPRETER = '/lib64/ld-linux-x86-64.so.2';
const SYSROOT = memorySysroot({
  '/bin': link('usr/bin'),
  '/lib64': link('usr/lib64'),
  '/usr/lib64/ld-linux-x86-64.so.2': program(buildElf({ soname: 'ld-linux-x86-64.so.2' })),
  '/usr/lib64/liba.so.1': link('liba.so.1.2'),
  '/usr/lib64/liba.so.1.2': file(buildElf({ soname: 'liba.so.1' })),
  '/usr/bin/app': program(buildElf({ interpreter: INTERPRETER, needed: ['liba.so.1'] })),
  '/usr/bin/broken': program(buildElf({ interpreter: INTERPRETER, needed: ['libno.so'] })),
  '/usr/share/data/a': file('a'),
  '/usr/share/data/b': file('b'),
});

const TREE: Readonly<Record<string, RegExp>> = {
  '/bin': /^symlink usr\/bin$/,
  '/lib64': /^symlink usr\/lib64$/,
  '/tmp': /^dir 1777/,
  '/usr/bin/app': /^file 0755/,
  '/usr/lib64/liba.so.1': /^symlink liba\.so\.1\.2$/,
  '/usr/lib64/liba.so.1.2': /^file 0644/,
};

describe('buildRootfs', () => {
  const { path } = scratch();
  const options = { sysroot: SYSROOT, discover: 'none' } as const;

  it('writes the program, its libraries and the links between, at the paths they have', async () => {
    const report = await buildRootfs('/bin/app', { ...options, output: path('rootfs') });
    const dump = await treeDump(path('rootfs'));
    for (const [name, expected] of Object.entries(TREE)) assert.match(dump[name] ?? 'absent', expected, name);
    assert.equal(dump['/usr/bin/broken'], undefined);
    assert.equal(report.output, path('rootfs'));
    assert.equal(report.emitted?.entries.file, 3);
  });

  it('gives the same tree as directory and as archive, and the same bytes twice', async () => {
    const dumps: unknown[] = [];
    for (const name of ['rootfs', 'a.tar', 'b.tar', 'c.tar.gz']) {
      await buildRootfs(['/bin/app'], { ...options, output: path(name) });
      dumps.push(await treeDump(path(name)));
    }
    for (const dump of dumps.slice(1)) assert.deepEqual(dump, dumps[0]);
  });

  it('makes a fresh directory in the temporary folder where no output is named', async () => {
    const { output } = await buildRootfs('/bin/app', options);
    try {
      assert.equal(dirname(output ?? ''), tmpdir());
      assert.ok(statSync(`${output}/usr/bin/app`).isFile());
    } finally {
      rmSync(output ?? '', { recursive: true });
    }
  });

  it('writes nothing in a dry run, and tells the whole plan', async () => {
    const report = await buildRootfs('/bin/app', { ...options, output: path('rootfs'), dryRun: true });
    assert.equal(report.output, null);
    assert.equal(report.emitted, null);
    assert.ok(report.plan.entries.some((entry) => entry.path === '/usr/bin/app'));
    assert.equal(existsSync(path('rootfs')), false);
  });

  it('refuses an incomplete closure with what was tried, and leaves nothing behind', async () => {
    await assert.rejects(
      buildRootfs('/bin/broken', { ...options, output: path('rootfs') }),
      (error: Error) => {
        assert.match(
          error.message,
          /^cannot build \/bin\/broken: libno\.so not found, needed by \/bin\/broken$/,
        );
        const { code, details } = error as Error & {
          code: string;
          details: { tried: string[]; hint: string };
        };
        assert.equal(code, 'ERR_INCOMPLETE');
        assert.ok(details.tried.some((line) => line.includes('/lib64/libno.so')));
        assert.match(details.hint, /--allow-missing/);
        return true;
      },
    );
    assert.deepEqual(readdirSync(path()), []);
  });

  it('goes on without a library that may be missing', async () => {
    const report = await buildRootfs('/bin/broken', {
      ...options,
      output: path('rootfs'),
      allowMissing: ['libno.so'],
    });
    assert.equal(report.emitted?.entries.file, 2);
  });

  it('adds included directories and leaves excluded files out', async () => {
    const include = ['/usr/share/data'];
    await buildRootfs('/bin/app', { ...options, output: path('rootfs'), include, exclude: ['**/b'] });
    assert.deepEqual(readdirSync(path('rootfs/usr/share/data')), ['a']);
  });

  it('leaves what stands at the output alone, unless it is told to replace it', async () => {
    mkdirSync(path('rootfs'));
    writeFileSync(path('rootfs/mine'), 'mine');
    const output = path('rootfs');
    await assert.rejects(buildRootfs('/bin/app', { ...options, output }), { code: 'ERR_OUTPUT_EXISTS' });
    assert.deepEqual(readdirSync(output), ['mine']);
    await buildRootfs('/bin/app', { ...options, output, force: true });
    assert.equal(existsSync(path('rootfs/mine')), false);
    assert.deepEqual(readdirSync(path()), ['rootfs']);
  });

  it('stamps every entry with the epoch that it is given', async () => {
    await buildRootfs('/bin/app', { ...options, output: path('rootfs'), epoch: 1_000_000_000 });
    assert.equal(statSync(path('rootfs/usr/bin/app')).mtimeMs, 1_000_000_000_000);
    assert.equal(statSync(path('rootfs/usr')).mtimeMs, 1_000_000_000_000);
  });

  it('stops at an abort signal and leaves nothing behind', async () => {
    const signal = AbortSignal.abort();
    const build = buildRootfs('/bin/app', { ...options, output: path('rootfs'), signal });
    await assert.rejects(build, { code: 'ERR_INTERRUPTED' });
    assert.deepEqual(readdirSync(path()), []);
  });

  it('keeps every variant of a library beside the plain file, and names its level', async () => {
    const variant = file(buildElf({ soname: 'liba.so.1', rpath: '/variant' }));
    const sysroot = memorySysroot({
      '/lib64/ld-linux-x86-64.so.2': program(buildElf({ soname: 'ld-linux-x86-64.so.2' })),
      '/lib64/liba.so.1': file(buildElf({ soname: 'liba.so.1' })),
      '/lib64/glibc-hwcaps/x86-64-v3/liba.so.1': variant,
      '/bin/app': program(buildElf({ interpreter: INTERPRETER, needed: ['liba.so.1'] })),
    });
    const libraries = async (hwcaps: 'baseline' | 'all'): Promise<readonly string[]> => {
      const { plan } = await buildRootfs('/bin/app', { sysroot, hwcaps, discover: 'none', dryRun: true });
      return plan.entries.map((entry) => entry.path).filter((name) => name.endsWith('liba.so.1'));
    };
    const plain = '/lib64/liba.so.1';
    assert.deepEqual(await libraries('baseline'), [plain]);
    assert.deepEqual(await libraries('all'), ['/lib64/glibc-hwcaps/x86-64-v3/liba.so.1', plain]);
  });

  for (const hwcaps of ['baseline', 'host', 'all'] as const) {
    it(`builds the plain files with hwcaps ${hwcaps} where there are no variants`, async () => {
      const { plan } = await buildRootfs('/bin/app', { ...options, hwcaps, dryRun: true });
      assert.equal(plan.closure.nodes.length, 3);
    });
  }
});
