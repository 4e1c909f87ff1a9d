import type { RootfsPlan } from '../plan/entry.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import type { EmitOptions, EmitReport } from './emitter.ts';
import { layerPath, writeDockerArchive } from './oci/docker-archive.ts';
import { Image } from './oci/image.ts';
import { writeImageArchive } from './oci/image-archive.ts';
import { repositoryOf } from './oci/image-name.ts';

/**
 * Writes the plan as a docker-archive: the tar archive that `docker load` and `podman load` read. Its layers are
 * compressed. The same plan and options give the same bytes, for one version of the compressor.
 * @throws RootfsError ERR_OUTPUT_EXISTS, ERR_OUTPUT, ERR_CHANGED, ERR_NOT_READABLE, ERR_MACHINE,
 * ERR_INTERRUPTED, ERR_MALFORMED_INPUT, ERR_USAGE
 */
export async function writeDocker(
  plan: RootfsPlan,
  sysroot: Sysroot,
  options: EmitOptions,
): Promise<EmitReport> {
  const image = new Image(plan, sysroot, options);
  // Without a name, containerd imports nothing at all, and says nothing of it.
  const repository = image.name.repository ?? repositoryOf(plan.command[0]);
  const written = await writeImageArchive(options, plan.epoch, async (store, pace) => {
    const layers = await image.writeLayers(store, pace, (_, diffId) => layerPath(diffId));
    writeDockerArchive(store, `${repository}:${image.name.tag}`, image.config(layers), layers);
  });
  return image.report('docker', written);
}
