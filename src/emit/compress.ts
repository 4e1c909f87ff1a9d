import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { RootfsError } from '../errors.ts';
import type { ChunkShape } from './chunks.ts';
import type { Pace } from './pace.ts';
import type { Sink } from './sink.ts';
import { runZstd } from './zstd-tool.ts';

/** How an archive is compressed. */
export type Compression = 'none' | 'gzip' | 'zstd';

/** Turns an archive's chunks into what is written. */
export interface Encoder {
  /** The chunks it wants. */
  readonly shape: ChunkShape;
  /** Reads all chunks and writes all bytes, at the pace of both; looks at the signal between chunks. */
  run(chunks: Iterable<Uint8Array>, sink: Sink, pace: Pace): Promise<void>;
}

type Compress = (chunk: Uint8Array) => Promise<Uint8Array>;

const GZIP_MEMBER = 1 << 20;
const ZSTD_FRAME = 4 << 20;
/** Levels that each tool and library has; zstd's --ultra levels need gigabytes to unpack. */
const LEVELS = { gzip: { least: 0, most: 9, usual: 6 }, zstd: { least: 1, most: 19, usual: 3 } } as const;
const GZIP_OS_BYTE = 9;
const GZIP_OS_UNIX = 3;

/**
 * @param level 0 to 9 for gzip, usually 6; 1 to 19 for zstd, usually 3.
 * @throws RootfsError ERR_USAGE for a level that there is not.
 */
export function encoderOf(compression: Compression, level?: number): Encoder {
  if (compression === 'none') return store;
  const { least, most, usual } = LEVELS[compression];
  const chosen = level ?? usual;
  if (!Number.isInteger(chosen) || chosen < least || chosen > most)
    throw new RootfsError(
      'ERR_USAGE',
      `cannot compress with level ${chosen}: ${compression} has ${least} to ${most}`,
    );
  return compression === 'gzip' ? gzipEncoder(chosen) : zstdEncoder(chosen);
}

/** 512 KiB is the chunk at which reading and writing meet in the processor's cache: measured. */
const store: Encoder = {
  shape: { bytes: 512 << 10, buffers: 1 },
  async run(chunks, sink, pace) {
    for (const chunk of chunks) {
      await sink.write(chunk);
      if (pace.spend(chunk.length)) await pace.breathe();
    }
  },
};

/** Members of 1 MiB each, compressed side by side; RFC 1952 2.2 makes their sequence one gzip file. */
function gzipEncoder(level: number): Encoder {
  const gzip = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gzip);
  const options = { level, chunkSize: GZIP_MEMBER };
  return inPieces({ bytes: GZIP_MEMBER, buffers: 5 }, async (chunk) => {
    const member = await gzip(chunk, options);
    // zlib writes the system it was built for; the same bytes everywhere need one answer.
    member[GZIP_OS_BYTE] = GZIP_OS_UNIX;
    return member;
  });
}

/** zlib's zstd, as Node has it from 22.15; @types/node 20 do not know it. */
interface ZlibWithZstd {
  zstdCompress?(
    chunk: Uint8Array,
    options: object,
    done: (error: Error | null, result: Buffer) => void,
  ): void;
  readonly constants: Readonly<Record<string, number>>;
}

function zstdEncoder(level: number): Encoder {
  const { zstdCompress, constants } = zlib as unknown as ZlibWithZstd;
  if (zstdCompress === undefined) {
    return {
      shape: { bytes: 512 << 10, buffers: 2 },
      run: (chunks, sink, pace) => runZstd(level, chunks, sink, pace),
    };
  }
  const params = {
    [constants.ZSTD_c_compressionLevel ?? 100]: level,
    [constants.ZSTD_c_checksumFlag ?? 201]: 1,
  };
  const compress = promisify<Uint8Array, object, Buffer>(zstdCompress);
  return inPieces({ bytes: ZSTD_FRAME, buffers: 4 }, (chunk) =>
    compress(chunk, { params, chunkSize: ZSTD_FRAME }),
  );
}

/**
 * Compresses each chunk by itself, several at a time on libuv's threads, and writes the results in order.
 * What comes out depends on the cut alone, not on how many processors there are.
 */
function inPieces(shape: ChunkShape, compress: Compress): Encoder {
  return {
    shape,
    async run(chunks, sink, pace) {
      const queue: Promise<Uint8Array>[] = [];
      try {
        for (const chunk of chunks) {
          queue.push(compress(chunk));
          // One buffer is being filled while all others are in the queue.
          if (queue.length >= shape.buffers - 1) await sink.write(await shifted(queue));
          pace.check();
        }
        while (queue.length > 0) await sink.write(await shifted(queue));
      } finally {
        // The threads still read our buffers: nothing may end before them.
        await Promise.allSettled(queue);
      }
    },
  };
}

function shifted(queue: Promise<Uint8Array>[]): Promise<Uint8Array> {
  return queue.shift() as Promise<Uint8Array>;
}
