import { closeSync, constants, openSync, readSync } from 'node:fs';
import { fsName } from '../bytes.ts';
import { RootfsError } from '../errors.ts';
import type { FileEntry } from '../plan/entry.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import { errno, why } from './failure.ts';

/** Reads at a position; 0 at the end. */
interface Source {
  read(into: Uint8Array, at: number, length: number, position: number): number;
  close(): void;
}

const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const probe: Uint8Array = new Uint8Array(1);

/**
 * The bytes of one file entry, counted: a source that holds fewer or more than the plan says has changed
 * since it was planned, and an archive whose header names another length would be corrupt.
 */
export class Content {
  readonly #entry: FileEntry;
  readonly #source: Source;
  #position = 0;

  /** @throws RootfsError ERR_NOT_READABLE, or ERR_CHANGED where the file has gone. */
  constructor(entry: FileEntry, sysroot: Sysroot) {
    this.#entry = entry;
    this.#source = openSource(entry, sysroot);
  }

  /** Bytes that are still to come. */
  get remaining(): number {
    return this.#entry.size - this.#position;
  }

  /**
   * Reads up to `length` of the remaining bytes into `into` at `at`.
   * @returns bytes read, at least one.
   * @throws RootfsError ERR_CHANGED where the source has ended, ERR_NOT_READABLE where it fails.
   */
  read(into: Uint8Array, at: number, length: number): number {
    const wanted = Math.min(length, this.remaining);
    const count = this.#attempt(into, at, wanted);
    if (count === 0) throw this.#changed(`${this.#position} bytes`);
    this.#position += count;
    return count;
  }

  /** Asserts that nothing follows the planned bytes. @throws RootfsError ERR_CHANGED */
  finish(): void {
    if (this.#attempt(probe, 0, 1) !== 0) throw this.#changed('more');
  }

  close(): void {
    this.#source.close();
  }

  #attempt(into: Uint8Array, at: number, length: number): number {
    try {
      return this.#source.read(into, at, length, this.#position);
    } catch (cause) {
      throw unreadable(this.#entry, cause);
    }
  }

  #changed(found: string): RootfsError {
    return sizeChanged(this.#entry, found);
  }
}

/** The error for a file that no longer has the size of its entry. */
export function sizeChanged(entry: FileEntry, found: string): RootfsError {
  return new RootfsError(
    'ERR_CHANGED',
    `cannot read ${sourceName(entry)}: it changed while it was read (planned ${entry.size} bytes, found ${found})`,
    { path: sourceName(entry), hint: 'run again when nothing writes to it' },
  );
}

/** What open(2) and pread(2) say of a link, a fifo, a socket or a directory. */
const NOT_REGULAR = ['ELOOP', 'ESPIPE', 'ENXIO', 'EISDIR'];

/** The error for a file that cannot be opened or read. */
function unreadable(entry: FileEntry, cause: unknown): RootfsError {
  const path = sourceName(entry);
  const changed = (how: string): RootfsError =>
    new RootfsError('ERR_CHANGED', `cannot read ${path}: ${how} since it was planned`, { path, cause });
  if (errno(cause) === 'ENOENT') return changed('it has gone');
  if (NOT_REGULAR.includes(errno(cause))) return changed('it has become another kind of file');
  return new RootfsError('ERR_NOT_READABLE', `cannot read ${path}: ${why(cause)}`, { path, cause });
}

function sourceName(entry: FileEntry): string {
  return entry.content.from === 'sysroot' ? entry.content.path : entry.path;
}

function openSource(entry: FileEntry, sysroot: Sysroot): Source {
  const { content } = entry;
  if (content.from === 'inline') return inlineSource(Buffer.from(content.base64, 'base64'));
  const host = sysroot.hostPath(content.path);
  return host === null ? sysrootSource(entry, content.path, sysroot) : hostSource(entry, host);
}

/**
 * Opens a host file that stands for `entry`. A link or fifo put in its place meanwhile is neither followed nor
 * waited for.
 * @throws RootfsError ERR_NOT_READABLE, ERR_CHANGED
 */
export function openHost(entry: FileEntry, host: string): number {
  try {
    return openSync(fsName(host), OPEN_FLAGS);
  } catch (cause) {
    throw unreadable(entry, cause);
  }
}

function hostSource(entry: FileEntry, host: string): Source {
  const fd = openHost(entry, host);
  return {
    read: (into, at, length, position) => readSync(fd, into, at, length, position),
    close: () => closeSync(fd),
  };
}

function sysrootSource(entry: FileEntry, path: Parameters<Sysroot['open']>[0], sysroot: Sysroot): Source {
  const opened = sysroot.open(path);
  if (typeof opened === 'string') throw unreadable(entry, Object.assign(new Error(opened), { code: opened }));
  return {
    read: (into, at, length, position) => {
      const bytes = opened.read(position, length);
      into.set(bytes, at);
      return bytes.length;
    },
    close: () => opened.close(),
  };
}

function inlineSource(bytes: Uint8Array): Source {
  return {
    read: (into, at, length, position) => {
      const part = bytes.subarray(position, position + length);
      into.set(part, at);
      return part.length;
    },
    close: () => {},
  };
}
