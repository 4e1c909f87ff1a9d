import type { FinderContext } from '../closure/finder.ts';
import type { RootPath } from '../sysroot/sysroot.ts';

/**
 * Whether a shared object of a directory of plugins could be loaded outside: one that lacks a library of its own
 * is passed over by whoever opens it, so it is no part of what the program needs.
 */
export function loadable(path: RootPath, { loader }: FinderContext): boolean {
  const { image } = loader.files.open(path, false);
  if (image?.type !== 'DYN' || image.interpreter !== null) return false;
  return loader
    .linkMaps(path)
    .every(({ missing, missingVersions }) => missing.length === 0 && missingVersions.length === 0);
}
