import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  type Stats,
  statfsSync,
  writeSync,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { fsName } from '../bytes.ts';
import type { FileEntry } from '../plan/entry.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import { Content, openHost, sizeChanged } from './content.ts';
import type { Pace } from './pace.ts';
import type { Tally } from './tally.ts';

/** f_type of file systems in memory (statfs(2)). */
const TMPFS = 0x01021994;
const RAMFS = 0x858458f6;
/** Bytes read and written at a time. */
const BUFFER_BYTES = 512 << 10;
/** Copies by libuv's threads at a time, and the smallest file that is worth the hop to a thread. */
const IN_FLIGHT = 4;
const LARGE = 128 << 10;
const OWN_DESCRIPTORS = '/proc/self/fd';
const { COPYFILE_EXCL, COPYFILE_FICLONE_FORCE } = constants;

/**
 * Copies contents into fresh files of a directory, the fastest way that its file system has:
 * shared extents where source and directory can share them; copy_file_range(2) in two threads in memory;
 * else read(2) and write(2), since libuv's copy truncates the new file first, whereupon ext4 writes it out
 * when it is closed, within our time.
 */
export class Copier {
  readonly #sysroot: Sysroot;
  readonly #pace: Pace;
  readonly #tally: Tally;
  readonly #threaded: boolean;
  readonly #buffer: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  /** Whether files of a source device can be cloned here, by st_dev, once tried. */
  readonly #clonable = new Map<number, boolean>();
  readonly #inFlight = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | null = null;

  constructor(directory: string, sysroot: Sysroot, pace: Pace, tally: Tally) {
    this.#sysroot = sysroot;
    this.#pace = pace;
    this.#tally = tally;
    const { type } = statfsSync(fsName(directory));
    this.#threaded = (type === TMPFS || type === RAMFS) && existsSync(OWN_DESCRIPTORS);
  }

  /**
   * Copies the content of `entry` to `target`, a name that is free, and then calls `done`. Returns when
   * another copy can be taken on.
   * @throws RootfsError ERR_CHANGED, ERR_NOT_READABLE; system errors of writing as they are
   */
  async copy(entry: FileEntry, target: string, done: () => void): Promise<void> {
    const host = entry.content.from === 'sysroot' ? this.#sysroot.hostPath(entry.content.path) : null;
    if (host === null || !(await this.#copyByKernel(entry, host, target, done))) {
      await this.#copyByHand(entry, target);
      done();
    }
  }

  /** Waits for the copies under way. @throws as `copy` does */
  async finish(): Promise<void> {
    await this.abandon();
    this.#throwFailure();
  }

  /** Waits for the copies under way, whatever becomes of them. */
  async abandon(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  async #copyByKernel(entry: FileEntry, host: string, target: string, done: () => void): Promise<boolean> {
    const fd = openHost(entry, host);
    let keepOpen = false;
    try {
      const source = fstatSync(fd);
      if (!source.isFile()) return false;
      if (source.size !== entry.size) throw sizeChanged(entry, `${source.size} bytes`);
      // Through the descriptor, so that it is this very file that is copied.
      const open = `${OWN_DESCRIPTORS}/${fd}`;
      if (this.#clone(open, source, target)) {
        this.#copied(entry, target, done);
        return true;
      }
      if (!this.#threaded || entry.size < LARGE) return false;
      keepOpen = true;
      await this.#copyInThread(entry, open, target, done, () => closeSync(fd));
      return true;
    } finally {
      if (!keepOpen) closeSync(fd);
    }
  }

  /** Shares the extents of the source; asks each device once whether it can. */
  #clone(open: string, source: Stats, target: string): boolean {
    if (this.#clonable.get(source.dev) === false) return false;
    try {
      copyFileSync(open, fsName(target), COPYFILE_FICLONE_FORCE | COPYFILE_EXCL);
      this.#clonable.set(source.dev, true);
      return true;
    } catch {
      this.#clonable.set(source.dev, false);
      return false;
    }
  }

  async #copyInThread(
    entry: FileEntry,
    open: string,
    target: string,
    done: () => void,
    close: () => void,
  ): Promise<void> {
    const copying: Promise<void> = copyFile(open, fsName(target), COPYFILE_EXCL)
      .finally(close)
      .then(() => this.#copied(entry, target, done))
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#inFlight.delete(copying));
    this.#inFlight.add(copying);
    if (this.#inFlight.size >= IN_FLIGHT) await Promise.race(this.#inFlight);
    this.#throwFailure();
    this.#pace.check();
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  #copied(entry: FileEntry, target: string, done: () => void): void {
    const { size } = lstatSync(fsName(target));
    if (size !== entry.size) throw sizeChanged(entry, `${size} bytes`);
    this.#tally.content(size);
    done();
  }

  async #copyByHand(entry: FileEntry, target: string): Promise<void> {
    const content = new Content(entry, this.#sysroot);
    try {
      const fd = openSync(fsName(target), 'wx', 0o600);
      try {
        while (content.remaining > 0) {
          const count = content.read(this.#buffer, 0, BUFFER_BYTES);
          for (let at = 0; at < count; ) at += writeSync(fd, this.#buffer, at, count - at);
          this.#tally.content(count);
          if (this.#pace.spend(count)) await this.#pace.breathe();
        }
        content.finish();
      } finally {
        closeSync(fd);
      }
    } finally {
      content.close();
    }
  }
}
