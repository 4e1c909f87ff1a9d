import { RootfsError } from '../errors.ts';
import type { Entry } from '../plan/entry.ts';
import type { RootPath } from '../sysroot/sysroot.ts';

/** The root directory as what comes before the last slash of `/x`; `//x` has no such parent. */
const ROOT = '';

/**
 * Asserts, entry by entry, that a plan can be written without leaving the tree: each parent is a directory
 * of the plan itself, so no symbolic link is ever walked through, no name climbs out, none comes twice, and
 * a hard link follows its target. Plans may come from a file; this is the last gate before the disk.
 */
export class Placement {
  /** By path. */
  readonly #types = new Map<string, Entry['type']>();

  /**
   * @returns the entry's path without its leading slash; '' for the root directory.
   * @throws RootfsError ERR_MALFORMED_INPUT
   */
  place(entry: Entry): string {
    const { path } = entry;
    const fault = path === '/' ? this.#rootFault(entry) : this.#fault(path);
    if (fault !== null) throw misplaced(path, fault);
    if (entry.type === 'hardlink') this.#checkTarget(path, entry.target);
    if (entry.type === 'symlink' && !/^[^\0]+$/.test(entry.target))
      throw misplaced(path, 'its target is empty or holds a NUL');
    this.#types.set(path === '/' ? ROOT : path, entry.type);
    return path.slice(1);
  }

  #rootFault(entry: Entry): string | null {
    if (entry.type !== 'directory') return 'it is not a directory';
    return this.#types.size === 0 ? null : 'it must come first and once';
  }

  #fault(path: RootPath): string | null {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    if (slash < 0) return 'it is not absolute';
    if (name === '' || name === '.' || name === '..' || name.includes('\0')) return 'its name is not plain';
    if (this.#types.has(path)) return 'it comes twice';
    const parent = this.#types.get(path.slice(0, slash));
    return parent === 'directory' ? null : 'its parent is no directory that comes before it';
  }

  #checkTarget(path: RootPath, target: RootPath): void {
    if (this.#types.get(target) !== 'file')
      throw misplaced(path, `its target ${target} is no file that comes before it`);
  }
}

function misplaced(path: string, fault: string): RootfsError {
  return new RootfsError('ERR_MALFORMED_INPUT', `cannot write the entry ${JSON.stringify(path)}: ${fault}`, {
    path,
  });
}
