import type { FinderContext, Finding } from '../closure/finder.ts';
import type { Evidence, Node } from '../closure/types.ts';
import { type RootPath, rootPath, type Sysroot } from '../sysroot/sysroot.ts';

/** Files below one directory that a rule takes; the largest tree of its kind has 8,000 (a full terminfo). */
const MOST_FILES = 20_000;

/**
 * A file that a program opens at run time: named where it is there and can be read, else passed over, since a
 * program that nothing is missing for outside misses nothing inside.
 */
export function* dataFile(
  node: Node,
  path: string,
  evidence: Evidence,
  { sysroot }: FinderContext,
): Generator<Finding> {
  const to = rootPath(path);
  if (isReadableFile(sysroot, to)) yield { from: node.path, to, want: path, role: 'data', evidence };
}

/** A directory and every regular file below it that can be read; links below it are kept, and not walked through. */
export function* dataTree(
  node: Node,
  path: string,
  evidence: Evidence,
  context: FinderContext,
): Generator<Finding> {
  const { sysroot } = context;
  const pending = [rootPath(path)];
  let left = MOST_FILES;
  for (let at = pending.pop(); at !== undefined && left > 0; at = pending.pop()) {
    const type = (at === path ? sysroot.stat(at) : sysroot.lstat(at))?.type;
    if (type === 'directory') {
      yield { from: node.path, to: at, want: at, role: 'data', evidence };
      for (const name of sysroot.readdir(at)) pending.push(`${at}/${name}` as RootPath);
    } else if (type === 'file' || type === 'symlink') {
      left--;
      yield* dataFile(node, at, evidence, context);
    }
  }
}

/** Whether a path leads to a regular file that opens. */
export function isReadableFile(sysroot: Sysroot, path: RootPath): boolean {
  if (sysroot.stat(path)?.type !== 'file') return false;
  const source = sysroot.open(path);
  if (typeof source === 'string') return false;
  source.close();
  return true;
}
