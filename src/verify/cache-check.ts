import type { Problem } from '../closure/problems.ts';
import { readCache } from '../ldso/cache.ts';
import { readBytes } from '../ldso/text.ts';
import { LIMITS } from '../limits.ts';
import { rootPath, type Sysroot } from '../sysroot/sysroot.ts';
import type { Tree } from './walk-tree.ts';

const CACHE = rootPath('/etc/ld.so.cache');

/** The loader's cache, where there is one, can be read and names files that are there. */
export function checkCache({ objects }: Tree, sysroot: Sysroot, report: (problem: Problem) => void): void {
  const bytes = readBytes(sysroot, CACHE, LIMITS.cacheBytes);
  const first = objects[0];
  if (bytes === null || first === undefined) return;
  const cache = readCache(bytes, first.header.byteOrder);
  if (cache === null) {
    report({ kind: 'unusable-file', name: CACHE, neededBy: CACHE, why: 'the loader cannot read it' });
    return;
  }
  for (const { path } of cache.entries()) {
    if (sysroot.exists(rootPath(path))) continue;
    report({
      kind: 'missing-file',
      name: path,
      neededBy: CACHE,
      why: 'the cache names it and it is not there',
    });
  }
}
