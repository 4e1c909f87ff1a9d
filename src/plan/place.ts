import { RootfsError } from '../errors.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';
import { type Draft, inodeOf } from './draft.ts';
import { deviceEntry, fileEntry } from './make-entry.ts';
import { type Reason, reasonText } from './reason.ts';
import type { Lost, Place } from './walker.ts';

/** How to take what stands at a place. */
export interface Taking {
  /** Whether somebody has read the file already, so that it need not be opened to see that it can be. */
  readonly read: boolean;
  /** Whether it was named: then what no rootfs can hold is refused, else passed over with a note. */
  readonly named: boolean;
}

/**
 * Enters what stands at a place into the draft; the walker has entered directories before.
 * @throws RootfsError ERR_NOT_READABLE for a file that cannot be opened, ERR_USAGE for a named fifo or socket.
 */
export function addPlace(draft: Draft, sysroot: Sysroot, place: Place, reason: Reason, taking: Taking): void {
  const { path, stat } = place;
  if (draft.excluded(path)) return;
  switch (stat.type) {
    case 'file':
      if (!taking.read && draft.get(path) === undefined) checkReadable(sysroot, path, reason);
      draft.add(fileEntry(path, stat, { from: 'sysroot', path }, reason), inodeOf('sysroot', stat));
      break;
    case 'character':
    case 'block':
      draft.add(deviceEntry(path, stat, reason));
      break;
    case 'fifo':
    case 'socket':
      passOver(draft, path, stat.type, reason, taking.named);
      break;
    default:
      break;
  }
}

/** Fifos and sockets are made by the program that listens on them: a rootfs holds none. */
export function passOver(
  draft: Draft,
  path: string,
  type: 'fifo' | 'socket',
  reason: Reason,
  named: boolean,
): void {
  if (!named) {
    draft.notes.push(`${path} is left out: it is a ${type}, made at run time`);
    return;
  }
  throw new RootfsError(
    'ERR_USAGE',
    `cannot plan ${path}: it is a ${type}, which no rootfs holds (${reasonText(reason)})`,
    { path, hint: 'leave it out: the program that listens on it makes it' },
  );
}

function checkReadable(sysroot: Sysroot, path: RootPath, reason: Reason): void {
  const source = sysroot.open(path);
  if (typeof source === 'string') throw unreadable(path, source, reason);
  source.close();
}

/** @param failure errno name of open(2) */
export function unreadable(path: RootPath, failure: string, reason: Reason): RootfsError {
  return new RootfsError('ERR_NOT_READABLE', `cannot read ${path}: ${failure} (${reasonText(reason)})`, {
    path,
    hint: 'read it as a user who may, or leave it out with --exclude',
  });
}

/** The words for why a path leads nowhere. */
export function lostText(lost: Lost): string {
  if (lost === 'MOUNT')
    return '/proc, /sys and /dev are mount points, what is below them is made at run time';
  return lost === 'ENOENT' ? 'no such file' : lost;
}
