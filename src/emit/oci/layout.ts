import type { RootfsPlan } from '../../plan/entry.ts';
import { platformOf } from '../../plan/platform.ts';
import type { BlobStore } from './blob-store.ts';
import { type Digest, Digester, hexOf } from './digest.ts';
import type { ImageName } from './image-name.ts';
import type { WrittenLayer } from './write-layer.ts';

/** Media types of the OCI image specification. */
const MEDIA_TYPE = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
} as const;

/** What a layout's index says of its one image. */
export interface LayoutImage {
  readonly plan: RootfsPlan;
  readonly name: ImageName;
  readonly compression: 'gzip' | 'zstd';
  readonly config: Buffer;
  readonly layers: readonly WrittenLayer[];
}

/** Where a layout keeps a blob. */
export function blobPath(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`;
}

/** Writes all of an image layout but its layers (OCI image specification, image-layout.md). */
export function writeLayout(
  store: BlobStore,
  { plan, name, compression, config, layers }: LayoutImage,
): void {
  const manifest = json({
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    config: putBlob(store, MEDIA_TYPE.config, config),
    layers: layers.map(({ digest, size }) => ({ mediaType: MEDIA_TYPE[compression], digest, size })),
  });
  const index = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.index,
    manifests: [
      {
        ...putBlob(store, MEDIA_TYPE.manifest, manifest),
        annotations: annotations(name),
        platform: platformOf(plan),
      },
    ],
  };
  store.put('index.json', json(index));
  store.put('oci-layout', json({ imageLayoutVersion: '1.0.0' }));
}

/** The second is how containerd and Docker learn the whole name. */
function annotations({ repository, tag }: ImageName): Record<string, string> {
  return {
    'org.opencontainers.image.ref.name': tag,
    ...(repository !== null && { 'io.containerd.image.name': `${repository}:${tag}` }),
  };
}

function putBlob(
  store: BlobStore,
  mediaType: string,
  bytes: Buffer,
): { mediaType: string; digest: Digest; size: number } {
  const digest = digestOf(bytes);
  store.put(blobPath(digest), bytes);
  return { mediaType, digest, size: bytes.length };
}

function digestOf(bytes: Buffer): Digest {
  const digester = new Digester();
  digester.update(bytes);
  return digester.digest();
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
