import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import type { EmitOptions } from '../../src/emit/emitter.ts';
import { emit } from '../../src/emit/index.ts';
import type { RootfsPlan } from '../../src/plan/entry.ts';
import type { Sysroot } from '../../src/sysroot/sysroot.ts';
import { type Need, needs, needsRoot } from '../helpers/capabilities.ts';
import { type Scratch, scratch } from '../helpers/scratch.ts';
import { file, fileFrom, hostFiles, planOf } from './helpers/plan.ts';
import { run } from './helpers/tools.ts';

const FORMATS = [
  ...(['dir', 'tar', 'tar.gz', 'tar.zst', 'cpio', 'cpio.gz', 'oci', 'docker', 'squashfs', 'erofs'] as const),
];
/** What some formats are made by. */
const TOOLS: Partial<Record<Format, Need>> = {
  'tar.zst': { tool: 'zstd', package: 'zstd' },
  squashfs: { tool: 'mksquashfs', package: 'squashfs-tools' },
  erofs: { tool: 'mkfs.erofs', package: 'erofs-utils' },
};
const MIB = 1 << 20;

type Format = (typeof FORMATS)[number];

/** One file `/f` of the sysroot, planned with so many bytes. */
const planned = (size: number): RootfsPlan => planOf([fileFrom('/f', '/f', size)]);

/** A sysroot that is not on disk, in which every file reads as `bytes`, or fails as named. */
function elsewhere(bytes: string, failure?: 'EACCES'): Sysroot {
  return {
    ...hostFiles(),
    hostPath: () => null,
    open: () =>
      failure ?? {
        read: (offset, length) => Buffer.from(bytes).subarray(offset, offset + length),
        size: () => bytes.length,
        close: () => {},
      },
  };
}

type Where = Partial<EmitOptions> & { readonly sysroot?: Sysroot };

/** Writes where something stands already, and expects a failure that leaves it, and only it. */
async function fails(
  files: Scratch,
  format: Format,
  plan: RootfsPlan,
  expected: object,
  { sysroot = hostFiles(files.path()), output = files.path('out'), ...options }: Where = {},
): Promise<void> {
  mkdirSync(output, { recursive: true });
  appendFileSync(`${output}/mine`, 'kept');
  const before = readdirSync(`${output}/..`).sort();
  await assert.rejects(emit(plan, sysroot, { format, output, force: true, ...options }), expected);
  assert.deepEqual(readdirSync(`${output}/..`).sort(), before);
  assert.equal(readFileSync(`${output}/mine`, 'utf8'), 'kept');
  run('rm', ['-rf', output]);
}

for (const format of FORMATS) {
  describe(`writing ${format} leaves what stood there, and nothing else, when it fails`, () => {
    const files = scratch();
    beforeEach(function () {
      const tool = TOOLS[format];
      if (tool !== undefined) needs(this, tool);
    });

    it('for a signal that is there already', async () => {
      const expected = { code: 'ERR_INTERRUPTED' };
      await fails(files, format, planOf([]), expected, { signal: AbortSignal.abort() });
    });

    it('for a signal in the middle of a file', async () => {
      files.write('f', Buffer.alloc(40 * MIB));
      const stop = new AbortController();
      let stopped = 0;
      const onProgress = (done: number): void => {
        stop.abort();
        stopped = done;
      };
      const expected = { code: 'ERR_INTERRUPTED', message: /^cannot write .*out: interrupted$/ };
      await fails(files, format, planned(40 * MIB), expected, { signal: stop.signal, onProgress });
      assert.equal(stopped > 0 && stopped < 40 * MIB, true, `stopped at ${stopped}`);
    });

    it('for a file that has gone', async () => {
      const message = /^cannot read \/f: it has gone since it was planned$/;
      await fails(files, format, planned(1), { code: 'ERR_CHANGED', message });
    });

    for (const size of [0, 3, 5]) {
      it(`for a file of 4 bytes that was planned with ${size}`, async () => {
        files.write('f', 'four');
        await fails(files, format, planned(size), {
          code: 'ERR_CHANGED',
          message: /^cannot read \/f: it changed/,
        });
        await fails(files, format, planned(size), { code: 'ERR_CHANGED' }, { sysroot: elsewhere('four') });
      });
    }

    for (const [how, change] of [
      ['shrinks', (path: string) => truncateSync(path, 5 * MIB)],
      ['grows', (path: string) => appendFileSync(path, 'more')],
    ] as const) {
      it(`for a file that ${how} while it is read`, async () => {
        files.write('f', Buffer.alloc(12 * MIB));
        const onProgress = (): void => change(files.path('f'));
        await fails(files, format, planned(12 * MIB), { code: 'ERR_CHANGED' }, { onProgress });
      });
    }

    for (const [what, replace] of [
      ['a fifo', (path: string) => run('mkfifo', [path])],
      ['a link', (path: string) => run('ln', ['-s', '/etc/hostname', path])],
      [
        'a link to an endless device',
        (path: string) => run('ln', ['-s', '/dev/zero', path]),
        'ERR_NOT_READABLE',
      ],
      ['a directory', (path: string) => run('mkdir', [path])],
    ] as const) {
      it(`for ${what} in the place of a file, which is neither followed nor waited for`, async () => {
        replace(files.path('f'));
        const message = /^cannot read \/f: it has become another kind of file since it was planned$/;
        await fails(files, format, planned(4), { code: 'ERR_CHANGED', message });
      });
    }

    it('for a file that cannot be read', async () => {
      const expected = { code: 'ERR_NOT_READABLE', message: 'cannot read /f: permission denied' };
      await fails(files, format, planned(4), expected, { sysroot: elsewhere('', 'EACCES') });
    });

    it('for a full disk', async function () {
      needsRoot(this);
      mkdirSync(files.path('small'));
      run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', files.path('small')]);
      try {
        const plan = planOf([file('/noise', randomBytes(4 * MIB)), file('/never', 'x')]);
        const expected = { code: 'ERR_OUTPUT', message: /no space left on device$/i };
        await fails(files, format, plan, expected, { output: files.path('small/out') });
      } finally {
        run('umount', [files.path('small')]);
      }
    });
  });
}

describe('writing a directory in memory', () => {
  const files = scratch();
  const output = `/dev/shm/mkrootfs-test-${process.pid}/out`;
  const inMemory = existsSync('/dev/shm');
  before(function () {
    if (!inMemory) this.skip();
  });
  afterEach(() => {
    run('rm', ['-rf', `${output}/..`]);
  });

  for (const size of [MIB - 1, MIB + 1]) {
    it(`fails for a large file of another length than ${size}`, async () => {
      files.write('f', Buffer.alloc(MIB));
      await fails(files, 'dir', planned(size), { code: 'ERR_CHANGED' }, { output });
    });
  }

  it('fails for a signal between two large files', async () => {
    files.write('f', Buffer.alloc(5 * MIB));
    const names = Array.from({ length: 20 }, (_, index) => fileFrom(`/f${index}`, '/f', 5 * MIB));
    const stop = new AbortController();
    const options = { output, signal: stop.signal, onProgress: () => stop.abort() };
    await fails(files, 'dir', planOf(names), { code: 'ERR_INTERRUPTED' }, options);
  });

  it('fails for a full disk', async function () {
    needsRoot(this);
    const small = files.path('small');
    mkdirSync(small);
    run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', small]);
    try {
      files.write('f', randomBytes(MIB));
      const names = Array.from({ length: 9 }, (_, index) => fileFrom(`/f${index}`, '/f', MIB));
      const expected = { code: 'ERR_OUTPUT', message: /no space left on device$/ };
      await fails(files, 'dir', planOf(names), expected, { output: `${small}/out` });
    } finally {
      run('umount', [small]);
    }
  });
});
