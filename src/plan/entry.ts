import type { Closure, Evidence } from '../closure/types.ts';
import type { FileType, RootPath } from '../sysroot/sysroot.ts';

/** What every entry of a rootfs has. */
interface Common {
  /** Where it stands in the rootfs: normalised, absolute; `/` is the root directory itself. */
  readonly path: RootPath;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Extended attributes by name, as raw bytes in base64: `security.capability`, `user.*`. */
  readonly xattrs: Readonly<Record<string, string>>;
  /** Why it is in: the first reason found. */
  readonly evidence: Evidence;
  /** Who wanted it; null for programs and generated entries. */
  readonly neededBy: RootPath | null;
}

/** A directory. */
export interface DirectoryEntry extends Common {
  readonly type: 'directory';
}

/** A regular file, from the sysroot or made up. */
export interface FileEntry extends Common {
  readonly type: 'file';
  /** Bytes. An emitter that meets another length fails with ERR_CHANGED. */
  readonly size: number;
  readonly content: FileContent;
}

/** Where a file's bytes come from. */
export type FileContent =
  /** A file of the sysroot, links already followed. */
  | { readonly from: 'sysroot'; readonly path: RootPath }
  /** Bytes made up by a rule, in base64. */
  | { readonly from: 'inline'; readonly base64: string };

/** A symbolic link; its mode is always 0o777. */
export interface SymlinkEntry extends Common {
  readonly type: 'symlink';
  readonly target: string;
}

/** A further name of a file entry, which stands earlier in the plan. */
export interface HardlinkEntry extends Common {
  readonly type: 'hardlink';
  /** The path of the file entry. */
  readonly target: RootPath;
}

/** A character or block device. */
export interface DeviceEntry extends Common {
  readonly type: 'device';
  readonly kind: 'character' | 'block';
  readonly major: number;
  readonly minor: number;
}

/** One entry of a rootfs. */
export type Entry = DirectoryEntry | FileEntry | SymlinkEntry | HardlinkEntry | DeviceEntry;

/** What will be written: sorted by path, parents first, the root directory `/` at the head. */
export interface RootfsPlan {
  readonly entries: readonly Entry[];
  /** e_machine of the programs. */
  readonly machine: number;
  /** Time stamp of every entry, seconds since 1970. */
  readonly epoch: number;
  /** What an image runs: the first program, absolute. */
  readonly command: readonly string[];
  readonly closure: Closure;
  /** What was passed over or looks odd, for people: sockets of an included directory, links that lead nowhere. */
  readonly notes?: readonly string[];
}

/** The kind of file that an entry is to a program inside: a further name of a file is a file. */
export function fileType(entry: Entry): FileType {
  if (entry.type === 'hardlink') return 'file';
  return entry.type === 'device' ? entry.kind : entry.type;
}
