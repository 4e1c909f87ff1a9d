import type { RootfsPlan } from '../plan/entry.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';
import { readXattrs } from '../sysroot/xattrs.ts';

/** Extended attributes of a plan's files, and why they are not known where they are not. */
export interface PlanXattrs {
  /** By path in the sysroot, links followed; values in base64. */
  readonly xattrs: ReadonlyMap<RootPath, Readonly<Record<string, string>>>;
  readonly unreadable: string | null;
}

/** Reads the file capabilities of the executable files that a plan takes from a tree on disk. */
export function planXattrs(plan: RootfsPlan, sysroot: Sysroot): PlanXattrs {
  const byHostPath = new Map<string, RootPath>();
  for (const entry of plan.entries) {
    if (entry.type !== 'file' || entry.content.from !== 'sysroot' || (entry.mode & 0o111) === 0) continue;
    const hostPath = sysroot.hostPath(entry.content.path);
    if (hostPath !== null) byHostPath.set(hostPath, entry.content.path);
  }
  const { attributes, unreadable } = readXattrs([...byHostPath.keys()]);
  const xattrs = new Map<RootPath, Readonly<Record<string, string>>>();
  for (const [hostPath, values] of attributes) xattrs.set(byHostPath.get(hostPath) as RootPath, values);
  return { xattrs, unreadable };
}
