import { type ElfHeader, parseHeader, readHead } from '../elf/header.ts';
import type { ElfImage } from '../elf/image.ts';
import { readBody } from '../elf/read-elf.ts';
import { isRootfsError, type RootfsError } from '../errors.ts';
import type { PathFailure, RootPath, Sysroot } from '../sysroot/sysroot.ts';

/** One file as the loader sees it when it opens a path; read once, whoever asks. */
export interface FileRecord {
  /** The path opened: links are not followed in it, as $ORIGIN demands. */
  readonly path: RootPath;
  /** Why it cannot be opened; null where it can. */
  readonly failure: PathFailure | null;
  /** First bytes, kept only where no header could be read from them. */
  readonly head: Uint8Array | null;
  readonly header: ElfHeader | null;
  readonly image: ElfImage | null;
  /** What is wrong with a file that opens and is no usable ELF image. */
  readonly error: RootfsError | null;
  /** A number of its own, for tables. */
  readonly id: number;
}

/** Chars of a name that may have more bytes than NAME_MAX allows. */
const LONG_NAME = 85;

/** Files of one sysroot by the path they are opened under. */
export class Files {
  readonly sysroot: Sysroot;
  readonly #records = new Map<string, FileRecord>();
  readonly #directories = new Map<string, boolean>();

  constructor(sysroot: Sysroot) {
    this.sysroot = sysroot;
  }

  /**
   * The file at a path.
   * @param likely whether it is probably there: a path from the cache is opened at once, a candidate of a search
   *   is asked for first, since a failed open costs ten times as much
   */
  open(path: RootPath, likely: boolean): FileRecord {
    let record = this.#records.get(path);
    if (record === undefined) {
      record = likely || this.#mayOpen(path) ? this.#read(path) : this.#failed(path, 'ENOENT');
      this.#records.set(path, record);
    }
    return record;
  }

  /** False where an open would say ENOENT: a link that leads nowhere may loop, a name may be too long. */
  #mayOpen(path: RootPath): boolean {
    return (
      this.sysroot.exists(path) ||
      path.length - path.lastIndexOf('/') > LONG_NAME ||
      this.sysroot.lstat(path) !== null
    );
  }

  /** Whether a path leads to a directory. */
  isDirectory(path: string): boolean {
    let known = this.#directories.get(path);
    if (known === undefined) {
      known = this.sysroot.stat(path as RootPath)?.type === 'directory';
      this.#directories.set(path, known);
    }
    return known;
  }

  /** Whether two records are one inode; their fingerprints make the system call rare. */
  same(a: FileRecord, b: FileRecord): boolean {
    if (a.image === null || b.image === null || a.image.fingerprint !== b.image.fingerprint) return false;
    const left = this.sysroot.stat(a.path);
    const right = this.sysroot.stat(b.path);
    return left !== null && right !== null && left.dev === right.dev && left.ino === right.ino;
  }

  #read(path: RootPath): FileRecord {
    const source = this.sysroot.open(path);
    if (typeof source === 'string') return this.#failed(path, source);
    const id = this.#records.size;
    let head: Uint8Array | null = null;
    let header: ElfHeader | null = null;
    try {
      head = readHead(source);
      header = parseHeader(head, path);
      const image = readBody(source, head, header, path);
      return { path, failure: null, head: null, header, image, error: null, id };
    } catch (error) {
      if (!isRootfsError(error)) throw error;
      const kept = header === null && head !== null ? head.slice(0, 64) : null;
      return { path, failure: null, head: kept, header, image: null, error, id };
    } finally {
      source.close();
    }
  }

  #failed(path: RootPath, failure: PathFailure): FileRecord {
    return { path, failure, head: null, header: null, image: null, error: null, id: this.#records.size };
  }
}
