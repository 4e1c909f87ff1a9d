import { RootfsError } from '../errors.ts';
import type { Format } from '../options.ts';
import type { RootfsPlan } from '../plan/entry.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import { writeCpio } from './cpio.ts';
import { writeDirectory } from './directory.ts';
import type { EmitOptions, EmitReport, Emitter } from './emitter.ts';
import { writeTar } from './tar.ts';

/** The emitter of each format. Images are loaded where they are wanted: every build would pay for them. */
const emitters: Readonly<Record<Format, Emitter>> = {
  dir: writeDirectory,
  tar: (plan, sysroot, options) => writeTar(plan, sysroot, { ...options, compression: 'none' }),
  'tar.gz': (plan, sysroot, options) => writeTar(plan, sysroot, { ...options, compression: 'gzip' }),
  'tar.zst': (plan, sysroot, options) => writeTar(plan, sysroot, { ...options, compression: 'zstd' }),
  cpio: (plan, sysroot, options) => writeCpio(plan, sysroot, { ...options, compression: 'none' }),
  'cpio.gz': (plan, sysroot, options) => writeCpio(plan, sysroot, { ...options, compression: 'gzip' }),
  oci: async (...given) => (await import('./oci.ts')).writeOci(...given),
  docker: async (...given) => (await import('./docker.ts')).writeDocker(...given),
  squashfs: async (...given) => (await import('./squashfs.ts')).writeSquashfs(...given),
  erofs: async (...given) => (await import('./erofs.ts')).writeErofs(...given),
};

/** The formats that say more than what their files are. */
const IMAGES: readonly Format[] = ['oci', 'docker'];

/** What an output's name ends with. */
const ENDINGS: readonly (readonly [ending: string, format: Format])[] = [
  ['.tar', 'tar'],
  ['.tar.gz', 'tar.gz'],
  ['.tgz', 'tar.gz'],
  ['.tar.zst', 'tar.zst'],
  ['.tzst', 'tar.zst'],
  ['.cpio', 'cpio'],
  ['.cpio.gz', 'cpio.gz'],
  ['.squashfs', 'squashfs'],
  ['.sqfs', 'squashfs'],
  ['.erofs', 'erofs'],
];

/** The format that an output's name asks for: by its ending, `tar` for `-`, else a directory. */
export function formatOf(output: string): Format {
  if (output === '-') return 'tar';
  const found = ENDINGS.find(([ending]) => output.endsWith(ending));
  return found === undefined ? 'dir' : found[1];
}

/** Options of {@link emit}. */
export interface FormatOptions extends EmitOptions {
  /** @default by the name of `output`, see {@link formatOf} */
  readonly format?: Format;
}

/** Writes the plan in the format that is asked for. @throws RootfsError as the format's emitter does */
export async function emit(plan: RootfsPlan, sysroot: Sysroot, options: FormatOptions): Promise<EmitReport> {
  const format = options.format ?? formatOf(options.output);
  // A caller without types may ask for anything.
  const emitter = Object.hasOwn(emitters, format) ? emitters[format] : null;
  if (emitter === null)
    throw new RootfsError(
      'ERR_USAGE',
      `cannot write ${options.output}: the format ${format} is not supported`,
      {
        hint: `choose one of ${Object.keys(emitters).join(', ')}`,
      },
    );
  const [foreign] = IMAGES.includes(format) ? [] : Object.keys(options.image ?? {});
  if (foreign !== undefined)
    throw new RootfsError(
      'ERR_USAGE',
      `cannot write ${options.output}: ${format} has no place for ${foreign}`,
      {
        hint: `--${foreign} is for the formats ${IMAGES.join(' and ')}`,
      },
    );
  return emitter(plan, sysroot, options);
}
