import { deviceNumbers } from '../sysroot/device-number.ts';
import type { FileStat, RootPath } from '../sysroot/sysroot.ts';
import type { DeviceEntry, DirectoryEntry, FileContent, FileEntry, SymlinkEntry } from './entry.ts';
import type { Reason } from './reason.ts';

/** What is kept of an inode's status. */
type Owned = Pick<FileStat, 'mode' | 'uid' | 'gid'>;

const NO_XATTRS: Readonly<Record<string, string>> = {};

export function directoryEntry(path: RootPath, { mode, uid, gid }: Owned, reason: Reason): DirectoryEntry {
  return { path, type: 'directory', mode, uid, gid, xattrs: NO_XATTRS, ...reason };
}

export function fileEntry(path: RootPath, stat: FileStat, content: FileContent, reason: Reason): FileEntry {
  const { mode, uid, gid, size } = stat;
  return { path, type: 'file', mode, uid, gid, size, content, xattrs: NO_XATTRS, ...reason };
}

export function symlinkEntry(
  path: RootPath,
  { uid, gid }: Owned,
  target: string,
  reason: Reason,
): SymlinkEntry {
  return { path, type: 'symlink', mode: 0o777, uid, gid, target, xattrs: NO_XATTRS, ...reason };
}

/** @param stat of a character or block device. */
export function deviceEntry(path: RootPath, stat: FileStat, reason: Reason): DeviceEntry {
  const { mode, uid, gid } = stat;
  const kind = stat.type === 'block' ? 'block' : 'character';
  const numbers = deviceNumbers(stat.rdev);
  return { path, type: 'device', kind, mode, uid, gid, ...numbers, xattrs: NO_XATTRS, ...reason };
}
