import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { interruptible } from '../../src/cli/interrupt.ts';
import { RootfsError } from '../../src/errors.ts';
import { BINARY, environment } from '../helpers/command-line.ts';
import { madeUpDirectory } from './made-up-sysroot.ts';

/** Long enough to be caught in the middle; never written to its end. */
const LARGE = 4 * 2 ** 30;

describe('a build that a signal stops', () => {
  let top: string;
  let target: string;

  beforeEach(() => {
    top = madeUpDirectory();
    target = join(top, 'target');
    mkdirSync(target);
    writeFileSync(join(top, 'sysroot/large'), '');
    truncateSync(join(top, 'sysroot/large'), LARGE);
  });
  afterEach(() => rmSync(top, { recursive: true, force: true }));

  const cases: readonly [signal: NodeJS.Signals, output: string, code: number][] = [
    ['SIGINT', 'out', 130],
    ['SIGTERM', 'out', 143],
    ['SIGHUP', 'out', 129],
    ['SIGINT', 'out.tar', 130],
    ['SIGTERM', 'out.tar.gz', 143],
  ];
  for (const [signal, output, code] of cases) {
    it(`leaves nothing of ${output} behind and exits with ${code} after ${signal}`, async () => {
      const child = build(join(target, output), []);
      await begun(child, target, 0);
      child.kill(signal);
      assert.deepEqual(await end(child), { code, stderr: '' });
      assert.deepEqual(readdirSync(target), []);
    });
  }

  it('leaves what stood there before as it was', async () => {
    mkdirSync(join(target, 'out'));
    writeFileSync(join(target, 'out/precious'), 'old');
    const child = build(join(target, 'out'), ['--force']);
    await begun(child, target, 1);
    child.kill('SIGINT');
    assert.deepEqual(await end(child), { code: 130, stderr: '' });
    assert.deepEqual(readdirSync(target), ['out']);
    assert.deepEqual(readdirSync(join(target, 'out')), ['precious']);
  });

  it('takes no archive on a pipe for finished', async () => {
    const child = build('-', ['-f', 'tar']);
    child.stdout?.once('data', () => child.kill('SIGINT'));
    child.stdout?.resume();
    assert.deepEqual(await end(child), { code: 130, stderr: '' });
  });

  function build(output: string, options: readonly string[]): ChildProcess {
    const what = [
      'build',
      '--sysroot',
      'sysroot',
      '/bin/app',
      '--include',
      '/large',
      '-o',
      output,
      ...options,
    ];
    return spawn(process.execPath, [BINARY, ...what], { cwd: top, env: environment() });
  }
});

describe('interruptible work', () => {
  const interrupted = new RootfsError('ERR_INTERRUPTED', 'cannot go on: it was interrupted');

  it("gives the work's own exit code where no signal comes", async () => {
    assert.equal(await interruptible(async () => 3), 3);
  });

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    it(`aborts at ${signal}, and gives ${code} once the work has cleaned up`, async () => {
      const exitCode = await interruptible(async (abort) => {
        process.kill(process.pid, signal);
        await once(abort, 'abort');
        throw interrupted;
      });
      assert.equal(exitCode, code);
    });
  }

  it('lets an error of the work through, signal or not', async () => {
    await assert.rejects(
      interruptible(async () => Promise.reject(interrupted)),
      interrupted,
    );
    const fault = new Error('a bug');
    const work = async (abort: AbortSignal): Promise<number> => {
      process.kill(process.pid, 'SIGINT');
      await once(abort, 'abort');
      throw fault;
    };
    await assert.rejects(interruptible(work), fault);
  });

  it('leaves no listener behind', async () => {
    const before = process.listenerCount('SIGINT');
    await interruptible(async () => 0);
    assert.equal(process.listenerCount('SIGINT'), before);
  });
});

/** Waits until the build has put its first entry beside those that stood there. */
async function begun(child: ChildProcess, directory: string, entries: number): Promise<void> {
  while (existsSync(directory) && readdirSync(directory).length <= entries) {
    if (child.exitCode !== null) throw new Error(`the build ended with ${child.exitCode} before it wrote`);
    await pause(1);
  }
}

async function end(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  const [stderr, code] = await Promise.all([
    child.stderr ? text(child.stderr) : '',
    new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status))),
  ]);
  return { code, stderr };
}
