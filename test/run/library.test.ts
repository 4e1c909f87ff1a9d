import assert from 'node:assert/strict';
import { spawn as spawnProcess, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { explainFailure } from '../../src/cli/program-facts.ts';
import { unshare } from '../../src/run/backends/unshare.ts';
import { follow } from '../../src/run/follow.ts';
import { findMachine } from '../../src/run/machine.ts';
import { run, spawn } from '../../src/run/spawn.ts';
import { runSpec } from '../../src/run/spec.ts';
import { scratch } from '../helpers/scratch.ts';
import { bench } from './rootfs.ts';

describe('run and spawn', () => {
  const own = bench();
  const quiet = { stdio: 'ignore' } as const;

  it('resolve to how the program ended', async () => {
    const { root } = own();
    assert.deepEqual(await run(root, ['probe', 'exit', '7'], quiet), {
      exitCode: 7,
      signal: null,
      timedOut: false,
      failure: null,
    });
    const killed = await run(root, ['probe', 'die', '15'], quiet);
    assert.deepEqual([killed.exitCode, killed.signal], [143, 'SIGTERM']);
    const missing = await run(root, ['nosuch'], quiet);
    assert.deepEqual(missing.failure, { path: 'nosuch', code: 'ENOENT' });
    const late = await run(root, ['probe', 'sleep'], { ...quiet, timeout: 0.1 });
    assert.deepEqual([late.exitCode, late.timedOut], [137, true]);
  });

  it('join the streams of the program to the caller', async () => {
    const { stdin, stdout, stderr, result } = spawn(own().root, ['probe', 'read', '-'], {
      stdio: 'pipe',
    });
    assert.ok(stdin && stdout && stderr);
    stdin.end('through and through');
    assert.equal(await text(stdout), 'through and through');
    assert.equal((await result).exitCode, 0);
  });

  it('send signals, of which SIGKILL ends everything', async () => {
    const first = spawn(own().root, ['probe', 'wait', '10'], { stdio: 'pipe' });
    await once(first.stdout, 'ready');
    first.kill('SIGUSR1');
    assert.equal((await first.result).exitCode, 50);
    const second = spawn(own().root, ['probe', 'wait-twice', '15'], { stdio: 'pipe' });
    await once(second.stdout, 'ready');
    second.kill('SIGKILL');
    assert.deepEqual(await second.result, {
      exitCode: 137,
      signal: 'SIGKILL',
      timedOut: false,
      failure: null,
    });
    // Too late is no failure.
    second.kill('SIGTERM');
  });

  it('stop at an AbortSignal, before and after the start', async () => {
    const controller = new AbortController();
    const running = spawn(own().root, ['probe', 'sleep'], { stdio: 'pipe', signal: controller.signal });
    await once(running.stdout, 'ready');
    controller.abort();
    await assert.rejects(running.result, { code: 'ERR_INTERRUPTED' });
    await assert.rejects(run(own().root, ['probe'], { signal: controller.signal }), {
      code: 'ERR_INTERRUPTED',
    });
  });

  it('fail where there is no rootfs', async () => {
    await assert.rejects(run(join(own().folder, 'nosuch'), ['x']), { code: 'ERR_NOT_FOUND' });
    await assert.rejects(run(join(own().folder, 'probe'), ['x']), { code: 'ERR_NOT_FOUND' });
    await assert.rejects(run('/', ['x']), { code: 'ERR_USAGE' });
  });

  it('take a rootfs whose path needs care in mount options and shells', async () => {
    const odd = join(own().folder, "a,b:c\\d 'e' =f\nö");
    mkdirSync(join(odd, 'bin'), { recursive: true });
    copyFileSync(join(own().folder, 'probe'), join(odd, 'bin/probe'));
    symlinkSync(odd, join(own().folder, 'link'));
    for (const path of [odd, join(own().folder, 'link')]) {
      assert.equal((await run(path, ['probe', 'exit', '3'], quiet)).exitCode, 3);
    }
  });

  it('make nothing outside of a rootfs whose mount points are links to elsewhere', async () => {
    const outside = join(own().folder, 'outside');
    const hostile = join(own().folder, 'hostile');
    mkdirSync(join(hostile, 'bin'), { recursive: true });
    mkdirSync(outside);
    copyFileSync(join(own().folder, 'probe'), join(hostile, 'bin/probe'));
    symlinkSync(outside, join(hostile, 'dev'));
    symlinkSync('/proc/1/cwd/../..', join(hostile, 'tmp'));
    symlinkSync('/proc/self/fd/4', join(hostile, 'data'));
    const bind = [`${join(own().folder, 'probe')}:/data${outside}/made`];
    await run(hostile, ['probe', 'exit', '0'], { ...quiet, bind }).catch(() => {});
    assert.equal(spawnSync('find', [outside, '-mindepth', '1'], { encoding: 'utf8' }).stdout, '');
  });
});

describe('a launch without PID 1', () => {
  const own = bench();
  const prepared = (argv: readonly string[]) => {
    const caller = { cwd: '/', term: null, tmpHasFiles: false };
    const spec = runSpec(own().root, argv, { writable: true, env: { A: 'b' } }, caller);
    return { spec, launch: unshare.launch(spec, { ...findMachine(), init: null }) };
  };

  it('runs the program too, with the same environment, /proc and codes', () => {
    const start = (...argv: readonly string[]) => {
      const { file, args, env } = prepared(argv).launch;
      return spawnSync(file, args, { env, encoding: 'utf8' });
    };
    assert.equal(start('probe', 'exit', '7').status, 7);
    assert.equal(start('nosuch').status, 127);
    assert.equal(start('/bin/locked').status, 126);
    const environment = start('probe', 'environment').stdout.split('\n');
    assert.ok(environment.includes('container=mkrootfs') && environment.includes('A=b'));
    const pids = start('probe', 'list', '/proc').stdout.match(/^\d+$/gm);
    assert.deepEqual(pids, ['1']);
  });

  it('passes signals on past unshare, which takes none, and SIGKILL ends it', async () => {
    const start = (word: string) => {
      const { spec, launch } = prepared(['probe', word, '15']);
      const child = spawnProcess(launch.file, launch.args, { env: launch.env, stdio: 'pipe' });
      return { stdout: child.stdout, ...follow(child, launch, spec, undefined) };
    };
    const first = start('wait');
    await once(first.stdout, 'ready');
    first.kill('SIGTERM');
    assert.equal((await first.result).exitCode, 55);
    const second = start('wait-twice');
    await once(second.stdout, 'ready');
    second.kill('SIGKILL');
    assert.deepEqual(await second.result, {
      exitCode: 137,
      signal: 'SIGKILL',
      failure: null,
      timedOut: false,
    });
    second.kill('SIGTERM');
  });
});

describe('explainFailure', () => {
  const files = scratch();
  const explain = (path: string, code: string) => explainFailure({ path, code }, files.path(), '/').message;

  it('names the first file of the chain that is not there', () => {
    files.write('bin/script', '#!/bin/other\n', 0o755);
    files.write('bin/other', '#!/bin/none -x\n', 0o755);
    assert.match(
      explain('/bin/script', 'ENOENT'),
      /the interpreter that \/bin\/other asks for, \/bin\/none, is not in/,
    );
    assert.match(explain('bin/nosuch', 'ENOENT'), /there is no such file in/);
    assert.match(explain('/bin', 'EACCES'), /it is a directory$/);
  });

  it('takes a text, a damaged ELF file and a circle of scripts for what they are', () => {
    files.write('text', 'hello\n', 0o755);
    files.write('damaged', '\x7fELF', 0o755);
    files.write('circle', '#!/circle\n', 0o755);
    assert.match(explain('/text', 'ENOEXEC'), /it is no program/);
    assert.match(explain('/damaged', 'ENOEXEC'), /it is no program/);
    assert.match(explain('/circle', 'ELOOP'), /ELOOP$/);
  });

  it('names the machine of a program of another one', () => {
    const arm = join(import.meta.dirname, '../../src/run/init/prebuilt/aarch64/mkrootfs-init');
    mkdirSync(files.path('bin'));
    copyFileSync(arm, files.path('bin/init'));
    assert.match(explain('/bin/init', 'ENOEXEC'), /a program for aarch64/);
  });
});

/** Waits until a stream has said a text. */
async function once(stream: Readable | null, wanted: string): Promise<void> {
  assert.ok(stream);
  let heard = '';
  for await (const part of stream.iterator({ destroyOnReturn: false })) {
    heard += String(part);
    if (heard.includes(wanted)) return;
  }
}
