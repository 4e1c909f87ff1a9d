import type { Included } from '../closure/closure.ts';
import { Draft } from '../plan/draft.ts';
import { excluder } from '../plan/exclude.ts';
import { addInclusion } from '../plan/include.ts';
import type { Inclusion } from '../plan/options.ts';
import { Walker } from '../plan/walker.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';

/**
 * The regular files that inclusions bring from the sysroot, found by the very walk that plans them: programs and
 * plugins among them need libraries of their own.
 * @param exclude what the plan leaves out, so that nothing comes in for its sake
 * @throws RootfsError as `planRootfs` does for an inclusion
 */
export function includedFiles(
  inclusions: readonly Inclusion[],
  sysroot: Sysroot,
  exclude: readonly string[] = [],
): readonly Included[] {
  const draft = new Draft(excluder(exclude));
  const walker = new Walker(sysroot, draft);
  for (const inclusion of inclusions) {
    if (inclusion.from === 'sysroot') addInclusion(draft, walker, sysroot, inclusion);
  }
  return draft.entries().flatMap(({ type, path, mode, evidence }) => {
    if (type !== 'file' || evidence.by !== 'include') return [];
    return [{ path, pattern: evidence.pattern, executable: (mode & 0o111) !== 0 }];
  });
}
