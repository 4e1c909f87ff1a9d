import { dirname } from 'node:path/posix';
import { encodeName } from '../bytes.ts';
import { RootfsError } from '../errors.ts';
import { walk } from './links.ts';
import type { MemoryTree } from './memory-entries.ts';
import { type Inode, inodesOf } from './memory-tree.ts';
import type { ByteSource, FileStat, PathFailure, RealPath, RootPath, Sysroot } from './sysroot.ts';

/**
 * A tree that lives in memory: for tests, and for trees that never were on disk.
 *
 * Keys are paths as they stand in the tree (no link, `.` or `..` in them); parents that are not named are
 * directories of mode 0755. Inode numbers follow the order of the keys: the same tree gives the same numbers.
 * @throws RootfsError ERR_USAGE when the tree contradicts itself: an entry below a file, a hard link to nothing.
 */
export function memorySysroot(tree: MemoryTree): Sysroot {
  return new MemorySysroot(inodesOf(tree));
}

class MemorySysroot implements Sysroot {
  readonly #inodes: ReadonlyMap<string, Inode>;

  constructor(inodes: ReadonlyMap<string, Inode>) {
    this.#inodes = inodes;
  }

  lstat(path: RootPath): FileStat | null {
    return this.#statAt(walk(path, this.#probe, 'keep'));
  }

  stat(path: RootPath): FileStat | null {
    return this.#statAt(this.realpath(path));
  }

  readlink(path: RootPath): string {
    const entry = this.#find(walk(path, this.#probe, 'keep'))?.entry;
    if (entry?.type === 'symlink') return entry.target;
    throw new RootfsError('ERR_NOT_READABLE', `cannot read link ${path}: it is no symbolic link`, { path });
  }

  readdir(path: RootPath): readonly string[] {
    const inode = this.#find(this.realpath(path));
    return inode === null || inode.entry.denied ? [] : inode.names;
  }

  open(path: RootPath): ByteSource | PathFailure {
    const real = this.realpath(path);
    if (typeof real === 'string') return real;
    const entry = this.#inodes.get(real.path)?.entry;
    if (entry?.denied === true) return 'EACCES';
    return entry?.type === 'file' ? new MemorySource(real.path, entry.bytes, entry.failsAt) : 'EIO';
  }

  realpath(path: RootPath): RealPath | PathFailure {
    return walk(path, this.#probe);
  }

  exists(path: RootPath): boolean {
    return typeof this.realpath(path) !== 'string';
  }

  hostPath(): null {
    return null;
  }

  readonly #probe = {
    lstat: (path: RootPath): Inode['entry'] | PathFailure | null => {
      if (this.#inodes.get(dirname(path))?.entry.denied === true) return 'EACCES';
      return this.#inodes.get(path)?.entry ?? null;
    },
    readlink: (path: RootPath): string => {
      const entry = this.#inodes.get(path)?.entry;
      return entry?.type === 'symlink' ? entry.target : '';
    },
  };

  #find(real: RealPath | PathFailure): Inode | null {
    return typeof real === 'string' ? null : (this.#inodes.get(real.path) ?? null);
  }

  #statAt(real: RealPath | PathFailure): FileStat | null {
    const inode = this.#find(real);
    return inode === null ? null : statOf(inode);
  }
}

function statOf({ entry, ino, nlink }: Inode): FileStat {
  const { type, mode, uid, gid } = entry;
  const rdev = 'rdev' in entry ? entry.rdev : 0;
  return { type, mode, uid, gid, size: sizeOf(entry), dev: 1, ino, nlink, rdev };
}

function sizeOf(entry: Inode['entry']): number {
  if (entry.type === 'file') return entry.bytes.length;
  return entry.type === 'symlink' ? encodeName(entry.target).length : 0;
}

class MemorySource implements ByteSource {
  readonly #path: RootPath;
  readonly #bytes: Uint8Array;
  readonly #failsAt: number;

  constructor(path: RootPath, bytes: Uint8Array, failsAt: number) {
    this.#path = path;
    this.#bytes = bytes;
    this.#failsAt = failsAt;
  }

  read(offset: number, length: number): Uint8Array {
    if (offset + length > this.#failsAt) {
      throw new RootfsError('ERR_NOT_READABLE', `cannot read ${this.#path}: EIO`, {
        path: this.#path,
        offset,
      });
    }
    return this.#bytes.subarray(offset, offset + length);
  }

  size(): number {
    return this.#bytes.length;
  }

  close(): void {}
}
