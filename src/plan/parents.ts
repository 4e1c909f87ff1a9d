import { basename, dirname } from 'node:path/posix';
import { RootfsError } from '../errors.ts';
import type { FileStat, RootPath } from '../sysroot/sysroot.ts';
import type { Draft } from './draft.ts';
import { directoryEntry } from './make-entry.ts';
import { lostText } from './place.ts';
import type { Reason } from './reason.ts';
import type { Walker } from './walker.ts';

const MADE = { mode: 0o755, uid: 0, gid: 0 };

/** The directories above files that the sysroot does not have, each found or made once. */
export class Parents {
  readonly #draft: Draft;
  readonly #walker: Walker;
  readonly #reason: Reason;
  readonly #real = new Map<RootPath, RootPath>([['/' as RootPath, '/' as RootPath]]);

  constructor(draft: Draft, walker: Walker, reason: Reason) {
    this.#draft = draft;
    this.#walker = walker;
    this.#reason = reason;
  }

  /** Where a file at `path` really stands: below the directory that links of the sysroot lead to. */
  place(path: RootPath): RootPath {
    return join(this.directory(dirname(path) as RootPath), basename(path));
  }

  /**
   * The directory at `path`, links of the sysroot followed; made with mode 0755 where the sysroot has none.
   * @param like mode and owner of one that is made
   * @throws RootfsError ERR_USAGE where something else stands there
   */
  directory(path: RootPath, like: Pick<FileStat, 'mode' | 'uid' | 'gid'> = MADE): RootPath {
    let real = this.#real.get(path);
    if (real === undefined) {
      real = this.#find(path, like);
      this.#real.set(path, real);
    }
    return real;
  }

  #find(path: RootPath, like: Pick<FileStat, 'mode' | 'uid' | 'gid'>): RootPath {
    const at = this.place(path);
    const place = this.#walker.follow(at, this.#reason);
    if (typeof place !== 'string' && place.stat.type === 'directory') return place.path;
    if (place === 'MOUNT') {
      throw new RootfsError('ERR_USAGE', `cannot make directory ${path}: ${lostText(place)}`, { path });
    }
    if (typeof place !== 'string') {
      const what = `a ${place.stat.type} of the sysroot stands there`;
      throw new RootfsError('ERR_USAGE', `cannot make directory ${path}: ${what}`, { path });
    }
    // A link to nothing has been entered by the walker: the draft refuses the directory and names both.
    this.#draft.add(directoryEntry(at, like, this.#reason));
    return at;
  }
}

function join(directory: RootPath, name: string): RootPath {
  return `${directory === '/' ? '' : directory}/${name}` as RootPath;
}
