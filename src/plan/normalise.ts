import type { RootPath } from '../sysroot/sysroot.ts';
import type { Draft, DraftEntry } from './draft.ts';
import type { Entry } from './entry.ts';
import { linkInodes } from './hardlinks.ts';
import { directoryEntry } from './make-entry.ts';
import type { PlanOptions } from './options.ts';
import { generated } from './reason.ts';

/**
 * What makes two plans of one tree the same: order by path in UTF-16 code units, which puts parents first; the
 * root directory 0755 at the head; owner 0:0 unless owners are kept; no time but the epoch of the plan.
 */
export function normalise(draft: Draft, options: PlanOptions): Entry[] {
  const root = directoryEntry('/' as RootPath, { mode: 0o755, uid: 0, gid: 0 }, generated('root'));
  const sorted = draft.entries().sort(byPath);
  const owned = sorted.map((entry) => withAttributes(entry, options));
  return [root, ...linkInodes(owned, draft)];
}

function byPath(a: DraftEntry, b: DraftEntry): number {
  return a.path < b.path ? -1 : 1;
}

function withAttributes(entry: DraftEntry, { keepOwners = false, xattrs }: PlanOptions): DraftEntry {
  const own = xattrs?.get(sourceOf(entry));
  const foreign = !keepOwners && (entry.uid !== 0 || entry.gid !== 0);
  if (own === undefined && !foreign) return entry;
  return { ...entry, ...(foreign && { uid: 0, gid: 0 }), ...(own && { xattrs: own }) };
}

/** A file put elsewhere keeps the attributes that it has where it comes from. */
function sourceOf(entry: DraftEntry): RootPath {
  return entry.type === 'file' && entry.content.from === 'sysroot' ? entry.content.path : entry.path;
}
