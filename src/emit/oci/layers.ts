import { basename, dirname } from 'node:path/posix';
import type { Entry, RootfsPlan } from '../../plan/entry.ts';

/** Part of a rootfs that is one layer of an image. */
export interface Layer {
  /** What it holds, for the image's history. */
  readonly title: string;
  /** Parents first, the root directory at the head, each path once. */
  readonly entries: readonly Entry[];
}

/** What each layer holds, the one that the most images share first. */
const TITLES = ['the loader and the C library', 'libraries', 'programs and data'] as const;
const BASE = 0;
const LIBRARIES = 1;
const REST = 2;

/** The one file that every dynamic program of a libc loads, besides the loader; musl's loader is its libc. */
const C_LIBRARY = /^(?:libc\.so\.6(?:\.1)?|libc\.musl-\w+\.so\.1)$/;

/**
 * Cuts a plan into layers such that two images of one system share what they can: the lowest layer is the same
 * bytes for every dynamic program, the next for all that load the same libraries.
 *
 * Every layer brings the directories that lead to its files, a hard link lies with its file, and layers without
 * files of their own are left out.
 */
export function cutLayers(plan: RootfsPlan, mode: 'auto' | 'single'): readonly Layer[] {
  if (mode === 'single') return [{ title: 'the whole rootfs', entries: plan.entries }];
  const floors = floorsOf(plan);
  const layers = TITLES.map((title, floor) => ({ title, entries: entriesOn(floor, plan, floors) }));
  return layers.filter(({ entries }) => entries.length > 0);
}

/** The lowest layer that wants each path. Files of the plan that are not here are of the last one. */
function floorsOf({ closure, entries }: RootfsPlan): ReadonlyMap<string, number> {
  const floors = new Map<string, number>();
  const put = (path: string, floor: number): void => {
    floors.set(path, Math.min(floor, floors.get(path) ?? REST));
  };
  for (const { role, path, realPath, hops } of closure.nodes) {
    const floor = floorOf(role, path);
    for (const each of [...hops, path, realPath]) put(each, floor);
  }
  // A hard link may name only what its own layer has: all names of a file follow the lowest of them.
  for (const entry of entries) {
    if (entry.type === 'hardlink') put(entry.target, floors.get(entry.path) ?? REST);
  }
  for (const entry of entries) {
    if (entry.type === 'hardlink') floors.set(entry.path, floors.get(entry.target) ?? REST);
  }
  return floors;
}

function floorOf(role: string, path: string): number {
  if (role === 'interpreter') return BASE;
  if (role !== 'library' && role !== 'plugin') return REST;
  return C_LIBRARY.test(basename(path)) ? BASE : LIBRARIES;
}

/** What one layer has of its own, and the directories that lead there, in the order of the plan. */
function entriesOn(floor: number, plan: RootfsPlan, floors: ReadonlyMap<string, number>): readonly Entry[] {
  const inner = new Set(plan.entries.flatMap(({ path }) => ancestors(path)));
  // A directory that leads nowhere is there for its own sake: a mount point, a place to write.
  const own = plan.entries.filter(
    ({ type, path }) =>
      (floors.get(path) ?? REST) === floor && (type !== 'directory' || (floor === REST && !inner.has(path))),
  );
  const kept = new Set<string>(own.flatMap(({ path }) => [path, ...ancestors(path)]));
  return plan.entries.filter(({ path }) => kept.has(path));
}

function ancestors(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = path; at !== '/'; ) {
    at = dirname(at);
    found.push(at);
  }
  return found;
}
