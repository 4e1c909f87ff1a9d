import type { Closure } from '../closure/types.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';
import { Draft } from './draft.ts';
import type { RootfsPlan } from './entry.ts';
import { excluder } from './exclude.ts';
import { addInclusion } from './include.ts';
import { addHostInclusion } from './include-host.ts';
import { addLoaderCache } from './loader-cache.ts';
import { addGenerated } from './made-up.ts';
import { addMergedUsr } from './merged-usr.ts';
import { addMountPoints } from './mount-points.ts';
import { addNodes } from './nodes.ts';
import { normalise } from './normalise.ts';
import type { Inclusion, PlanOptions } from './options.ts';
import { Walker } from './walker.ts';

/**
 * What to write so that the files of a closure stand in a rootfs as they stand in the sysroot: every path opens
 * inside as it does outside, through the same links and directories with the same modes.
 * @throws RootfsError ERR_USAGE for an excluded program, two things at one path, a named fifo or socket;
 * ERR_NOT_FOUND for a named path that is not there; ERR_NOT_READABLE for a file that cannot be opened, with who
 * needs it; ERR_CHANGED when the sysroot is no longer what the closure was made from.
 */
export function planRootfs(closure: Closure, sysroot: Sysroot, options: PlanOptions = {}): RootfsPlan {
  const draft = new Draft(excluder(options.exclude ?? []));
  const walker = new Walker(sysroot, draft);
  addNodes(draft, walker, sysroot, closure, claimedBy(options.include ?? []));
  for (const inclusion of options.include ?? []) {
    if (inclusion.from === 'sysroot') addInclusion(draft, walker, sysroot, inclusion);
    else addHostInclusion(draft, walker, inclusion);
  }
  addGenerated(draft, walker, closure);
  addLoaderCache(draft, walker, closure);
  addMergedUsr(draft, walker, sysroot);
  addMountPoints(draft);
  return {
    entries: normalise(draft, options),
    machine: closure.machine,
    epoch: options.epoch ?? 0,
    command: closure.programs.slice(0, 1),
    closure,
    notes: draft.notes,
  };
}

/** Paths of files from elsewhere. */
function claimedBy(inclusions: readonly Inclusion[]): ReadonlySet<RootPath> {
  const files = inclusions.flatMap((inclusion) => (inclusion.from === 'host' ? inclusion.files : []));
  return new Set(files.filter(({ type }) => type !== 'directory').map(({ path }) => path));
}
