import { dirname } from 'node:path/posix';
import { RootfsError } from '../errors.ts';
import { dir, type MemoryEntry, type MemoryTree } from './memory-entries.ts';

/** What hard links share. */
export interface Inode {
  readonly entry: Exclude<MemoryEntry, { readonly type: 'hardlink' }>;
  readonly ino: number;
  nlink: number;
  /** Names in a directory. */
  readonly names: string[];
}

/**
 * The inode of each path, parents made where the tree names none. Numbers follow the order of the keys.
 * @throws RootfsError ERR_USAGE when the tree contradicts itself.
 */
export function inodesOf(tree: MemoryTree): ReadonlyMap<string, Inode> {
  const entries = new Map<string, MemoryEntry>([['/', dir()]]);
  for (const [key, entry] of Object.entries(tree)) entries.set(plain(key), entry);
  const planter: Planter = { entries, inodes: new Map(), pending: new Set(), lastIno: 0 };
  for (const path of entries.keys()) plant(planter, path);
  for (const inode of planter.inodes.values()) inode.names.sort();
  return planter.inodes;
}

interface Planter {
  readonly entries: ReadonlyMap<string, MemoryEntry>;
  readonly inodes: Map<string, Inode>;
  /** Hard links being followed. */
  readonly pending: Set<string>;
  lastIno: number;
}

function plant(planter: Planter, path: string): Inode {
  const known = planter.inodes.get(path);
  if (known !== undefined) return known;
  if (planter.pending.has(path)) throw contradiction(path, 'it is a hard link to itself');
  planter.pending.add(path);
  if (path !== '/') nameIn(plant(planter, dirname(path)), path);
  const entry = planter.entries.get(path) ?? dir();
  const inode = entry.type === 'hardlink' ? linked(planter, path, entry.path) : fresh(planter, entry);
  planter.inodes.set(path, inode);
  return inode;
}

function nameIn(parent: Inode, path: string): void {
  if (parent.entry.type !== 'directory') throw contradiction(path, 'its parent is no directory');
  parent.names.push(path.slice(path.lastIndexOf('/') + 1));
}

function fresh(planter: Planter, entry: Inode['entry']): Inode {
  return { entry, ino: ++planter.lastIno, nlink: 1, names: [] };
}

function linked(planter: Planter, path: string, target: string): Inode {
  if (!planter.entries.has(target)) throw contradiction(path, `there is no ${target} to link to`);
  const inode = plant(planter, target);
  if (inode.entry.type === 'directory') throw contradiction(path, `${target} is a directory`);
  inode.nlink++;
  return inode;
}

/** Keys stand as they are in the tree: absolute, without `.`, `..`, doubled or trailing slashes. */
function plain(key: string): string {
  const ok = key === '/' || (key.startsWith('/') && key.slice(1).split('/').every(isName));
  if (!ok) throw contradiction(key, 'it is not a plain absolute path');
  return key;
}

function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('\0');
}

function contradiction(path: string, why: string): RootfsError {
  return new RootfsError('ERR_USAGE', `cannot place ${path} in a memory sysroot: ${why}`, { path });
}
