import {
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fsName } from '../../bytes.ts';
import { fileSink, type Sink } from '../sink.ts';
import type { BlobStore, Named } from './blob-store.ts';

/** Files in a directory, as the image layout has them on disk. Each is on the disk before it has its name. */
export class DirectoryStore implements BlobStore {
  readonly #top: string;
  #bytes = 0;

  /** @param top an empty directory */
  constructor(top: string) {
    this.#top = top;
    const blobs = join(top, 'blobs', 'sha256');
    mkdirSync(fsName(blobs), { recursive: true });
    // The stage was for us alone; what mkdir(2) makes of the umask is what the user wants.
    chmodSync(fsName(top), statSync(fsName(blobs)).mode & 0o777);
  }

  get bytes(): number {
    return this.#bytes;
  }

  async stream<Made extends Named>(write: (sink: Sink) => Promise<Made>): Promise<Made> {
    const part = join(this.#top, 'blobs', 'part');
    const fd = openSync(fsName(part), 'wx', 0o666);
    try {
      const made = await write(fileSink(fd));
      this.#bytes += fstatSync(fd).size;
      fsyncSync(fd);
      renameSync(fsName(part), fsName(join(this.#top, made.name)));
      return made;
    } finally {
      closeSync(fd);
    }
  }

  put(name: string, bytes: Uint8Array): void {
    const path = join(this.#top, name);
    mkdirSync(fsName(dirname(path)), { recursive: true });
    const fd = openSync(fsName(path), 'wx', 0o666);
    try {
      void fileSink(fd).write(bytes);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    this.#bytes += bytes.length;
  }
}
