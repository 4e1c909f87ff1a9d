import { RootfsError } from '../errors.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';
import type { Draft } from './draft.ts';
import { type Excluded, excluder } from './exclude.ts';
import { addKernelNode } from './kernel-node.ts';
import { underMountPoint } from './mount-points.ts';
import type { SysrootInclusion } from './options.ts';
import { addPlace, lostText, unreadable } from './place.ts';
import type { Reason } from './reason.ts';
import type { Lost, Walker } from './walker.ts';

/**
 * Enters the files of the sysroot that a pattern asks for. A directory brings all that is in it; a link to a
 * directory brings its content only where the pattern names it, else the empty directory: nothing outside of
 * what was asked for gets in by the bulk.
 * @throws RootfsError ERR_NOT_FOUND for a path that is not there, and those of {@link addPlace}.
 */
export function addInclusion(
  draft: Draft,
  walker: Walker,
  sysroot: Sysroot,
  inclusion: SysrootInclusion,
): void {
  new Sweep(draft, walker, sysroot, inclusion).run();
}

class Sweep {
  readonly #draft: Draft;
  readonly #walker: Walker;
  readonly #sysroot: Sysroot;
  readonly #inclusion: SysrootInclusion;
  readonly #reason: Reason;
  readonly #except: Excluded;
  readonly #swept = new Set<RootPath>();

  constructor(draft: Draft, walker: Walker, sysroot: Sysroot, inclusion: SysrootInclusion) {
    this.#draft = draft;
    this.#walker = walker;
    this.#sysroot = sysroot;
    this.#inclusion = inclusion;
    this.#reason = { evidence: { by: 'include', pattern: inclusion.pattern }, neededBy: null };
    this.#except = excluder(inclusion.except);
  }

  run(): void {
    for (const path of this.#inclusion.paths) {
      if (this.#leftOut(path)) continue;
      if (underMountPoint(path)) {
        addKernelNode(this.#draft, this.#sysroot, path, this.#reason, this.#inclusion.literal);
        continue;
      }
      const place = this.#take(path, this.#inclusion.literal);
      if (place !== null && (place === path || this.#inclusion.literal)) this.#sweep(place);
    }
  }

  /** @returns the directory that the path leads to, links followed; null where it leads to something else. */
  #take(path: RootPath, named: boolean): RootPath | null {
    const place = this.#walker.follow(path, this.#reason);
    if (typeof place === 'string') {
      this.#leadsNowhere(path, place, named);
      return null;
    }
    if (this.#draft.excluded(place.path)) return null;
    addPlace(this.#draft, this.#sysroot, place, this.#reason, { read: false, named });
    return place.stat.type === 'directory' ? place.path : null;
  }

  #sweep(root: RootPath): void {
    const pending = [root];
    for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
      if (this.#swept.has(directory)) continue;
      this.#swept.add(directory);
      for (const name of this.#names(directory)) {
        const path = `${directory === '/' ? '' : directory}/${name}` as RootPath;
        if (this.#leftOut(path) || underMountPoint(path)) continue;
        if (this.#take(path, false) === path) pending.push(path);
      }
    }
  }

  /** readdir says nothing of a directory that cannot be read; open does. */
  #names(directory: RootPath): readonly string[] {
    const names = this.#sysroot.readdir(directory);
    if (names.length > 0) return names;
    const source = this.#sysroot.open(directory);
    if (source === 'EACCES') throw unreadable(directory, source, this.#reason);
    if (typeof source !== 'string') source.close();
    return names;
  }

  #leftOut(path: RootPath): boolean {
    return this.#draft.excluded(path) || this.#except(path);
  }

  /** A link to nothing, or into /proc, is kept as it is: the walker has entered it. */
  #leadsNowhere(path: RootPath, why: Lost, named: boolean): void {
    if (this.#sysroot.lstat(path)?.type === 'symlink') {
      if (why !== 'MOUNT')
        this.#draft.notes.push(`${path} is a link that leads nowhere (${why}), kept as it is`);
      return;
    }
    // What a sweep meets and finds gone was removed meanwhile; what it may not look at would be missed.
    if (!named && (why === 'ENOENT' || why === 'MOUNT')) return;
    const code = why === 'ENOENT' || why === 'ENOTDIR' ? 'ERR_NOT_FOUND' : 'ERR_NOT_READABLE';
    throw new RootfsError(code, `cannot include ${path}: ${lostText(why)}`, { path });
  }
}
