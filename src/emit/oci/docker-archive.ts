import type { BlobStore } from './blob-store.ts';
import { type Digest, Digester, hexOf } from './digest.ts';
import type { WrittenLayer } from './write-layer.ts';

/** Where a docker-archive keeps a layer; Docker unpacks it, whatever compresses it. */
export function layerPath(diffId: Digest): string {
  return `${hexOf(diffId)}.tar`;
}

/** Writes all of a docker-archive but its layers: what `docker save` writes and `docker load` reads. */
export function writeDockerArchive(
  store: BlobStore,
  reference: string,
  config: Buffer,
  layers: readonly WrittenLayer[],
): void {
  const digester = new Digester();
  digester.update(config);
  const configPath = `${hexOf(digester.digest())}.json`;
  const manifest = [
    {
      Config: configPath,
      RepoTags: [reference],
      Layers: layers.map(({ name }) => name),
    },
  ];
  store.put(configPath, config);
  store.put('manifest.json', Buffer.from(JSON.stringify(manifest)));
}
