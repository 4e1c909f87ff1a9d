import {
  constants,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { decodeName, fsName } from '../bytes.ts';
import { RootfsError } from '../errors.ts';
import { EntryTypes, failureOf, typeOf } from './entry-types.ts';
import { HostFile } from './host-file.ts';
import { type LinkProbe, walk } from './links.ts';
import type { ByteSource, FileStat, PathFailure, RealPath, RootPath, Sysroot } from './sysroot.ts';

/** Never block on a fifo, never become a terminal's owner; links are followed by us where they must stay inside. */
const OPEN = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * A tree of this machine: `/` itself, or any directory taken for `/`.
 *
 * Below a directory other than `/` every link is followed here, so that an absolute target starts at that
 * directory and nothing leads out; for `/` the kernel follows them. Link targets and kinds are asked for once and
 * kept: a sysroot is a view of a tree that does not change while it is in use.
 * @throws RootfsError ERR_NOT_FOUND or ERR_NOT_READABLE: `directory` does not exist or is none.
 */
export function hostSysroot(directory = '/', onOpen: () => void = () => {}): Sysroot {
  if (directory === '/') return new HostSysroot('', onOpen);
  const stat = statSync(fsName(directory), { throwIfNoEntry: false });
  if (stat === undefined) {
    throw new RootfsError('ERR_NOT_FOUND', `cannot open sysroot ${directory}: no such directory`, {
      path: directory,
    });
  }
  if (!stat.isDirectory()) {
    throw new RootfsError('ERR_NOT_READABLE', `cannot open sysroot ${directory}: not a directory`, {
      path: directory,
    });
  }
  const real = decodeName(realpathSync.native(fsName(directory), { encoding: 'buffer' }));
  return new HostSysroot(real === '/' ? '' : real, onOpen);
}

class HostSysroot implements Sysroot {
  /** Host path of the sysroot's root without a slash at the end: '' for the host's own. */
  readonly #base: string;
  readonly #types = new EntryTypes();
  readonly #targets = new Map<string, string>();
  readonly #realPaths = new Map<string, RealPath | PathFailure>();
  readonly #probe: LinkProbe;
  readonly #onOpen: () => void;

  constructor(base: string, onOpen: () => void) {
    this.#base = base;
    this.#onOpen = onOpen;
    this.#probe = {
      lstat: (path) => this.#types.at(this.#base + path),
      readlink: (path) => this.#target(this.#base + path),
    };
  }

  lstat(path: RootPath): FileStat | null {
    return this.#statAt(walk(path, this.#probe, 'keep'));
  }

  stat(path: RootPath): FileStat | null {
    if (this.#base === '') return statOf(statSync, path);
    return this.#statAt(this.realpath(path));
  }

  readlink(path: RootPath): string {
    const at = walk(path, this.#probe, 'keep');
    if (typeof at === 'string' || this.#types.at(this.#base + at.path) === null) {
      throw new RootfsError('ERR_NOT_READABLE', `cannot read link ${path}: no such file`, { path });
    }
    return this.#target(this.#base + at.path);
  }

  readdir(path: RootPath): readonly string[] {
    const real = this.#hostOf(path);
    if (real === null) return [];
    try {
      const names = readdirSync(fsName(real), { encoding: 'buffer' });
      return names.map((name) => decodeName(name)).sort();
    } catch {
      return [];
    }
  }

  open(path: RootPath): ByteSource | PathFailure {
    let host: string = path;
    if (this.#base !== '') {
      const real = this.realpath(path);
      if (typeof real === 'string') return real;
      host = this.#base + real.path;
    }
    this.#onOpen();
    try {
      const flags = this.#base === '' ? OPEN : OPEN | constants.O_NOFOLLOW;
      return new HostFile(openSync(fsName(host), flags), path);
    } catch (error) {
      return failureOf(error);
    }
  }

  realpath(path: RootPath): RealPath | PathFailure {
    let real = this.#realPaths.get(path);
    if (real === undefined) {
      real = walk(path, this.#probe);
      this.#realPaths.set(path, real);
    }
    return real;
  }

  exists(path: RootPath): boolean {
    if (this.#base === '') return existsSync(fsName(path));
    return typeof this.realpath(path) !== 'string';
  }

  hostPath(path: RootPath): string | null {
    return this.#hostOf(path);
  }

  #hostOf(path: RootPath): string | null {
    const real = this.realpath(path);
    return typeof real === 'string' ? null : this.#base + real.path;
  }

  #statAt(real: RealPath | PathFailure): FileStat | null {
    return typeof real === 'string' ? null : statOf(lstatSync, this.#base + real.path);
  }

  #target(hostPath: string): string {
    let target = this.#targets.get(hostPath);
    if (target === undefined) {
      try {
        target = decodeName(readlinkSync(fsName(hostPath), { encoding: 'buffer' }));
      } catch (error) {
        throw new RootfsError('ERR_NOT_READABLE', `cannot read link ${hostPath}: ${failureOf(error)}`, {
          path: hostPath,
          cause: error,
        });
      }
      this.#targets.set(hostPath, target);
    }
    return target;
  }
}

function statOf(stat: typeof lstatSync, hostPath: string): FileStat | null {
  try {
    const s = stat(fsName(hostPath === '' ? '/' : hostPath), { throwIfNoEntry: false });
    if (s === undefined) return null;
    const { mode, uid, gid, size, dev, ino, nlink, rdev } = s;
    return { type: typeOf(s), mode: mode & 0o7777, uid, gid, size, dev, ino, nlink, rdev };
  } catch {
    return null;
  }
}
