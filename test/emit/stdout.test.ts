import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { emit } from '../../src/emit/index.ts';
import type { RootfsPlan } from '../../src/plan/entry.ts';
import { needs } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';
import { everyKind } from './helpers/every-kind.ts';
import { file, hostFiles, planOf } from './helpers/plan.ts';
import { run, WRITE_PLAN } from './helpers/tools.ts';

const ZSTD = { tool: 'zstd', package: 'zstd' };
const plan = planOf([...everyKind(), file('/zeros', Buffer.alloc(3 << 20))]);

/** More than any pipe holds, compressed or not. */
const noise = planOf([file('/noise', randomBytes(4 << 20))]);

/** Starts a process that writes the plan to its standard output. */
function start(format: string, stdout: number | 'pipe', of: RootfsPlan = plan): ChildProcess {
  const writer = spawn(process.execPath, [...WRITE_PLAN, format, '-'], { stdio: ['pipe', stdout, 'pipe'] });
  writer.stdin?.end(JSON.stringify(of));
  return writer;
}

/** Its exit code and what it says on standard error. */
async function end(writer: ChildProcess): Promise<{ status: number | null; said: Record<string, unknown> }> {
  let said = '';
  writer.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [status] = await once(writer, 'close');
  return { status, said: JSON.parse(said) };
}

async function digest(bytes: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

for (const format of ['tar', 'tar.gz', 'tar.zst']) {
  describe(`writing ${format} to standard output`, () => {
    const files = scratch();
    beforeEach(function () {
      if (format === 'tar.zst') needs(this, ZSTD);
    });

    it('gives a pipe and a file the bytes that an output file gets', async () => {
      const { outputBytes } = await emit(plan, hostFiles(), { output: files.path(`out.${format}`) });
      const expected = readFileSync(files.path(`out.${format}`));
      const writer = start(format, 'pipe');
      const [piped, ended] = await Promise.all([digest(writer.stdout as Readable), end(writer)]);
      assert.equal(piped, createHash('sha256').update(expected).digest('hex'));
      assert.equal(ended.said.output, '-');
      assert.equal(ended.said.outputBytes, outputBytes);

      const fd = openSync(files.path('redirected'), 'w');
      const redirected = await end(start(format, fd));
      closeSync(fd);
      assert.equal(redirected.status, 0);
      assert.equal(readFileSync(files.path('redirected')).equals(expected), true);
    });

    it('says so when the reader goes away', async () => {
      const writer = start(format, 'pipe', noise);
      const ended = end(writer);
      writer.stdout?.once('readable', () => writer.stdout?.destroy());
      assert.deepEqual(await ended, {
        status: 1,
        said: { code: 'ERR_OUTPUT', message: 'cannot write standard output: the reader closed the pipe' },
      });
    });

    it('says so when the device is full', async () => {
      const fd = openSync('/dev/full', 'w');
      const ended = await end(start(format, fd));
      closeSync(fd);
      assert.deepEqual(ended, {
        status: 1,
        said: { code: 'ERR_OUTPUT', message: 'cannot write standard output: no space left on device' },
      });
    });

    it('gives up on a reader that reads no more when it is told to stop', async () => {
      const writer = start(format, 'pipe', noise);
      const ended = end(writer);
      await once(writer.stdout as Readable, 'readable');
      writer.kill('SIGTERM');
      await once(writer, 'exit');
      writer.stdout?.destroy();
      assert.equal((await ended).said.code, 'ERR_INTERRUPTED');
    });
  });
}

describe('writing to a terminal', () => {
  const files = scratch();

  it('is refused', function () {
    needs(this, { tool: 'script', package: 'bsdutils' });
    files.write('plan.json', JSON.stringify(plan));
    const quoted = [process.execPath, ...WRITE_PLAN, 'tar', '-'].join(' ');
    const command = `${quoted} < ${files.path('plan.json')} 2> ${files.path('said')}; true`;
    run('script', ['-q', '-c', command, '/dev/null']);
    assert.equal(existsSync(files.path('said')), true);
    assert.deepEqual(JSON.parse(readFileSync(files.path('said'), 'utf8')), {
      code: 'ERR_USAGE',
      message: 'cannot write an archive to a terminal',
    });
  });
});
