import { RootfsError } from '../errors.ts';
import { type Draft, inodeOf } from './draft.ts';
import { deviceEntry, fileEntry, symlinkEntry } from './make-entry.ts';
import { isKernelTree, underMountPoint } from './mount-points.ts';
import type { HostInclusion, IncludedFile } from './options.ts';
import { Parents } from './parents.ts';
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
    parents.directory(file.path, file.stat);
    return;
  }
  const path = parents.place(file.path);
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
