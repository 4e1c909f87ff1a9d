/**
 * The tree that programs and libraries are read from. All paths are inside it: `/` is its root, and no link,
 * `..` or absolute target leads out (path_resolution(7), as seen after chroot(2)).
 */

/** An absolute path inside a sysroot. */
export type RootPath = string & { readonly __rootPath: unique symbol };

/** Why a path cannot be opened or followed: the errno name of open(2). */
export type PathFailure = 'ENOENT' | 'ENOTDIR' | 'EACCES' | 'ELOOP' | 'ENAMETOOLONG' | 'EIO';

/** The kinds of file that a plan can hold, and those that it refuses. */
export type FileType = 'file' | 'directory' | 'symlink' | 'character' | 'block' | 'fifo' | 'socket';

/** What lstat(2) says, as far as a rootfs can hold it. */
export interface FileStat {
  readonly type: FileType;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of a regular file; of a symbolic link, its target's length. */
  readonly size: number;
  /** Device and inode: the identity of a file, equal for hard links. */
  readonly dev: number;
  readonly ino: number;
  readonly nlink: number;
  /** Device numbers of a character or block device. */
  readonly rdev: number;
}

/** Positional reads of one open file. */
export interface ByteSource {
  /**
   * Up to `length` bytes at `offset`; fewer at the end of the file, none beyond it.
   * The result may be a view of a shared buffer: it is valid until the next `read` of any source.
   * @throws RootfsError ERR_NOT_READABLE when the medium fails.
   */
  read(offset: number, length: number): Uint8Array;
  /** Bytes of the whole file. */
  size(): number;
  close(): void;
}

/** A path with every symbolic link followed inside the sysroot. */
export interface RealPath {
  readonly path: RootPath;
  /** Each symbolic link met on the way, in order, as a path whose parent is free of links. */
  readonly hops: readonly RootPath[];
}

/** A tree to read from. Implementations are synchronous: resolution is sequential by nature. */
export interface Sysroot {
  /** The entry itself, links not followed in the last component; null where there is none. */
  lstat(path: RootPath): FileStat | null;
  /** The entry that the path leads to, links followed; null where there is none. */
  stat(path: RootPath): FileStat | null;
  /** Target of a symbolic link, as stored. */
  readlink(path: RootPath): string;
  /** Names in a directory, sorted by code unit; empty where it cannot be read. */
  readdir(path: RootPath): readonly string[];
  /**
   * Opens for reading, links followed; never blocks. A directory, fifo or socket has no bytes: it gives 'EIO'
   * here, or an error at the first read.
   */
  open(path: RootPath): ByteSource | PathFailure;
  /** Follows every link; a failure where the path leads nowhere. */
  realpath(path: RootPath): RealPath | PathFailure;
  /** Whether the path leads to something, links followed: what access(2) F_OK says. */
  exists(path: RootPath): boolean;
  /** Where the file lies on the host, links followed; null for a sysroot that is not on disk. */
  hostPath(path: RootPath): string | null;
}

/** Takes a string for a path inside a sysroot: absolute, `.`/`..`/doubled slashes kept as they are. */
export function rootPath(path: string): RootPath {
  return (path.startsWith('/') ? path : `/${path}`) as RootPath;
}
