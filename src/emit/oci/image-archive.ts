import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArchiveResult, writeArchive } from '../archive.ts';
import { type Encoder, encoderOf } from '../compress.ts';
import type { EmitOptions } from '../emitter.ts';
import { outputFailure } from '../failure.ts';
import { Pace } from '../pace.ts';
import { stageFile } from '../staging.ts';
import { TarStore } from './tar-store.ts';

/** Fills an archive; what it throws is the failure of the whole. */
export type Fill = (store: TarStore, pace: Pace) => Promise<void>;

/**
 * Writes an image as one tar archive, to a file that appears when it is whole or, for `-`, to standard output.
 * @throws RootfsError ERR_OUTPUT_EXISTS, ERR_OUTPUT, ERR_INTERRUPTED, ERR_USAGE, and whatever `fill` throws
 */
export function writeImageArchive(options: EmitOptions, epoch: number, fill: Fill): Promise<ArchiveResult> {
  return options.output === '-' ? throughSpool(options, epoch, fill) : toFile(options, epoch, fill);
}

async function toFile(options: EmitOptions, epoch: number, fill: Fill): Promise<ArchiveResult> {
  const pace = new Pace(options.signal, options.output);
  const stage = stageFile(options.output, options.force ?? false);
  try {
    await filled(stage.fd, epoch, fill, pace);
    pace.check();
    const bytes = fstatSync(stage.fd).size;
    return { output: stage.output, bytes, warning: await stage.commit() };
  } catch (error) {
    await stage.discard();
    pace.check();
    throw outputFailure(stage.output, error);
  }
}

/** A digest stands before the bytes that it is of, and a pipe does not go back: so the archive is made in a file. */
async function throughSpool(options: EmitOptions, epoch: number, fill: Fill): Promise<ArchiveResult> {
  const fd = openSpool();
  try {
    await filled(fd, epoch, fill, new Pace(options.signal, 'standard output'));
    const encoder = encoderOf('none');
    return await writeArchive(options, encoder, chunksOf(fd, encoder));
  } catch (error) {
    throw outputFailure('standard output', error);
  } finally {
    closeSync(fd);
  }
}

async function filled(fd: number, epoch: number, fill: Fill, pace: Pace): Promise<void> {
  const store = new TarStore(fd, epoch);
  await fill(store, pace);
  store.finish();
}

/** A file without a name: it is gone with us. @throws RootfsError ERR_OUTPUT */
function openSpool(): number {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'mkrootfs-image-'));
    try {
      return openSync(join(folder, 'spool'), 'wx+', 0o600);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  } catch (cause) {
    throw outputFailure(tmpdir(), cause);
  }
}

function* chunksOf(fd: number, { shape }: Encoder): Generator<Buffer, void> {
  const buffer = Buffer.allocUnsafeSlow(shape.bytes);
  let position = 0;
  for (;;) {
    const count = readSync(fd, buffer, 0, buffer.length, position);
    if (count === 0) return;
    position += count;
    yield buffer.subarray(0, count);
  }
}
