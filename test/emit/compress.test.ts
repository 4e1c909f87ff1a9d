import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Compression, type Encoder, encoderOf } from '../../src/emit/compress.ts';
import { Pace } from '../../src/emit/pace.ts';
import { isRootfsError, type RootfsError } from '../../src/errors.ts';
import { needs } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';

/** Cuts as an archive would, in buffers that are used again as soon as the shape allows. */
function* cut(bytes: Buffer, { shape }: Encoder): Generator<Buffer> {
  const buffers = Array.from({ length: shape.buffers }, () => Buffer.alloc(shape.bytes));
  for (let at = 0, turn = 0; at < bytes.length; at += shape.bytes, turn++) {
    const buffer = buffers[turn % shape.buffers] as Buffer;
    buffer.fill(0xee);
    yield buffer.subarray(0, bytes.copy(buffer, 0, at, at + shape.bytes));
  }
}

async function encode(encoder: Encoder, bytes: Buffer, delay = false): Promise<Buffer> {
  const written: Buffer[] = [];
  const sink = {
    write(chunk: Uint8Array) {
      written.push(Buffer.from(chunk));
      return delay ? new Promise<void>((resolve) => setImmediate(resolve)) : undefined;
    },
  };
  await encoder.run(cut(bytes, encoder), sink, new Pace(undefined, 'test'));
  return Buffer.concat(written);
}

describe('encoderOf', () => {
  const mixed = Buffer.concat([Buffer.alloc(5_000_000, 'text '), randomBytes(9_000_001)]);
  const decode: Record<Compression, (bytes: Buffer) => Buffer> = {
    none: (bytes) => bytes,
    gzip: (bytes) => gunzipSync(bytes),
    zstd: (bytes) => spawnSync('zstd', ['-dqc'], { input: bytes, maxBuffer: 64 << 20 }).stdout,
  };

  for (const compression of ['none', 'gzip', 'zstd'] as const) {
    it(`gives back through ${compression} what went in, and the same bytes each time`, async function () {
      if (compression === 'zstd') needs(this, { tool: 'zstd', package: 'zstd' });
      for (const bytes of [mixed, mixed.subarray(0, 1 << 20), mixed.subarray(0, 1)]) {
        const packed = await encode(encoderOf(compression), bytes);
        assert.equal(decode[compression](packed).equals(bytes), true);
        assert.equal((await encode(encoderOf(compression), bytes, true)).equals(packed), true);
      }
    });
  }

  it('writes gzip members without time, name or system of their maker', async () => {
    const packed = await encode(encoderOf('gzip'), Buffer.alloc(1_500_000));
    assert.equal(packed.toString('hex', 0, 10), '1f8b0800000000000003');
    const second = packed.indexOf(Buffer.from('1f8b0800000000000003', 'hex'), 10);
    assert.equal(second > 0, true, 'a second member');
  });

  it('obeys the level', async function () {
    const text = Buffer.from(Array.from({ length: 200_000 }, (_, i) => `${i * 7919}`).join(' '));
    const size = async (compression: Compression, level: number) =>
      (await encode(encoderOf(compression, level), text)).length;
    assert.equal((await size('gzip', 0)) > text.length, true);
    assert.equal((await size('gzip', 9)) < (await size('gzip', 1)), true);
    assert.equal((await encode(encoderOf('gzip'), text)).length, await size('gzip', 6));
    needs(this, { tool: 'zstd', package: 'zstd' });
    assert.equal((await size('zstd', 19)) < (await size('zstd', 1)), true);
    assert.equal((await encode(encoderOf('zstd'), text)).length, await size('zstd', 3));
  });

  for (const [compression, level] of [
    ['gzip', -1],
    ['gzip', 10],
    ['gzip', 1.5],
    ['zstd', 0],
    ['zstd', 20],
    ['zstd', Number.NaN],
  ] as const) {
    it(`refuses level ${level} of ${compression}`, () => {
      assert.throws(() => encoderOf(compression, level), { code: 'ERR_USAGE' });
    });
  }

  it('stays within 3 % of one gzip stream in size', async () => {
    const text = readFileSync(process.execPath).subarray(0, 8 << 20);
    const packed = await encode(encoderOf('gzip'), text);
    assert.equal(packed.length < gzipSync(text).length * 1.03, true);
  });
});

describe('a zstd encoder', () => {
  const path = process.env.PATH;
  const files = scratch();
  beforeEach(function () {
    if ('zstdCompress' in process.getBuiltinModule('node:zlib')) this.skip();
  });
  afterEach(() => {
    process.env.PATH = path;
  });

  it('names the package where the tool is missing', async () => {
    process.env.PATH = files.path();
    const error = await encode(encoderOf('zstd'), Buffer.alloc(1 << 22)).catch((caught: unknown) => caught);
    assert.equal(isRootfsError(error) && error.code, 'ERR_MACHINE');
    assert.equal((error as Error).message, 'cannot run zstd: it is not installed');
    assert.match((error as RootfsError).details.hint ?? '', /package zstd/);
  });

  for (const [how, script, message] of [
    ['fails', 'echo "zstd: out of luck" >&2; exit 3', /^cannot run zstd: zstd: out of luck$/],
    ['dies without a word', 'kill -9 $$', /^cannot run zstd: it ended with SIGKILL$/],
    ['ends without reading', 'exit 4', /^cannot run zstd: it ended with 4$/],
  ] as const) {
    it(`says what the tool said when it ${how}`, async () => {
      files.write('zstd', `#!/bin/sh\n${script}\n`, 0o755);
      process.env.PATH = `${files.path()}:${path}`;
      await assert.rejects(encode(encoderOf('zstd'), Buffer.alloc(1 << 22)), {
        code: 'ERR_MACHINE',
        message,
      });
    });
  }
});
