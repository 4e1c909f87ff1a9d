import { encodeName } from '../bytes.ts';
import type { Closure } from '../closure/types.ts';
import type { RootPath } from '../sysroot/sysroot.ts';
import type { Draft } from './draft.ts';
import { Parents } from './parents.ts';
import type { Reason } from './reason.ts';
import type { Walker } from './walker.ts';

export const LOADER_CACHE = '/etc/ld.so.cache' as RootPath;

/** Files whose content in the sysroot is about another tree: a rootfs gets its own or none. */
export function isMadeUp({ generated }: Closure): (path: RootPath) => boolean {
  const paths = new Set<RootPath>([LOADER_CACHE, ...generated.map(({ path }) => path)]);
  return (path) => paths.has(path);
}

/** Enters the files that finders made up: /etc/passwd and its like. One that an inclusion put there stays. */
export function addGenerated(draft: Draft, walker: Walker, { generated }: Closure): void {
  for (const { path, mode, text, rule, neededBy } of generated) {
    addMadeUp(draft, walker, path, mode, encodeName(text), { evidence: { by: 'generated', rule }, neededBy });
  }
}

/** Enters a file of given bytes, unless something stands there. */
export function addMadeUp(
  draft: Draft,
  walker: Walker,
  path: RootPath,
  mode: number,
  bytes: Uint8Array,
  reason: Reason,
): void {
  if (draft.excluded(path)) return;
  const at = new Parents(draft, walker, reason).place(path);
  if (draft.get(at) !== undefined) return;
  const base64 = Buffer.from(bytes).toString('base64');
  const attributes = { mode, uid: 0, gid: 0, size: bytes.length, xattrs: {} };
  draft.add({ path: at, type: 'file', content: { from: 'inline', base64 }, ...attributes, ...reason });
}
