import type { RootPath } from '../sysroot/sysroot.ts';
import type { Entry, RootfsPlan } from './entry.ts';

/** A plan in numbers. */
export interface PlanSummary {
  /** Entries by type. */
  readonly entries: Readonly<Record<Entry['type'], number>>;
  /** Bytes of file content, hard links counted once. */
  readonly bytes: number;
  /** Files that give their caller another user's or group's rights: set-user-ID, set-group-ID, capabilities. */
  readonly privileged: readonly RootPath[];
}

/** Counts the entries and bytes of a plan. */
export function planSummary({ entries }: Pick<RootfsPlan, 'entries'>): PlanSummary {
  const counts = { directory: 0, file: 0, symlink: 0, hardlink: 0, device: 0 };
  let bytes = 0;
  const privileged: RootPath[] = [];
  for (const entry of entries) {
    counts[entry.type]++;
    if (entry.type === 'file') bytes += entry.size;
    if (isPrivileged(entry)) privileged.push(entry.path);
  }
  return { entries: counts, bytes, privileged };
}

const SET_ID = 0o6000;

function isPrivileged(entry: Entry): boolean {
  if (entry.type !== 'file' && entry.type !== 'hardlink') return false;
  return (entry.mode & SET_ID) !== 0 || 'security.capability' in entry.xattrs;
}
