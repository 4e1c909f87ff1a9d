import type { RootfsPlan } from '../../plan/entry.ts';
import type { Sysroot } from '../../sysroot/sysroot.ts';
import type { Encoder } from '../compress.ts';
import type { Pace } from '../pace.ts';
import { packTar } from '../pack-tar.ts';
import type { Tally } from '../tally.ts';
import type { BlobStore, Named } from './blob-store.ts';
import { type Digest, Digester, observed, observedSink } from './digest.ts';
import type { Layer } from './layers.ts';

/** A layer that was written. */
export interface WrittenLayer extends Named {
  readonly title: string;
  /** Digest of the compressed bytes, which are the blob. */
  readonly digest: Digest;
  readonly size: number;
  /** Digest of the tar archive: the layer's identity, whatever compresses it. */
  readonly diffId: Digest;
}

/** What the layers of one image are written with. */
export interface LayerWork {
  readonly plan: RootfsPlan;
  readonly sysroot: Sysroot;
  readonly encoder: Encoder;
  readonly pace: Pace;
  readonly tally: Tally;
}

/**
 * Writes one layer as a compressed tar archive, both digests made of the bytes as they pass.
 * @param nameOf the name of its file
 * @throws RootfsError ERR_CHANGED, ERR_NOT_READABLE, ERR_MACHINE, ERR_INTERRUPTED, ERR_MALFORMED_INPUT
 */
export function writeLayer(
  { title, entries }: Layer,
  store: BlobStore,
  { plan, sysroot, encoder, pace, tally }: LayerWork,
  nameOf: (digest: Digest, diffId: Digest) => string,
): Promise<WrittenLayer> {
  // A directory lies in several layers, and is counted once, by whoever writes the image.
  const counter = { content: (bytes: number) => tally.content(bytes), entry: () => {} };
  const [plain, compressed] = [new Digester(), new Digester()];
  return store.stream(async (sink) => {
    const chunks = packTar({ ...plan, entries }, sysroot, counter, encoder.shape);
    await encoder.run(observed(chunks, plain), observedSink(sink, compressed), pace);
    const [digest, diffId] = [compressed.digest(), plain.digest()];
    return { name: nameOf(digest, diffId), title, digest, diffId, size: compressed.size };
  });
}
