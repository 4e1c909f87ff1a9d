import type { Included } from '../closure/closure.ts';
import { RootfsError } from '../errors.ts';
import type { Inclusion } from '../plan/options.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';

/** Files below one inclusion that are looked at; a whole desktop has half as many. */
const MOST_FILES = 1_000_000;

/**
 * The regular files that inclusions bring from the sysroot, directories walked through: programs and plugins among
 * them need libraries of their own. Links are not followed, so the walk ends.
 * @throws RootfsError ERR_USAGE for more files than any rootfs holds
 */
export function includedFiles(inclusions: readonly Inclusion[], sysroot: Sysroot): readonly Included[] {
  const files: Included[] = [];
  const visit = (path: RootPath, pattern: string): void => {
    const stat = sysroot.lstat(path);
    if (stat?.type === 'directory') {
      const base = path === '/' ? '' : path;
      for (const name of sysroot.readdir(path)) visit(`${base}/${name}` as RootPath, pattern);
    } else if (stat?.type === 'file') {
      if (files.length >= MOST_FILES) {
        throw new RootfsError('ERR_USAGE', `cannot include ${pattern}: more than ${MOST_FILES} files`);
      }
      files.push({ path, pattern, executable: (stat.mode & 0o111) !== 0 });
    }
  };
  for (const inclusion of inclusions) {
    if (inclusion.from === 'sysroot') for (const path of inclusion.paths) visit(path, inclusion.pattern);
  }
  return files;
}
