import { walk } from '../sysroot/links.ts';
import type { FileType, PathFailure, RootPath } from '../sysroot/sysroot.ts';
import { type Entry, fileType, type RootfsPlan } from './entry.ts';

/** Finds entries of a plan as programs inside the rootfs will. */
export interface PlanLookup {
  /** The entry at a normalised path, links not followed. */
  at(path: RootPath): Entry | undefined;
  /** The entry that a path leads to, links followed inside the rootfs, or why it leads nowhere. */
  follow(path: RootPath): Entry | PathFailure;
}

/** Indexes the entries of a plan. */
export function planLookup({ entries }: Pick<RootfsPlan, 'entries'>): PlanLookup {
  const byPath = new Map<RootPath, Entry>(entries.map((entry) => [entry.path, entry]));
  const probe = {
    lstat: (path: RootPath): { type: FileType } | null => {
      const entry = byPath.get(path);
      return entry === undefined ? null : { type: fileType(entry) };
    },
    readlink: (path: RootPath): string => {
      const entry = byPath.get(path);
      return entry?.type === 'symlink' ? entry.target : '';
    },
  };
  return {
    at: (path) => byPath.get(path),
    follow: (path) => {
      const real = walk(path, probe);
      return typeof real === 'string' ? real : (byPath.get(real.path) ?? 'ENOENT');
    },
  };
}
