import { basename, dirname } from 'node:path/posix';
import type { Closure, Edge, Node } from '../closure/types.ts';
import type { ElfImage } from '../elf/image.ts';
import { cacheFlags } from '../ldso/cache-format.ts';
import type { Via } from '../ldso/types.ts';
import type { RootPath } from '../sysroot/sysroot.ts';
import type { Draft } from './draft.ts';
import { addMadeUp, LOADER_CACHE } from './made-up.ts';
import { generated } from './reason.ts';
import type { Walker } from './walker.ts';
import { type LoaderCacheEntry, writeLoaderCache } from './write-loader-cache.ts';

/**
 * Enters an /etc/ld.so.cache of the rootfs' own, where a library that the loader found by the sysroot's cache
 * lies outside of the directories that it searches anyway. A cache that an inclusion put there stays.
 */
export function addLoaderCache(draft: Draft, walker: Walker, closure: Closure): void {
  const libraries = cachedLibraries(closure, (node) => draft.get(node.realPath) !== undefined);
  const [first] = libraries;
  if (first === undefined) return;
  const bytes = writeLoaderCache(
    libraries.flatMap(({ entries }) => entries),
    first.byteOrder,
  );
  addMadeUp(draft, walker, LOADER_CACHE, 0o644, bytes, generated('ld.so.cache'));
}

/** The entries that one library asks for. */
export interface CachedLibrary {
  readonly byteOrder: 'LE' | 'BE';
  readonly entries: readonly LoaderCacheEntry[];
}

/**
 * The libraries that the loader finds only by a cache: found by the sysroot's cache or configuration, or wanted
 * by dlopen(3), and outside the directories that the loader searches anyway. Each goes in under the name it was
 * asked for, and under its SONAME unless that name leads elsewhere: the cache goes before those directories.
 */
export function cachedLibraries(
  closure: Closure,
  present: (node: Node) => boolean,
): readonly CachedLibrary[] {
  if (closure.libc !== 'glibc') return [];
  const nodes = new Map(closure.nodes.map((node) => [node.path, node]));
  const defaults = new Set(closure.defaultDirectories.map((path) => path.replace(/(?<=.)\/+$/, '')));
  const answers = answersByName(closure.edges);
  const names = new Map<Node & { readonly image: ElfImage }, Set<string>>();
  for (const edge of closure.edges) {
    const name = nameAsked(edge);
    const node = edge.to === null ? undefined : nodes.get(edge.to);
    if (name === null || !node || !hasImage(node) || defaults.has(searched(node.path)) || !present(node))
      continue;
    const asked = names.get(node) ?? new Set();
    names.set(node, asked.add(name));
    const { soname } = node.image;
    if (soname !== null && !soname.includes('/') && onlyAnswer(answers.get(soname), node)) asked.add(soname);
  }
  return [...names].map(([node, asked]) => ({
    byteOrder: node.image.byteOrder,
    entries: [...asked].map((name) => entryOf(node, name)),
  }));
}

/** The name that has to be in the cache for this edge to hold again; null where the loader needs no cache. */
function nameAsked({ want, evidence }: Edge): string | null {
  switch (evidence.by) {
    case 'needed':
      return isSearched(evidence.via, evidence.name) ? evidence.name : null;
    case 'dlopen-note':
    case 'symbol':
    case 'string':
    case 'runtime':
      return want.includes('/') ? null : want;
    default:
      return null;
  }
}

/** Whether the step of the search that answered was the cache, or may have been. */
function isSearched(via: Via, name: string): boolean {
  if (via === 'preload' || via === 'audit') return !name.includes('/');
  return via === 'cache' || via === 'conf';
}

function hasImage(node: Node): node is Node & { readonly image: ElfImage } {
  return node.image !== null && (node.role === 'library' || node.role === 'plugin');
}

/** Directory of the search list under which the loader meets a file, glibc-hwcaps subdirectories included. */
function searched(path: RootPath): string {
  return dirname(path).replace(/\/glibc-hwcaps\/[^/]+$/, '');
}

function answersByName(edges: readonly Edge[]): ReadonlyMap<string, ReadonlySet<RootPath>> {
  const answers = new Map<string, Set<RootPath>>();
  for (const { to, evidence } of edges) {
    if (to === null || evidence.by !== 'needed') continue;
    const known = answers.get(evidence.name) ?? new Set();
    answers.set(evidence.name, known.add(to));
  }
  return answers;
}

function onlyAnswer(answers: ReadonlySet<RootPath> | undefined, node: Node): boolean {
  return answers === undefined || (answers.size === 1 && answers.has(node.path));
}

function entryOf({ path, image }: { path: RootPath; image: ElfImage }, name: string): LoaderCacheEntry {
  const directory = dirname(path);
  const level = basename(dirname(directory)) === 'glibc-hwcaps' ? basename(directory) : null;
  const flags = cacheFlags(image.machine, image.class, image.flags).at(-1) as number;
  return { name, path, flags, level };
}
