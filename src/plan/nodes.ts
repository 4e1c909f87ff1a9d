import type { Closure, Node } from '../closure/types.ts';
import { RootfsError } from '../errors.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';
import type { Draft } from './draft.ts';
import { isMadeUp } from './made-up.ts';
import { addPlace, lostText } from './place.ts';
import { type Reason, Reasons, reasonText } from './reason.ts';
import type { Lost, Walker } from './walker.ts';

/**
 * Enters every file of a closure: the file itself, and every link and directory on the way to it.
 * @param claimed paths at which inclusions put files of their own: those go before data that a rule found there.
 * @throws RootfsError ERR_USAGE for an excluded program and one on /proc, /sys or /dev, ERR_CHANGED when the
 * sysroot is no longer what the closure was made from, and those of {@link addPlace}.
 */
export function addNodes(
  draft: Draft,
  walker: Walker,
  sysroot: Sysroot,
  closure: Closure,
  claimed: ReadonlySet<RootPath>,
): void {
  const reasons = new Reasons(closure);
  const madeUp = isMadeUp(closure);
  const known = new Set<RootPath>();
  for (const node of closure.nodes) {
    known.add(node.path);
    if (madeUp(node.path) || madeUp(node.realPath)) continue;
    if (isExcluded(draft, node)) checkNotProgram(node);
    else if (!gaveWay(node, claimed)) addNode(draft, walker, sysroot, node, reasons.of(node));
    else if (!claimed.has(node.path)) walker.follow(node.path, reasons.of(node));
  }
  // One file under several names is one node: the other names live in the edges only.
  for (const { from, to, evidence } of closure.edges) {
    if (to === null || known.has(to) || madeUp(to) || draft.excluded(to)) continue;
    known.add(to);
    walker.follow(to, { evidence, neededBy: from });
  }
}

/** Whether an inclusion puts another file where a rule found data, or where links lead from there. */
function gaveWay({ path, realPath, role }: Node, claimed: ReadonlySet<RootPath>): boolean {
  return role === 'data' && (claimed.has(path) || claimed.has(realPath));
}

function isExcluded(draft: Draft, { path, realPath }: Node): boolean {
  return draft.excluded(path) || draft.excluded(realPath);
}

function checkNotProgram({ path, role }: Node): void {
  if (role !== 'program') return;
  throw new RootfsError('ERR_USAGE', `cannot exclude ${path}: it is a program to run`, { path });
}

function addNode(draft: Draft, walker: Walker, sysroot: Sysroot, node: Node, reason: Reason): void {
  const place = walker.follow(node.path, reason);
  if (typeof place === 'string') {
    // A traced program opens /proc/self/maps or /dev/null: both will be there when they are mounted.
    if (place === 'MOUNT' && node.role === 'data') return;
    throw lost(node, reason, place);
  }
  if (place.path !== node.realPath) {
    throw new RootfsError(
      'ERR_CHANGED',
      `cannot plan ${node.path}: it led to ${node.realPath} and now leads to ${place.path}`,
      { path: node.path },
    );
  }
  addPlace(draft, sysroot, place, reason, { read: node.image !== null, named: node.role !== 'data' });
}

function lost({ path }: Node, reason: Reason, why: Lost): RootfsError {
  const code = why === 'MOUNT' ? 'ERR_USAGE' : 'ERR_CHANGED';
  return new RootfsError(code, `cannot plan ${path}: ${lostText(why)} (${reasonText(reason)})`, { path });
}
