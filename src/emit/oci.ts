import type { RootfsPlan } from '../plan/entry.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import type { ArchiveResult } from './archive.ts';
import type { EmitOptions, EmitReport } from './emitter.ts';
import { outputFailure } from './failure.ts';
import type { BlobStore } from './oci/blob-store.ts';
import { DirectoryStore } from './oci/directory-store.ts';
import { Image } from './oci/image.ts';
import { writeImageArchive } from './oci/image-archive.ts';
import { blobPath, writeLayout } from './oci/layout.ts';
import { Pace } from './pace.ts';
import { stageDirectory } from './staging.ts';

/**
 * Writes the plan as an OCI image layout: a tar archive where `output` ends with `.tar` or is `-`, else a
 * directory. The same plan and options give the same bytes, for one version of the compressor.
 * @throws RootfsError ERR_OUTPUT_EXISTS, ERR_OUTPUT, ERR_CHANGED, ERR_NOT_READABLE, ERR_MACHINE,
 * ERR_INTERRUPTED, ERR_MALFORMED_INPUT, ERR_USAGE
 */
export async function writeOci(
  plan: RootfsPlan,
  sysroot: Sysroot,
  options: EmitOptions,
): Promise<EmitReport> {
  const image = new Image(plan, sysroot, options);
  const fill = (store: BlobStore, pace: Pace): Promise<void> => fillLayout(image, store, pace);
  const isArchive = options.output === '-' || options.output.endsWith('.tar');
  const written = isArchive
    ? await writeImageArchive(options, plan.epoch, (store, pace) => {
        store.directory('blobs');
        store.directory('blobs/sha256');
        return fill(store, pace);
      })
    : await writeToDirectory(options, fill);
  return image.report('oci', written);
}

async function fillLayout(image: Image, store: BlobStore, pace: Pace): Promise<void> {
  const layers = await image.writeLayers(store, pace, blobPath);
  const { plan, name, compression } = image;
  writeLayout(store, { plan, name, compression, layers, config: image.config(layers) });
}

async function writeToDirectory(
  options: EmitOptions,
  fill: (store: BlobStore, pace: Pace) => Promise<void>,
): Promise<ArchiveResult> {
  const pace = new Pace(options.signal, options.output);
  const stage = stageDirectory(options.output, options.force ?? false);
  try {
    const store = new DirectoryStore(stage.path);
    await fill(store, pace);
    pace.check();
    return { output: stage.output, bytes: store.bytes, warning: await stage.commit() };
  } catch (error) {
    await stage.discard();
    pace.check();
    throw outputFailure(stage.output, error);
  }
}
