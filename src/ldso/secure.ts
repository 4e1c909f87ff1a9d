import { normalize } from 'node:path/posix';
import type { FileStat } from '../sysroot/sysroot.ts';
import type { LoadedObject } from './object.ts';
import type { SearchPath } from './search-path.ts';

/** S_ISUID, S_ISGID and the group's execute bit (inode(7)). */
const SET_UID = 0o4000;
const SET_GID = 0o2000;
const GROUP_EXECUTE = 0o010;

/** Whether the kernel starts a program with AT_SECURE for those who are not its owner (getauxval(3)). */
export function isSecure(stat: Pick<FileStat, 'mode'>): boolean {
  const setGid = (stat.mode & SET_GID) !== 0 && (stat.mode & GROUP_EXECUTE) !== 0;
  return (stat.mode & SET_UID) !== 0 || setGid;
}

/** Whether a set-user-ID program may preload a file that a search found: one that is set-user-ID itself. */
export function mayPreload(stat: Pick<FileStat, 'mode'> | null): boolean {
  return stat !== null && (stat.mode & SET_UID) !== 0;
}

/**
 * Which elements of a DT_RPATH or DT_RUNPATH a set-user-ID program may use (elf/dl-load.c: _dl_dst_substitute,
 * is_trusted_path_normalize): `$ORIGIN` only as the whole first component, and for the program itself only where
 * the result lies in a default directory; elements without a token are all used.
 */
export function trustedOrigin(
  object: LoadedObject,
  defaultDirectories: () => SearchPath,
): (raw: string, expanded: string) => boolean {
  return (raw, expanded) => {
    const origins = raw.match(/\$(?:ORIGIN(?![A-Za-z0-9_])|\{ORIGIN\})/g) ?? [];
    if (origins.length === 0) return true;
    if (origins.length > 1 || !/^\$(ORIGIN|\{ORIGIN\})(\/|$)/.test(raw)) return false;
    if (object.kind !== 'executable') return true;
    const path = `${normalize(expanded).replace(/\/+$/, '')}/`;
    return defaultDirectories().some((directory) => path.startsWith(directory));
  };
}
