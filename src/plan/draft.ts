import { RootfsError } from '../errors.ts';
import type { FileStat, RootPath } from '../sysroot/sysroot.ts';
import type { Entry, FileContent, HardlinkEntry } from './entry.ts';
import type { Excluded } from './exclude.ts';
import { type Reason, reasonText } from './reason.ts';

/** An entry before hard links are found. */
export type DraftEntry = Exclude<Entry, HardlinkEntry>;

/** A rootfs in the making: the first to want a path gives the reason, two that disagree about it are refused. */
export class Draft {
  readonly excluded: Excluded;
  /** What was passed over and why, for people. */
  readonly notes: string[] = [];
  readonly #entries = new Map<RootPath, DraftEntry>();
  readonly #inodes = new Map<RootPath, string>();

  constructor(excluded: Excluded) {
    this.excluded = excluded;
  }

  get(path: RootPath): DraftEntry | undefined {
    return this.#entries.get(path);
  }

  entries(): DraftEntry[] {
    return [...this.#entries.values()];
  }

  /** The inode of a file with several names, as {@link inodeOf} spells it. */
  inode(path: RootPath): string | undefined {
    return this.#inodes.get(path);
  }

  /**
   * Adds an entry where nothing excludes it.
   * @param inode what files that are hard links of each other share; null where the entry has one name only.
   * @throws RootfsError ERR_USAGE when something else stands there.
   */
  add(entry: DraftEntry, inode: string | null = null): void {
    if (this.excluded(entry.path)) return;
    const held = this.#entries.get(entry.path);
    if (held !== undefined) {
      if (!agrees(held, entry)) throw conflict(held, entry);
      return;
    }
    this.#entries.set(entry.path, entry);
    if (inode !== null) this.#inodes.set(entry.path, inode);
  }

  /** Puts an entry in the place of one of the same type, or where nothing is. */
  replace(entry: DraftEntry): void {
    if (!this.excluded(entry.path)) this.#entries.set(entry.path, entry);
  }
}

/**
 * Identity of a file with several names; null for one with a single name, and for inode numbers that a double
 * cannot tell apart: two files taken for one would lose data, one file kept twice only costs space.
 */
export function inodeOf(tree: 'sysroot' | 'host', stat: FileStat): string | null {
  if (stat.nlink < 2 || !Number.isSafeInteger(stat.ino) || !Number.isSafeInteger(stat.dev)) return null;
  return `${tree} ${stat.dev} ${stat.ino}`;
}

function agrees(a: DraftEntry, b: DraftEntry): boolean {
  if (a.type === 'directory') return b.type === 'directory';
  if (a.type === 'file') return b.type === 'file' && sameContent(a.content, b.content);
  if (a.type === 'symlink') return b.type === 'symlink' && a.target === b.target;
  return b.type === 'device' && a.kind === b.kind && a.major === b.major && a.minor === b.minor;
}

function sameContent(a: FileContent, b: FileContent): boolean {
  if (a.from === 'sysroot') return b.from === 'sysroot' && a.path === b.path;
  return b.from === 'inline' && a.base64 === b.base64;
}

function conflict(held: DraftEntry, entry: DraftEntry): RootfsError {
  return new RootfsError(
    'ERR_USAGE',
    `cannot plan ${entry.path}: two things want to stand there: ${sideOf(held)}, and ${sideOf(entry)}`,
    { path: entry.path, hint: 'exclude the path, or put the included file elsewhere' },
  );
}

function sideOf(entry: DraftEntry & Reason): string {
  return `${shapeOf(entry)} (${reasonText(entry)})`;
}

function shapeOf(entry: DraftEntry): string {
  switch (entry.type) {
    case 'file':
      return entry.content.from === 'sysroot'
        ? `the file ${entry.content.path}`
        : `a file of ${entry.size} bytes`;
    case 'symlink':
      return `a link to ${entry.target}`;
    case 'device':
      return `${entry.kind} device ${entry.major}:${entry.minor}`;
    case 'directory':
      return 'a directory';
  }
}
