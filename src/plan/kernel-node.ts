import { dirname } from 'node:path/posix';
import { RootfsError } from '../errors.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';
import type { Draft } from './draft.ts';
import { deviceEntry, directoryEntry, symlinkEntry } from './make-entry.ts';
import { isKernelTree } from './mount-points.ts';
import { lostText } from './place.ts';
import type { Reason } from './reason.ts';

/**
 * Enters a device or a link below /dev that was asked for by its path (an initramfs wants /dev/console). Links
 * are not followed: /dev/fd leads into /proc. Anything else below /proc, /sys and /dev is the kernel's.
 * @throws RootfsError ERR_USAGE for anything else, where it was named; a glob passes over it.
 */
export function addKernelNode(
  draft: Draft,
  sysroot: Sysroot,
  path: RootPath,
  reason: Reason,
  named: boolean,
): void {
  const stat = path.startsWith('/dev/') ? sysroot.lstat(path) : null;
  switch (stat?.type) {
    case 'character':
    case 'block':
      addDirectories(draft, sysroot, path, reason);
      draft.add(deviceEntry(path, stat, reason));
      break;
    case 'symlink':
      addDirectories(draft, sysroot, path, reason);
      draft.add(symlinkEntry(path, stat, sysroot.readlink(path), reason));
      break;
    default:
      if (named) throw new RootfsError('ERR_USAGE', `cannot include ${path}: ${lostText('MOUNT')}`, { path });
  }
}

/** @throws RootfsError ERR_USAGE when a directory of the path is a link. */
function addDirectories(draft: Draft, sysroot: Sysroot, path: RootPath, reason: Reason): void {
  const parent = dirname(path) as RootPath;
  if (isKernelTree(parent)) return;
  addDirectories(draft, sysroot, parent, reason);
  const stat = sysroot.lstat(parent);
  if (stat?.type !== 'directory') {
    throw new RootfsError('ERR_USAGE', `cannot include ${path}: ${parent} is no directory`, { path });
  }
  draft.add(directoryEntry(parent, stat, reason));
}
