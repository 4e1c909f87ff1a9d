import { fstatSync } from 'node:fs';
import { fsName } from '../bytes.ts';
import { RootfsError } from '../errors.ts';
import type { RootfsPlan } from '../plan/entry.ts';
import type { ArchiveResult } from './archive.ts';
import type { EmitOptions } from './emitter.ts';
import { outputFailure } from './failure.ts';
import { Pace } from './pace.ts';
import { stageFile } from './staging.ts';

/** Where a tool makes an image. */
export interface ImageStage {
  /** An empty file. */
  readonly path: string;
  readonly pace: Pace;
}

/** What tools say of a full disk. */
const DISK_FULL = /no space left on device|disk quota exceeded|file too large/i;
/** The last second that 32 bits hold, in the year 2106. */
const LAST_SECOND = 0xffff_ffff;

/** Why a tool that makes file systems could not write; null where it complains of something else. */
export function diskFailure(_code: number | null, said: string): string | null {
  return DISK_FULL.exec(said)?.[0].toLowerCase() ?? null;
}

/**
 * Has a file system image made by a tool, in a file that appears when it is whole.
 * @throws RootfsError ERR_USAGE, ERR_OUTPUT_EXISTS, ERR_OUTPUT, ERR_INTERRUPTED, and whatever `make` throws
 */
export async function writeDiskImage<Made>(
  plan: RootfsPlan,
  options: EmitOptions,
  format: string,
  make: (stage: ImageStage) => Promise<Made>,
): Promise<ArchiveResult & { readonly made: Made }> {
  if (options.output === '-')
    throw new RootfsError('ERR_USAGE', `cannot write ${format} to standard output: it is not made in order`, {
      hint: 'name a file with -o',
    });
  if (plan.epoch > LAST_SECOND)
    throw new RootfsError(
      'ERR_USAGE',
      `cannot write ${format}: the time stamp ${plan.epoch} lies beyond 2106`,
    );
  const pace = new Pace(options.signal, options.output);
  const stage = stageFile(options.output, options.force ?? false);
  try {
    const made = await make({ path: nameForTools(stage.path), pace });
    pace.check();
    const bytes = fstatSync(stage.fd).size;
    return { output: stage.output, bytes, warning: await stage.commit(), made };
  } catch (error) {
    await stage.discard();
    pace.check();
    throw outputFailure(stage.output, error);
  }
}

/** Arguments of a command are text to Node: a name that is not would be another one. */
function nameForTools(path: string): string {
  if (typeof fsName(path) === 'string') return path;
  throw new RootfsError('ERR_OUTPUT', `cannot write ${path}: the name is not UTF-8`, {
    path,
    hint: 'choose another name, and rename it afterwards',
  });
}
