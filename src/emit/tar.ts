import type { RootfsPlan } from '../plan/entry.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import { writeArchive } from './archive.ts';
import { type Compression, encoderOf } from './compress.ts';
import type { EmitOptions, EmitReport } from './emitter.ts';
import { packTar } from './pack-tar.ts';
import { Tally } from './tally.ts';

/** Options of {@link writeTar}. */
export interface TarOptions extends EmitOptions {
  /** @default 'none' */
  readonly compression?: Compression;
}

const FORMATS = { none: 'tar', gzip: 'tar.gz', zstd: 'tar.zst' } as const;

/**
 * Writes the plan as a tar archive (POSIX ustar, with pax headers where an entry needs them). The same plan
 * gives the same bytes; compressed, the same bytes for one version of the compressor.
 * @throws RootfsError ERR_OUTPUT_EXISTS, ERR_OUTPUT, ERR_CHANGED, ERR_NOT_READABLE, ERR_MACHINE,
 * ERR_INTERRUPTED, ERR_MALFORMED_INPUT, ERR_USAGE
 */
export async function writeTar(plan: RootfsPlan, sysroot: Sysroot, options: TarOptions): Promise<EmitReport> {
  const compression = options.compression ?? 'none';
  const encoder = encoderOf(compression, options.level);
  const tally = new Tally(plan, options.onProgress);
  const chunks = packTar(plan, sysroot, tally, encoder.shape);
  const { output, bytes, warning } = await writeArchive(options, encoder, chunks);
  if (warning !== null) tally.warn(warning);
  return tally.report(output, FORMATS[compression], bytes);
}
