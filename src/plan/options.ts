import type { FileStat, RootPath } from '../sysroot/sysroot.ts';
import type { FileContent } from './entry.ts';

/** Options of {@link planRootfs}. */
export interface PlanOptions {
  /** What to add to the closure; {@link readInclusions} makes these of `--include` patterns. */
  readonly include?: readonly Inclusion[];
  /**
   * Globs of absolute paths inside the rootfs to leave out, as picomatch reads them, dot files included. A
   * directory that matches goes with all that is in it.
   */
  readonly exclude?: readonly string[];
  /** Time stamp of every entry, seconds since 1970. @default 0 */
  readonly epoch?: number;
  /** Keep the owners of the files instead of 0:0. @default false */
  readonly keepOwners?: boolean;
  /** Extended attributes by path in the sysroot, links followed; values in base64. */
  readonly xattrs?: ReadonlyMap<RootPath, Readonly<Record<string, string>>>;
}

/** What one pattern asks for. */
export type Inclusion = SysrootInclusion | HostInclusion;

/** Files of the sysroot, which keep their paths. */
export interface SysrootInclusion {
  readonly from: 'sysroot';
  /** As the user wrote it. */
  readonly pattern: string;
  /** What it matches; a directory stands for all that is in it. */
  readonly paths: readonly RootPath[];
  /** Whether the pattern is the path itself: then what a rootfs cannot hold is refused, not passed over. */
  readonly literal: boolean;
  /** Globs of absolute paths that are left out of it. */
  readonly except: readonly string[];
}

/** Files from anywhere, put at paths of their own. */
export interface HostInclusion {
  readonly from: 'host';
  /** `SRC:DEST`, as the user wrote it. */
  readonly pattern: string;
  /** Parents first. */
  readonly files: readonly IncludedFile[];
}

/** One file of a {@link HostInclusion}. */
export type IncludedFile =
  | IncludedEntry<'directory' | 'character' | 'block' | 'fifo' | 'socket'>
  | (IncludedEntry<'file'> & { readonly content: FileContent })
  | (IncludedEntry<'symlink'> & { readonly target: string });

interface IncludedEntry<T extends FileStat['type']> {
  readonly type: T;
  /** Where it goes: absolute, normalised. Links of the sysroot in its directory part are followed. */
  readonly path: RootPath;
  /** Where it comes from, for messages. */
  readonly source: string;
  readonly stat: FileStat;
}
