import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { fsName } from '../bytes.ts';
import type { FileType, PathFailure } from './sysroot.ts';

/** Questions about one directory after which it is cheaper to list it whole than to ask for each name. */
const LIST_AFTER = 24;

type Answer = { readonly type: FileType } | PathFailure | null;

/** Kinds of the entries of a host tree, each asked for once. Parents must be free of links. */
export class EntryTypes {
  readonly #answers = new Map<string, Answer>();
  readonly #asked = new Map<string, number>();
  readonly #listed = new Set<string>();

  /** What stands at a host path, not following a link in the last component. */
  at(path: string): Answer {
    const known = this.#answers.get(path);
    if (known !== undefined) return known;
    const slash = path.lastIndexOf('/');
    const directory = path.slice(0, slash);
    if (this.#listed.has(directory)) return null;
    const count = (this.#asked.get(directory) ?? 0) + 1;
    this.#asked.set(directory, count);
    if (count > LIST_AFTER && this.#list(directory)) return this.#answers.get(path) ?? null;
    const answer = ask(path);
    this.#answers.set(path, answer);
    return answer;
  }

  #list(directory: string): boolean {
    let entries: Dirent[];
    try {
      entries = readdirSync(fsName(directory === '' ? '/' : directory), { withFileTypes: true });
    } catch {
      // Searchable but not readable: go on name by name.
      return false;
    }
    if (entries.some((entry) => entry.name.includes('\ufffd'))) return false;
    for (const entry of entries) this.#answers.set(`${directory}/${entry.name}`, TYPES[typeOf(entry)]);
    this.#listed.add(directory);
    return true;
  }
}

/** One object a type: a listing of thousands of names allocates none. */
const TYPES: Readonly<Record<FileType, { readonly type: FileType }>> = {
  file: { type: 'file' },
  directory: { type: 'directory' },
  symlink: { type: 'symlink' },
  character: { type: 'character' },
  block: { type: 'block' },
  fifo: { type: 'fifo' },
  socket: { type: 'socket' },
};

function ask(path: string): Answer {
  try {
    const stat = lstatSync(fsName(path), { throwIfNoEntry: false });
    return stat === undefined ? null : TYPES[typeOf(stat)];
  } catch (error) {
    return failureOf(error);
  }
}

/** The kind of a directory entry or of a stat result. */
export function typeOf(entry: Dirent | Stats): FileType {
  if (entry.isFile()) return 'file';
  if (entry.isSymbolicLink()) return 'symlink';
  if (entry.isDirectory()) return 'directory';
  if (entry.isCharacterDevice()) return 'character';
  if (entry.isBlockDevice()) return 'block';
  return entry.isFIFO() ? 'fifo' : 'socket';
}

const FAILURES: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENAMETOOLONG']);

/** The errno name of a failed system call, as far as callers tell them apart. */
export function failureOf(error: unknown): PathFailure {
  const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
  if (code === 'EPERM') return 'EACCES';
  return FAILURES.has(code) ? (code as PathFailure) : 'EIO';
}
