import { stat } from 'node:fs/promises';
import { RootfsError } from '../errors.ts';
import { directoryEntries } from './tree/directory.ts';
import type { TreeEntries, TreeEntry } from './tree/entry.ts';
import { tarEntries } from './tree/tar.ts';

/** A tree as text: each path, sorted, with what stands there. */
export type TreeDump = Readonly<Record<string, string>>;

/**
 * Writes a tree as text that reads the same however the tree is stored, so that two forms can be compared with
 * `deepEqual` and an expected one be written by hand:
 *
 * ```
 * '/'            'dir 0755'
 * '/bin/tool'    'file 0755 0:0 3f2a1c9d'      mode, owner, first 8 hex digits of SHA-256
 * '/bin/same'    'hardlink /bin/another'       the file stands under the name that sorts first
 * '/lib'         'symlink usr/lib'
 * '/dev/null'    'character 0666 0:0 1:3'      major and minor number
 * '/run/pipe'    'fifo 0644 0:0'
 * ```
 *
 * Owners of directories and symbolic links are told where they are not 0:0: `dir 0755 1000:1000`,
 * `symlink usr/lib (1000:1000)`. Time stamps and extended attributes are not told.
 *
 * @param source a directory or a tar archive (plain, gzip or zstd) on disk, or entries: `planEntries(plan, sysroot)`,
 * `sysrootEntries(sysroot)`, or those of another format.
 * @throws RootfsError ERR_MALFORMED_INPUT when two entries have one path, or a hard link leads to no entry.
 */
export async function treeDump(source: string | TreeEntries): Promise<TreeDump> {
  const entries = new Map<string, TreeEntry>();
  for await (const entry of typeof source === 'string' ? await entriesOf(source) : source) {
    if (entries.has(entry.path)) throw malformed(entry.path, 'it is there twice');
    entries.set(entry.path, entry);
  }
  const names = firstNames(entries);
  const dump: Record<string, string> = {};
  for (const path of [...entries.keys()].sort()) {
    const inode = inodePath(entries, path);
    const first = names.get(inode) ?? inode;
    dump[path] = first === path ? describe(entries.get(inode) as TreeEntry) : `hardlink ${first}`;
  }
  return dump;
}

async function entriesOf(path: string): Promise<TreeEntries> {
  return (await stat(path)).isDirectory() ? directoryEntries(path) : tarEntries(path);
}

/** For each entry with hard links the name that sorts first: formats differ in which of them they keep as the file. */
function firstNames(entries: ReadonlyMap<string, TreeEntry>): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const { type, path } of entries.values()) {
    if (type !== 'hardlink') continue;
    const inode = inodePath(entries, path);
    const names = [path, first.get(inode) ?? inode].sort();
    first.set(inode, names[0] as string);
  }
  return first;
}

/** The entry that is no hard link which a name leads to. */
function inodePath(entries: ReadonlyMap<string, TreeEntry>, path: string): string {
  let at = path;
  for (let steps = 0; steps <= entries.size; steps++) {
    const entry = entries.get(at);
    if (entry === undefined) throw malformed(path, `it is a hard link to ${at}, which is not there`);
    if (entry.type !== 'hardlink') return at;
    at = entry.target;
  }
  throw malformed(path, 'it is a hard link to itself');
}

function describe(entry: TreeEntry): string {
  const mode = entry.mode.toString(8).padStart(4, '0');
  const owner = `${entry.uid}:${entry.gid}`;
  const ofRoot = owner === '0:0';
  switch (entry.type) {
    case 'file':
      return `file ${mode} ${owner} ${entry.digest}`;
    case 'directory':
      return ofRoot ? `dir ${mode}` : `dir ${mode} ${owner}`;
    case 'symlink':
    case 'hardlink':
      return ofRoot ? `${entry.type} ${entry.target}` : `${entry.type} ${entry.target} (${owner})`;
    case 'character':
    case 'block':
      return `${entry.type} ${mode} ${owner} ${entry.major}:${entry.minor}`;
    case 'fifo':
    case 'socket':
      return `${entry.type} ${mode} ${owner}`;
  }
}

function malformed(path: string, why: string): RootfsError {
  return new RootfsError('ERR_MALFORMED_INPUT', `cannot dump ${path}: ${why}`, { path });
}
