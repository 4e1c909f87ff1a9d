import type { FinderContext } from '../closure/finder.ts';
import { DF_1_PIE } from '../elf/constants.ts';
import type { RootPath } from '../sysroot/sysroot.ts';

/**
 * Whether a shared object of a directory of plugins could be loaded outside: one that lacks a library of its own
 * is passed over by whoever opens it, so it is no part of what the program needs.
 */
export function loadable(path: RootPath, { loader }: FinderContext): boolean {
  const { image } = loader.files.open(path, false);
  // A shared object may be startable too (pam_cap.so); what dlopen(3) refuses is an executable.
  if (image?.type !== 'DYN' || (image.flags1 & DF_1_PIE) !== 0) return false;
  return loader
    .linkMaps(path)
    .every(({ missing, missingVersions }) => missing.length === 0 && missingVersions.length === 0);
}
