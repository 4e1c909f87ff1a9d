import { basename, dirname } from 'node:path/posix';
import { RootfsError } from '../errors.ts';
import type { RootPath } from '../sysroot/sysroot.ts';
import { type Draft, inodeOf } from './draft.ts';
import { deviceEntry, directoryEntry, fileEntry, symlinkEntry } from './make-entry.ts';
import { isKernelTree, underMountPoint } from './mount-points.ts';
import type { HostInclusion, IncludedFile } from './options.ts';
import { lostText, passOver } from './place.ts';
import type { Reason } from './reason.ts';
import type { Walker } from './walker.ts';

/**
 * Enters files from elsewhere at the paths they were given. Directories above them are those of the sysroot,
 * links followed; where it has none they are made, mode 0755.
 * @throws RootfsError ERR_USAGE for a path below /proc, /sys or /dev, one whose parent is no directory, a fifo
 * or socket that was named, and for any conflict.
 */
export function addHostInclusion(draft: Draft, walker: Walker, inclusion: HostInclusion): void {
  const { pattern, files } = inclusion;
  const reason: Reason = { evidence: { by: 'include', pattern }, neededBy: null };
  const named = files.length === 1;
  const parents = new Parents(draft, walker, reason);
  for (const file of files) {
    if (draft.excluded(file.path)) continue;
    addFile(draft, parents, file, reason, named);
  }
}

function addFile(draft: Draft, parents: Parents, file: IncludedFile, reason: Reason, named: boolean): void {
  if (isKernelTree(file.path) || underMountPoint(file.path)) {
    const why = lostText('MOUNT');
    throw new RootfsError('ERR_USAGE', `cannot put ${file.source} at ${file.path}: ${why}`, {
      path: file.path,
    });
  }
  if (file.type === 'directory') {
    parents.directory(file.path, file);
    return;
  }
  const path = join(parents.directory(dirname(file.path) as RootPath), basename(file.path));
  switch (file.type) {
    case 'file':
      draft.add(fileEntry(path, file.stat, file.content, reason), inodeOf('host', file.stat));
      break;
    case 'symlink':
      draft.add(symlinkEntry(path, file.stat, file.target, reason));
      break;
    case 'fifo':
    case 'socket':
      passOver(draft, path, file.type, reason, named);
      break;
    default:
      draft.add(deviceEntry(path, file.stat, reason));
  }
}

const MADE = { mode: 0o755, uid: 0, gid: 0 };

/** The directories above included files, each found or made once. */
class Parents {
  readonly #draft: Draft;
  readonly #walker: Walker;
  readonly #reason: Reason;
  readonly #real = new Map<RootPath, RootPath>([['/' as RootPath, '/' as RootPath]]);

  constructor(draft: Draft, walker: Walker, reason: Reason) {
    this.#draft = draft;
    this.#walker = walker;
    this.#reason = reason;
  }

  /**
   * The directory at `path`, where links of the sysroot lead.
   * @param like the included directory that is to stand there, for its mode and owner.
   */
  directory(path: RootPath, like?: IncludedFile): RootPath {
    let real = this.#real.get(path);
    if (real === undefined) {
      real = this.#find(path, like);
      this.#real.set(path, real);
    }
    return real;
  }

  #find(path: RootPath, like: IncludedFile | undefined): RootPath {
    const at = join(this.directory(dirname(path) as RootPath), basename(path));
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
    this.#draft.add(directoryEntry(at, like?.stat ?? MADE, this.#reason));
    return at;
  }
}

function join(directory: RootPath, name: string): RootPath {
  return `${directory === '/' ? '' : directory}/${name}` as RootPath;
}
