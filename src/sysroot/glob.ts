import type * as nodeFs from 'node:fs';
import { RootfsError } from '../errors.ts';
import { type FileStat, type FileType, type RootPath, rootPath, type Sysroot } from './sysroot.ts';

/**
 * Paths inside a sysroot that match a glob of globby: stars, braces, classes, extended globs; dot files included.
 *
 * globby sees the sysroot through its interface, so nothing leads out of it and a tree in memory will do. Links
 * are followed in the part of the pattern before its first wildcard, never by a wildcard: /usr/bin/X11 links to
 * `.`, and following it would have no end. /proc, /sys and /dev are left to patterns that start with them.
 * @param pattern absolute inside the sysroot
 * @param except globs of what is left out
 * @returns sorted by code unit
 * @throws RootfsError ERR_USAGE for a pattern that globby does not take
 */
export async function expandGlob(
  sysroot: Sysroot,
  pattern: string,
  except: readonly string[] = [],
): Promise<readonly RootPath[]> {
  const { globbySync } = await import('globby');
  const relative = belowRoot(pattern);
  try {
    const found = globbySync(relative, {
      fs: adapter(sysroot),
      cwd: '/',
      ignore: [...kernelTreesBeside(relative), ...except.map(belowRoot)],
      dot: true,
      onlyFiles: false,
      expandDirectories: false,
      followSymbolicLinks: false,
    });
    return found.map(rootPath).sort();
  } catch (cause) {
    throw new RootfsError('ERR_USAGE', `cannot expand ${pattern}: ${(cause as Error).message}`, { cause });
  }
}

/** Whether a pattern holds a wildcard for globby. */
export async function isGlob(pattern: string): Promise<boolean> {
  const { isDynamicPattern } = await import('globby');
  return isDynamicPattern(pattern);
}

function kernelTreesBeside(pattern: string): readonly string[] {
  return KERNEL_TREES.filter((tree) => !pattern.startsWith(tree)).map((tree) => `${tree}**`);
}

const KERNEL_TREES = ['proc/', 'sys/', 'dev/'];

/** globby matches from the directory it starts in: its two stars at the head of an absolute pattern skip a level. */
function belowRoot(pattern: string): string {
  return pattern.replace(/^\/+/, '');
}

/** What globby asks of node:fs, answered by a sysroot. */
function adapter(sysroot: Sysroot): Pick<typeof nodeFs, 'lstatSync' | 'statSync' | 'readdirSync'> {
  const found = (path: string, stat: FileStat | null): Kind => {
    if (stat !== null) return kindOf(path, stat);
    throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
  };
  const fs = {
    lstatSync: (path: string) => found(path, sysroot.lstat(rootPath(path))),
    statSync: (path: string) => found(path, sysroot.stat(rootPath(path))),
    readdirSync: (path: string) => {
      const directory = path.endsWith('/') ? path : `${path}/`;
      return sysroot.readdir(rootPath(path)).flatMap((name) => {
        const stat = sysroot.lstat(rootPath(`${directory}${name}`));
        return stat === null ? [] : [kindOf(name, stat)];
      });
    },
  };
  return fs as unknown as typeof nodeFs;
}

/** As much of fs.Stats and fs.Dirent as globby wants to see. */
function kindOf(name: string, { type }: FileStat): Kind {
  const is = (wanted: FileType) => () => type === wanted;
  return {
    name,
    isFile: is('file'),
    isDirectory: is('directory'),
    isSymbolicLink: is('symlink'),
    isCharacterDevice: is('character'),
    isBlockDevice: is('block'),
    isFIFO: is('fifo'),
    isSocket: is('socket'),
  };
}

type Kind = Omit<nodeFs.Dirent, 'parentPath' | 'path'>;
