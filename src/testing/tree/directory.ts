import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path/posix';
import { decodeName, fsName } from '../../bytes.ts';
import { deviceNumbers } from '../../sysroot/device-number.ts';
import { contentDigest, type TreeAttributes, type TreeEntry } from './entry.ts';

/** The entries of a directory on disk, itself as `/`. Of several hard links the first one met is the file. */
export async function* directoryEntries(root: string): AsyncGenerator<TreeEntry> {
  const seen = new Map<string, string>();
  const pending = ['/'];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const hostPath = fsName(join(root, path));
    const stat = await lstat(hostPath);
    const attributes = { path, mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid };
    const inode = `${stat.dev}:${stat.ino}`;
    const target = stat.nlink > 1 && !stat.isDirectory() ? seen.get(inode) : undefined;
    if (target !== undefined) {
      yield { ...attributes, type: 'hardlink', target };
      continue;
    }
    seen.set(inode, path);
    yield await entryAt(hostPath, stat, attributes);
    if (!stat.isDirectory()) continue;
    for (const name of await readdir(hostPath, { encoding: 'buffer' })) {
      pending.push(join(path, decodeName(name)));
    }
  }
}

async function entryAt(
  hostPath: string | Buffer,
  stat: Stats,
  attributes: TreeAttributes,
): Promise<TreeEntry> {
  if (stat.isFile()) {
    return { ...attributes, type: 'file', digest: await contentDigest(createReadStream(hostPath)) };
  }
  if (stat.isDirectory()) return { ...attributes, type: 'directory' };
  if (stat.isSymbolicLink()) {
    const target = decodeName(await readlink(hostPath, { encoding: 'buffer' }));
    return { ...attributes, type: 'symlink', target };
  }
  if (stat.isFIFO()) return { ...attributes, type: 'fifo' };
  if (stat.isSocket()) return { ...attributes, type: 'socket' };
  return { ...attributes, type: stat.isBlockDevice() ? 'block' : 'character', ...deviceNumbers(stat.rdev) };
}
