import type { RootfsPlan } from '../plan/entry.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import { writeArchive } from './archive.ts';
import { encoderOf } from './compress.ts';
import type { EmitOptions, EmitReport } from './emitter.ts';
import { packCpio } from './pack-cpio.ts';
import { Tally } from './tally.ts';

/** Options of {@link writeCpio}. */
export interface CpioOptions extends EmitOptions {
  /** @default 'none' */
  readonly compression?: 'none' | 'gzip';
}

/**
 * Writes the plan as an initramfs: a newc cpio archive with `/init`. The same plan gives the same bytes. Extended
 * attributes have no place in the format: a warning tells how many files lose some.
 * @throws RootfsError ERR_OUTPUT_EXISTS, ERR_OUTPUT, ERR_CHANGED, ERR_NOT_READABLE, ERR_INTERRUPTED
 */
export async function writeCpio(
  plan: RootfsPlan,
  sysroot: Sysroot,
  options: CpioOptions,
): Promise<EmitReport> {
  const compression = options.compression ?? 'none';
  const encoder = encoderOf(compression, options.level);
  const tally = new Tally(plan, options.onProgress);
  const chunks = packCpio(plan, sysroot, tally, encoder.shape);
  const { output, bytes, warning } = await writeArchive(options, encoder, chunks);
  if (warning !== null) tally.warn(warning);
  const marked = plan.entries.filter((entry) => Object.keys(entry.xattrs).length > 0).length;
  if (marked > 0)
    tally.warn(`extended attributes of ${marked} files are left out: cpio has no place for them`);
  return tally.report(output, compression === 'gzip' ? 'cpio.gz' : 'cpio', bytes);
}
