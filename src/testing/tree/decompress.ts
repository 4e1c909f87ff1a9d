import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { RootfsError } from '../../errors.ts';

const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];

/**
 * The bytes of a file, unpacked where it begins like gzip or zstd.
 * @throws RootfsError ERR_MACHINE where zstd is asked for and the `zstd` tool is missing, ERR_MALFORMED_INPUT
 * where it finds the file broken.
 */
export async function* decompress(file: string): AsyncGenerator<Uint8Array> {
  const magic = await firstBytes(file, 4);
  const begins = (bytes: readonly number[]): boolean => bytes.every((byte, i) => magic[i] === byte);
  if (begins(ZSTD)) yield* zstd(file);
  else if (begins(GZIP)) yield* createReadStream(file).pipe(createGunzip());
  else yield* createReadStream(file);
}

async function firstBytes(file: string, count: number): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** node:zlib has no zstd before Node 22.15, the tool is everywhere. */
async function* zstd(file: string): AsyncGenerator<Uint8Array> {
  const child = spawn('zstd', ['--decompress', '--stdout', '--quiet', '--', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close').catch((cause: unknown) => {
    throw new RootfsError('ERR_MACHINE', `cannot read ${file}: zstd cannot be started`, {
      hint: 'install the package zstd',
      path: file,
      cause,
    });
  });
  ended.catch(() => {}); // Awaited below; the stream may end first.
  yield* child.stdout;
  const [status] = await ended;
  if (status !== 0) {
    throw new RootfsError('ERR_MALFORMED_INPUT', `cannot read ${file}: zstd ended with status ${status}`, {
      path: file,
    });
  }
}
