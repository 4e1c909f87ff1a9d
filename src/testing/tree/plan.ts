import { RootfsError } from '../../errors.ts';
import type { Entry, FileEntry, RootfsPlan } from '../../plan/entry.ts';
import type { RootPath, Sysroot } from '../../sysroot/sysroot.ts';
import { contentDigest, type TreeEntry } from './entry.ts';

/** The entries that a plan would write, with the content that the sysroot has now. */
export async function* planEntries(plan: RootfsPlan, sysroot: Sysroot): AsyncGenerator<TreeEntry> {
  for (const entry of plan.entries) yield await entryOf(entry, sysroot);
}

async function entryOf(entry: Entry, sysroot: Sysroot): Promise<TreeEntry> {
  const { path, mode, uid, gid } = entry;
  const attributes = { path, mode, uid, gid };
  switch (entry.type) {
    case 'file':
      return { ...attributes, type: 'file', digest: await contentDigest(contentOf(entry, sysroot)) };
    case 'directory':
      return { ...attributes, type: 'directory' };
    case 'symlink':
    case 'hardlink':
      return { ...attributes, type: entry.type, target: entry.target };
    case 'device':
      return { ...attributes, type: entry.kind, major: entry.major, minor: entry.minor };
  }
}

function contentOf({ content }: FileEntry, sysroot: Sysroot): Iterable<Uint8Array> {
  return content.from === 'inline'
    ? [Buffer.from(content.base64, 'base64')]
    : fileChunks(sysroot, content.path);
}

/** The bytes of one file of a sysroot, in pieces that are valid until the next one is asked for. */
export function* fileChunks(sysroot: Sysroot, path: RootPath): Generator<Uint8Array> {
  const source = sysroot.open(path);
  if (typeof source === 'string') {
    throw new RootfsError('ERR_NOT_READABLE', `cannot read ${path}: ${source}`, { path });
  }
  try {
    const size = source.size();
    for (let at = 0; at < size; ) {
      const chunk = source.read(at, Math.min(CHUNK_BYTES, size - at));
      if (chunk.length === 0) return;
      yield chunk;
      at += chunk.length;
    }
  } finally {
    source.close();
  }
}

const CHUNK_BYTES = 1 << 20;
