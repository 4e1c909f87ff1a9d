import { resolve } from 'node:path/posix';
import { type RootPath, rootPath, type Sysroot } from '../sysroot/sysroot.ts';
import type { Draft } from './draft.ts';
import { generated } from './reason.ts';
import type { Walker } from './walker.ts';

/** Directories that are links into /usr on a system with merged /usr (file-hierarchy(7), debian usrmerge). */
const MERGED = ['/bin', '/lib', '/lib32', '/lib64', '/libx32', '/sbin'] as const;

/**
 * Keeps the links of a merged /usr whose target is in the rootfs anyway: `/bin/sh` and `/usr/bin/sh` are one file
 * there, and programs ask for either name, whichever of them brought it in.
 */
export function addMergedUsr(draft: Draft, walker: Walker, sysroot: Sysroot): void {
  for (const name of MERGED) {
    const path = rootPath(name);
    if (draft.get(path) !== undefined || draft.excluded(path) || sysroot.lstat(path)?.type !== 'symlink')
      continue;
    const target = resolve('/', sysroot.readlink(path)) as RootPath;
    if (draft.get(target)?.type === 'directory') walker.follow(path, generated('merged-usr'));
  }
}
