import type { RootPath } from '../sysroot/sysroot.ts';
import type { Draft } from './draft.ts';
import { directoryEntry } from './make-entry.ts';
import { generated } from './reason.ts';

/** Trees that the kernel fills at run time. Their content on this machine means nothing inside a rootfs. */
const KERNEL_TREES = ['/proc', '/sys', '/dev'] as const;

/** What a runner mounts upon, with the mode that it has where nothing is mounted. */
const MOUNT_POINTS: readonly (readonly [path: string, mode: number])[] = [
  ...KERNEL_TREES.map((path) => [path, 0o755] as const),
  ['/tmp', 0o1777],
];

/** Whether a path is /proc, /sys or /dev itself. */
export function isKernelTree(path: string): boolean {
  return (KERNEL_TREES as readonly string[]).includes(path);
}

/** Whether a normalised path lies below /proc, /sys or /dev. */
export function underMountPoint(path: string): boolean {
  return KERNEL_TREES.some((tree) => path.startsWith(tree) && path.charCodeAt(tree.length) === SLASH);
}

const SLASH = 0x2f;

/** Enters the mount points; a link that stands for one (/tmp -> var/tmp) stays what it is. */
export function addMountPoints(draft: Draft): void {
  for (const [path, mode] of MOUNT_POINTS) {
    const held = draft.get(path as RootPath);
    if (held !== undefined && held.type !== 'directory') continue;
    const reason = held ?? generated('mount-point');
    const { evidence, neededBy } = reason;
    draft.replace(directoryEntry(path as RootPath, { mode, uid: 0, gid: 0 }, { evidence, neededBy }));
  }
}
