import type { ImageOptions } from '../../options.ts';
import type { RootfsPlan } from '../../plan/entry.ts';
import type { Sysroot } from '../../sysroot/sysroot.ts';
import type { ArchiveResult } from '../archive.ts';
import { type Encoder, encoderOf } from '../compress.ts';
import type { EmitOptions, EmitReport } from '../emitter.ts';
import type { Pace } from '../pace.ts';
import { Tally } from '../tally.ts';
import type { BlobStore } from './blob-store.ts';
import { checkImage, imageConfig } from './config.ts';
import type { Digest } from './digest.ts';
import { type ImageName, parseImageName } from './image-name.ts';
import { cutLayers } from './layers.ts';
import { type WrittenLayer, writeLayer } from './write-layer.ts';

/** One image on its way to whatever holds it: what an OCI layout and a docker-archive have in common. */
export class Image {
  readonly plan: RootfsPlan;
  readonly name: ImageName;
  readonly compression: 'gzip' | 'zstd';
  readonly #sysroot: Sysroot;
  readonly #options: ImageOptions;
  readonly #encoder: Encoder;
  readonly #tally: Tally;

  /** @throws RootfsError ERR_USAGE for options that no image can have */
  constructor(plan: RootfsPlan, sysroot: Sysroot, { image = {}, level, onProgress }: EmitOptions) {
    this.plan = plan;
    this.name = parseImageName(image.tag ?? 'latest');
    this.compression = image.compression ?? 'gzip';
    this.#sysroot = sysroot;
    this.#options = image;
    this.#encoder = encoderOf(this.compression, level);
    this.#tally = new Tally(plan, onProgress);
    checkImage(plan, image);
  }

  /** Writes all layers, the lowest first. @param nameOf the file of each */
  async writeLayers(
    store: BlobStore,
    pace: Pace,
    nameOf: (digest: Digest, diffId: Digest) => string,
  ): Promise<readonly WrittenLayer[]> {
    const { plan } = this;
    const work = { plan, sysroot: this.#sysroot, encoder: this.#encoder, tally: this.#tally, pace };
    const written: WrittenLayer[] = [];
    for (const layer of cutLayers(plan, this.#options.layers ?? 'auto'))
      written.push(await writeLayer(layer, store, work, nameOf));
    for (const { type } of plan.entries) this.#tally.entry(type);
    return written;
  }

  config(layers: readonly WrittenLayer[]): Buffer {
    return imageConfig(this.plan, this.#options, layers);
  }

  report(format: string, { output, bytes, warning }: ArchiveResult): EmitReport {
    if (warning !== null) this.#tally.warn(warning);
    return this.#tally.report(output, format, bytes);
  }
}
