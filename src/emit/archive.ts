import { fstatSync, type Stats } from 'node:fs';
import { isatty } from 'node:tty';
import { RootfsError } from '../errors.ts';
import type { Encoder } from './compress.ts';
import type { EmitOptions } from './emitter.ts';
import { outputFailure } from './failure.ts';
import { Pace } from './pace.ts';
import { fileSink, pipeSink, type Sink } from './sink.ts';
import { stageFile } from './staging.ts';

const STDOUT_FD = 1;

/** What was written, and where. */
export interface ArchiveResult {
  /** Absolute path, or `-`. */
  readonly output: string;
  /** Bytes written. */
  readonly bytes: number;
  /** What could not be tidied up afterwards. */
  readonly warning: string | null;
}

/**
 * Writes an archive's chunks through an encoder to `options.output`: to a file that appears when it is
 * whole, or to standard output for `-`.
 * @throws RootfsError ERR_OUTPUT_EXISTS, ERR_OUTPUT, ERR_INTERRUPTED and whatever making the chunks throws
 */
export function writeArchive(
  options: EmitOptions,
  encoder: Encoder,
  chunks: Iterable<Uint8Array>,
): Promise<ArchiveResult> {
  return options.output === '-'
    ? writeToStdout(options, encoder, chunks)
    : writeToFile(options, encoder, chunks);
}

async function writeToFile(
  options: EmitOptions,
  encoder: Encoder,
  chunks: Iterable<Uint8Array>,
): Promise<ArchiveResult> {
  const pace = new Pace(options.signal, options.output);
  const stage = stageFile(options.output, options.force ?? false);
  try {
    await encoder.run(chunks, fileSink(stage.fd), pace);
    pace.check();
    const bytes = fstatSync(stage.fd).size;
    return { output: stage.output, bytes, warning: await stage.commit() };
  } catch (error) {
    await stage.discard();
    pace.check();
    throw outputFailure(stage.output, error);
  }
}

async function writeToStdout(
  options: EmitOptions,
  encoder: Encoder,
  chunks: Iterable<Uint8Array>,
): Promise<ArchiveResult> {
  const pace = new Pace(options.signal, 'standard output');
  if (isatty(STDOUT_FD))
    throw new RootfsError('ERR_USAGE', 'cannot write an archive to a terminal', {
      hint: 'redirect standard output to a file or a pipe',
    });
  try {
    const sink = counted(
      isPipe(fstatSync(STDOUT_FD)) ? pipeSink(STDOUT_FD, options.signal) : fileSink(STDOUT_FD),
    );
    await encoder.run(chunks, sink, pace);
    return { output: '-', bytes: sink.bytes, warning: null };
  } catch (error) {
    pace.check();
    throw outputFailure('standard output', error);
  }
}

function isPipe(stats: Stats): boolean {
  return stats.isFIFO() || stats.isSocket();
}

function counted(sink: Sink): Sink & { readonly bytes: number } {
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    write(chunk) {
      bytes += chunk.length;
      return sink.write(chunk);
    },
  };
}
