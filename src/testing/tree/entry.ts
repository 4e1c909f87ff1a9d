import { createHash } from 'node:crypto';

/** One entry of a tree, however it is stored. A format is readable by `treeDump` once it yields these. */
export type TreeEntry = TreeAttributes &
  (
    | { readonly type: 'file'; readonly digest: string }
    | { readonly type: 'directory' }
    | { readonly type: 'symlink'; readonly target: string }
    /** `target` is the path of another entry of the same tree. */
    | { readonly type: 'hardlink'; readonly target: string }
    | { readonly type: 'character' | 'block'; readonly major: number; readonly minor: number }
    | { readonly type: 'fifo' | 'socket' }
  );

/** What every entry has. */
export interface TreeAttributes {
  /** Absolute in the tree; `/` is its root. */
  readonly path: string;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** The entries of one tree, in any order. */
export type TreeEntries = Iterable<TreeEntry> | AsyncIterable<TreeEntry>;

/** The first 8 hex digits of SHA-256: short enough to read, long enough to tell contents apart. */
export async function contentDigest(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex').slice(0, 8);
}
