import { join } from 'node:path/posix';
import { deviceNumbers } from '../../sysroot/device-number.ts';
import { type FileStat, type RootPath, rootPath, type Sysroot } from '../../sysroot/sysroot.ts';
import { contentDigest, type TreeAttributes, type TreeEntry } from './entry.ts';
import { fileChunks } from './plan.ts';

/** The entries of a whole sysroot. Of several hard links the first one met is the file. */
export async function* sysrootEntries(sysroot: Sysroot): AsyncGenerator<TreeEntry> {
  const seen = new Map<string, RootPath>();
  const pending = [rootPath('/')];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const stat = sysroot.lstat(path);
    if (stat === null) continue;
    const inode = `${stat.dev}:${stat.ino}`;
    const { type, mode, uid, gid } = stat;
    const target = type === 'directory' ? undefined : seen.get(inode);
    const attributes = { path, mode, uid, gid };
    if (target === undefined) yield await entryOf(sysroot, path, stat, attributes);
    else yield { ...attributes, type: 'hardlink', target };
    seen.set(inode, path);
    if (type !== 'directory') continue;
    for (const name of sysroot.readdir(path)) pending.push(rootPath(join(path, name)));
  }
}

async function entryOf(
  sysroot: Sysroot,
  path: RootPath,
  { type, rdev }: FileStat,
  attributes: TreeAttributes,
): Promise<TreeEntry> {
  switch (type) {
    case 'file':
      return { ...attributes, type, digest: await contentDigest(fileChunks(sysroot, path)) };
    case 'symlink':
      return { ...attributes, type, target: sysroot.readlink(path) };
    case 'character':
    case 'block':
      return { ...attributes, type, ...deviceNumbers(rdev) };
    default:
      return { ...attributes, type };
  }
}
