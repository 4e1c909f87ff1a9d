import { encodeName } from '../bytes.ts';
import { deviceNumber } from './device-number.ts';

/** Permission bits and owner. */
export interface Attributes {
  /** Permission bits, 0 to 0o7777. */
  readonly mode?: number;
  /** @default 0 */
  readonly uid?: number;
  /** @default 0 */
  readonly gid?: number;
}

interface Common extends Required<Attributes> {
  /** Whether reading it gives EACCES; below such a directory nothing can be looked up either. */
  readonly denied: boolean;
}

/** One entry of a {@link MemoryTree}; made by `file`, `link`, `dir` and their like. */
export type MemoryEntry =
  | (Common & { readonly type: 'file'; readonly bytes: Uint8Array; readonly failsAt: number })
  | (Common & { readonly type: 'directory' })
  | (Common & { readonly type: 'symlink'; readonly target: string })
  | (Common & { readonly type: 'character' | 'block'; readonly rdev: number })
  | (Common & { readonly type: 'fifo' | 'socket' })
  | { readonly type: 'hardlink'; readonly path: string };

/** Absolute path to what stands there. */
export type MemoryTree = Readonly<Record<string, MemoryEntry>>;

function common(attributes: Attributes, mode: number): Common {
  const { uid = 0, gid = 0 } = attributes;
  return { mode: attributes.mode ?? mode, uid, gid, denied: false };
}

/** A regular file, mode 0644 unless told; a string is stored as UTF-8. */
export function file(content: Uint8Array | string = '', attributes: Attributes = {}): MemoryEntry {
  const bytes = typeof content === 'string' ? encodeName(content) : content;
  return { type: 'file', bytes, failsAt: Number.POSITIVE_INFINITY, ...common(attributes, 0o644) };
}

/** A regular file of mode 0755. */
export function program(content: Uint8Array | string, attributes: Attributes = {}): MemoryEntry {
  return file(content, { mode: 0o755, ...attributes });
}

/** A directory, mode 0755 unless told. */
export function dir(attributes: Attributes = {}): MemoryEntry {
  return { type: 'directory', ...common(attributes, 0o755) };
}

/** A symbolic link. */
export function link(target: string, owner: Omit<Attributes, 'mode'> = {}): MemoryEntry {
  return { type: 'symlink', target, ...common(owner, 0o777) };
}

/** A further name of the entry at `path`, in the same tree. */
export function hardlink(path: string): MemoryEntry {
  return { type: 'hardlink', path };
}

/** A character or block device, mode 0600 unless told. */
export function device(
  kind: 'character' | 'block',
  major: number,
  minor: number,
  attributes: Attributes = {},
): MemoryEntry {
  return { type: kind, rdev: deviceNumber({ major, minor }), ...common(attributes, 0o600) };
}

/** A named pipe, mode 0644 unless told. */
export function fifo(attributes: Attributes = {}): MemoryEntry {
  return { type: 'fifo', ...common(attributes, 0o644) };
}

/** A socket, mode 0755 unless told. */
export function socket(attributes: Attributes = {}): MemoryEntry {
  return { type: 'socket', ...common(attributes, 0o755) };
}

/** The same entry without the right to read it: EACCES, whatever its mode says. */
export function unreadable<E extends MemoryEntry>(entry: E): E {
  return { ...entry, denied: true };
}

/** A file on a broken medium: reads that touch `offset` or what follows throw ERR_NOT_READABLE. */
export function failing(content: Uint8Array | string, offset = 0): MemoryEntry {
  return { ...file(content), failsAt: offset } as MemoryEntry;
}
