import type { RootPath } from '../sysroot/sysroot.ts';
import type { Draft, DraftEntry } from './draft.ts';
import type { Entry } from './entry.ts';

/** Turns all but the first of the files that share an inode into hard links of it. `sorted` is by path. */
export function linkInodes(sorted: readonly DraftEntry[], draft: Draft): Entry[] {
  const first = new Map<string, RootPath>();
  return sorted.map((entry) => {
    const inode = entry.type === 'file' ? draft.inode(entry.path) : undefined;
    const target = inode === undefined ? undefined : first.get(inode);
    if (inode === undefined || entry.type !== 'file') return entry;
    if (target === undefined) {
      first.set(inode, entry.path);
      return entry;
    }
    const { size: _size, content: _content, ...common } = entry;
    return { ...common, type: 'hardlink', target };
  });
}
