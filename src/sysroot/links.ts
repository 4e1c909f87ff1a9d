import { encodeName } from '../bytes.ts';
import { LIMITS } from '../limits.ts';
import type { FileType, PathFailure, RealPath, RootPath } from './sysroot.ts';

/** NAME_MAX and PATH_MAX without its NUL (limits.h), in bytes. */
const NAME_BYTES = 255;
const PATH_BYTES = 4095;

/** What {@link walk} asks of a tree. Both are called with link-free parents only, so answers may be kept by path. */
export interface LinkProbe {
  /** The entry itself, never what it links to; null where there is none, a failure where the tree says why. */
  lstat(path: RootPath): { readonly type: FileType } | PathFailure | null;
  /** Target of a symbolic link, as stored. */
  readlink(path: RootPath): string;
}

/**
 * Follows `path` inside a tree as the kernel does inside a chroot (path_resolution(7)): every symbolic link at
 * any component, an absolute target from the tree's root, `..` from where the links led, `..` of the root is the
 * root, a trailing slash wants a directory.
 *
 * @param lastLink what to do when the path's last component is a link: `keep` stays on it, as lstat(2) does.
 * @returns the link-free path and each link met on the way, or why it leads nowhere.
 */
export function walk(
  path: RootPath,
  probe: LinkProbe,
  lastLink: 'follow' | 'keep' = 'follow',
): RealPath | PathFailure {
  if (tooLong(path, PATH_BYTES)) return 'ENAMETOOLONG';
  if (path.includes('\0')) return 'ENOENT';
  const walker: Walker = { rest: path, at: nameStart(path, 0), base: '', hops: [] };
  while (walker.at < walker.rest.length) {
    const failure = step(walker, probe, lastLink);
    if (failure !== null) return failure;
    walker.at = nameStart(walker.rest, walker.at);
  }
  return { path: (walker.base === '' ? '/' : walker.base) as RootPath, hops: walker.hops };
}

interface Walker {
  /** What is still to walk, from `at` on. */
  rest: string;
  at: number;
  /** Where we stand: free of links, a directory while anything is left; '' is the root. */
  base: string;
  readonly hops: RootPath[];
}

/** Walks one component. */
function step(walker: Walker, probe: LinkProbe, lastLink: 'follow' | 'keep'): PathFailure | null {
  const end = nameEnd(walker.rest, walker.at);
  const name = walker.rest.slice(walker.at, end);
  const last = end === walker.rest.length;
  walker.at = end;
  if (name === '.') return null;
  if (name === '..') {
    walker.base = walker.base.slice(0, Math.max(walker.base.lastIndexOf('/'), 0));
    return null;
  }
  if (tooLong(name, NAME_BYTES)) return 'ENAMETOOLONG';
  const path = `${walker.base}/${name}` as RootPath;
  const stat = probe.lstat(path);
  if (stat === null) return 'ENOENT';
  if (typeof stat === 'string') return stat;
  if (stat.type === 'symlink' && !(last && lastLink === 'keep')) return follow(walker, path, probe);
  if (stat.type !== 'directory' && !last) return 'ENOTDIR';
  walker.base = path;
  return null;
}

/** Puts a link's target in the place of its name; a relative one starts where the link stands. */
function follow(walker: Walker, link: RootPath, probe: LinkProbe): PathFailure | null {
  if (walker.hops.push(link) > LIMITS.linkHops) return 'ELOOP';
  const target = probe.readlink(link);
  if (target === '') return 'ENOENT';
  if (tooLong(target, PATH_BYTES)) return 'ENAMETOOLONG';
  if (target.charCodeAt(0) === SLASH) walker.base = '';
  walker.rest = target + walker.rest.slice(walker.at);
  walker.at = 0;
  return null;
}

const SLASH = 0x2f;

function nameStart(path: string, from: number): number {
  let at = from;
  while (path.charCodeAt(at) === SLASH) at++;
  return at;
}

function nameEnd(path: string, from: number): number {
  const slash = path.indexOf('/', from);
  return slash === -1 ? path.length : slash;
}

/** A UTF-16 unit is one to three bytes, so most names need no encoding to be measured. */
function tooLong(name: string, bytes: number): boolean {
  if (name.length * 3 <= bytes) return false;
  return name.length > bytes || encodeName(name).length > bytes;
}
