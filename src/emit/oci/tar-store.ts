import { writeSync } from 'node:fs';
import type { Sink } from '../sink.ts';
import { BLOCK, encodeHeader, type TypeFlag } from '../tar-header.ts';
import type { BlobStore, Named } from './blob-store.ts';

const EMPTY: Uint8Array = new Uint8Array(0);

/**
 * Files in a tar archive that lies in a file: a header whose name and size are not known yet is left open, and
 * written when its content is. So no blob is ever stored twice.
 */
export class TarStore implements BlobStore {
  readonly #fd: number;
  readonly #epoch: number;
  #position = 0;

  /**
   * @param fd an empty file
   * @param epoch time stamp of every entry
   */
  constructor(fd: number, epoch: number) {
    this.#fd = fd;
    this.#epoch = epoch;
  }

  get bytes(): number {
    return this.#position;
  }

  /** Adds a directory. */
  directory(name: string): void {
    this.#append(this.#header(`${name}/`, '5', 0));
  }

  async stream<Made extends Named>(write: (sink: Sink) => Promise<Made>): Promise<Made> {
    const start = this.#position;
    this.#position += BLOCK;
    const made = await write({ write: (chunk) => this.#append(chunk) });
    const size = this.#position - start - BLOCK;
    this.#pad(BLOCK);
    writeAll(this.#fd, this.#header(made.name, '0', size), start);
    return made;
  }

  put(name: string, bytes: Uint8Array): void {
    this.#append(this.#header(name, '0', bytes.length));
    this.#append(bytes);
    this.#pad(BLOCK);
  }

  /** Writes what ends an archive. */
  finish(): void {
    this.#append(Buffer.alloc(2 * BLOCK));
    this.#pad(20 * BLOCK);
  }

  #append(bytes: Uint8Array): void {
    writeAll(this.#fd, bytes, this.#position);
    this.#position += bytes.length;
  }

  #pad(unit: number): void {
    this.#append(Buffer.alloc((unit - (this.#position % unit)) % unit));
  }

  #header(name: string, typeflag: TypeFlag, size: number): Buffer {
    return encodeHeader({
      name: Buffer.from(name),
      typeflag,
      mode: typeflag === '5' ? 0o755 : 0o644,
      uid: 0,
      gid: 0,
      size,
      mtime: this.#epoch,
      linkname: EMPTY,
      major: 0,
      minor: 0,
    });
  }
}

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, position + at);
}
