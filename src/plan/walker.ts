import { walk } from '../sysroot/links.ts';
import type { FileStat, PathFailure, RootPath, Sysroot } from '../sysroot/sysroot.ts';
import type { Draft } from './draft.ts';
import { directoryEntry, symlinkEntry } from './make-entry.ts';
import { isKernelTree, underMountPoint } from './mount-points.ts';
import { generated, type Reason } from './reason.ts';

/** Where a path leads: no link in `path`, and what stands there. */
export interface Place {
  readonly path: RootPath;
  readonly stat: FileStat;
}

/** Why a path leads to nothing that a rootfs holds; `MOUNT`: it lies below /proc, /sys or /dev. */
export type Lost = PathFailure | 'MOUNT';

/**
 * Follows paths through the sysroot as the kernel will inside the rootfs, and enters every directory and every
 * link that it passes into the draft: so a path opens inside exactly as it does outside.
 */
export class Walker {
  readonly #sysroot: Sysroot;
  readonly #draft: Draft;
  readonly #seen = new Map<RootPath, FileStat | null>();
  #reason: Reason = generated('walk');
  #mount = false;

  constructor(sysroot: Sysroot, draft: Draft) {
    this.#sysroot = sysroot;
    this.#draft = draft;
  }

  /** Directories and links that no path passed before get `reason`. */
  follow(path: RootPath, reason: Reason): Place | Lost {
    this.#reason = reason;
    this.#mount = false;
    const real = walk(path, this.#probe);
    if (typeof real === 'string') return this.#mount ? 'MOUNT' : this.#why(path, real);
    const stat = real.path === '/' ? this.#sysroot.lstat(real.path) : this.#seen.get(real.path);
    return stat ? { path: real.path, stat } : 'ENOENT';
  }

  readonly #probe = {
    lstat: (path: RootPath): FileStat | null => {
      if (underMountPoint(path)) {
        this.#mount = true;
        return null;
      }
      const seen = this.#seen.get(path);
      return seen === undefined ? this.#enter(path) : seen;
    },
    readlink: (path: RootPath): string => this.#sysroot.readlink(path),
  };

  #enter(path: RootPath): FileStat | null {
    const stat = this.#sysroot.lstat(path);
    this.#seen.set(path, stat);
    if (stat?.type === 'directory' && !isKernelTree(path)) {
      this.#draft.add(directoryEntry(path, stat, this.#reason));
    } else if (stat?.type === 'symlink') {
      this.#draft.add(symlinkEntry(path, stat, this.#sysroot.readlink(path), this.#reason));
    }
    return stat;
  }

  /** lstat does not say why it finds nothing; realpath does. */
  #why(path: RootPath, failure: PathFailure): PathFailure {
    const real = failure === 'ENOENT' ? this.#sysroot.realpath(path) : failure;
    return typeof real === 'string' ? real : failure;
  }
}
