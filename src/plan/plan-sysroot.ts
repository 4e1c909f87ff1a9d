import { RootfsError } from '../errors.ts';
import { walk } from '../sysroot/links.ts';
import type {
  ByteSource,
  FileStat,
  FileType,
  PathFailure,
  RealPath,
  RootPath,
  Sysroot,
} from '../sysroot/sysroot.ts';
import { type Entry, type FileEntry, fileType, type RootfsPlan } from './entry.ts';

/**
 * The rootfs that a plan describes, as a tree to read from: what the programs inside will see, before a byte of it
 * is written. File contents come from where the plan takes them.
 * @param base the sysroot that the plan was made from
 */
export function planSysroot({ entries }: Pick<RootfsPlan, 'entries'>, base: Sysroot): Sysroot {
  return new PlanTree(entries, base);
}

class PlanTree implements Sysroot {
  readonly #base: Sysroot;
  readonly #entries: ReadonlyMap<RootPath, Entry>;
  readonly #inodes = new Map<RootPath, number>();
  #names: Map<RootPath, string[]> | null = null;

  constructor(entries: readonly Entry[], base: Sysroot) {
    this.#base = base;
    this.#entries = new Map(entries.map((entry) => [entry.path, entry]));
    for (const [i, entry] of entries.entries()) this.#inodes.set(entry.path, i + 1);
  }

  lstat(path: RootPath): FileStat | null {
    return this.#statAt(walk(path, this.#probe, 'keep'));
  }

  stat(path: RootPath): FileStat | null {
    return this.#statAt(this.realpath(path));
  }

  readlink(path: RootPath): string {
    const real = walk(path, this.#probe, 'keep');
    const entry = typeof real === 'string' ? undefined : this.#entries.get(real.path);
    if (entry?.type === 'symlink') return entry.target;
    throw new RootfsError('ERR_NOT_READABLE', `cannot read link ${path}: it is no symbolic link`, { path });
  }

  readdir(path: RootPath): readonly string[] {
    const real = this.realpath(path);
    this.#names ??= this.#listNames();
    return typeof real === 'string' ? [] : (this.#names.get(real.path) ?? []);
  }

  open(path: RootPath): ByteSource | PathFailure {
    const real = this.realpath(path);
    if (typeof real === 'string') return real;
    const file = this.#fileAt(real.path);
    if (file === null) return 'EIO';
    const { content } = file;
    return content.from === 'sysroot'
      ? this.#base.open(content.path)
      : new Inline(Buffer.from(content.base64, 'base64'));
  }

  realpath(path: RootPath): RealPath | PathFailure {
    return walk(path, this.#probe);
  }

  exists(path: RootPath): boolean {
    return typeof this.realpath(path) !== 'string';
  }

  hostPath(path: RootPath): string | null {
    const real = this.realpath(path);
    const file = typeof real === 'string' ? null : this.#fileAt(real.path);
    return file?.content.from === 'sysroot' ? this.#base.hostPath(file.content.path) : null;
  }

  readonly #probe = {
    lstat: (path: RootPath): { type: FileType } | null => {
      const entry = this.#entries.get(path);
      return entry === undefined ? null : { type: fileType(entry) };
    },
    readlink: (path: RootPath): string => {
      const entry = this.#entries.get(path);
      return entry?.type === 'symlink' ? entry.target : '';
    },
  };

  /** The file entry at a path, a further name's too. */
  #fileAt(path: RootPath): FileEntry | null {
    const entry = this.#entries.get(path);
    if (entry?.type === 'hardlink') return this.#fileAt(entry.target);
    return entry?.type === 'file' ? entry : null;
  }

  #statAt(real: RealPath | PathFailure): FileStat | null {
    const entry = typeof real === 'string' ? undefined : this.#entries.get(real.path);
    if (entry === undefined) return null;
    const inode = entry.type === 'hardlink' ? entry.target : entry.path;
    const { mode, uid, gid } = entry;
    return {
      type: fileType(entry),
      mode,
      uid,
      gid,
      size: this.#fileAt(entry.path)?.size ?? 0,
      dev: 0,
      ino: this.#inodes.get(inode) ?? 0,
      nlink: 1,
      rdev: 0,
    };
  }

  #listNames(): Map<RootPath, string[]> {
    const names = new Map<RootPath, string[]>();
    for (const path of this.#entries.keys()) {
      if (path === '/') continue;
      const slash = path.lastIndexOf('/');
      const parent = (slash === 0 ? '/' : path.slice(0, slash)) as RootPath;
      const siblings = names.get(parent) ?? [];
      siblings.push(path.slice(slash + 1));
      names.set(parent, siblings);
    }
    for (const siblings of names.values()) siblings.sort();
    return names;
  }
}

class Inline implements ByteSource {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset, offset + length);
  }

  size(): number {
    return this.#bytes.length;
  }

  close(): void {}
}
