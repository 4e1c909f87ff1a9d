import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hostCpu } from '../../src/build/host-cpu.ts';
import { Loader, type ProgramMap } from '../../src/ldso/loader.ts';
import type { Binding } from '../../src/ldso/resolution.ts';
import { hostSysroot } from '../../src/sysroot/host.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';
import { buildElf } from '../../src/testing.ts';
import { MACHINES } from '../scenarios/machines.ts';
import { trace } from '../scenarios/oracle.ts';
import { generate, LOADER } from './generate.ts';
import type { Graph, Node } from './graph.ts';
import { shrink } from './shrink.ts';

/** A graph that the loader dies of: there is no answer to compare with. */
export class LoaderCrash extends Error {}

/** The link map as the loader's trace tells it. */
interface Told {
  /** In load order, the program left out. */
  readonly objects: readonly string[];
  readonly missing: readonly string[];
  readonly versions: readonly string[];
  /** Whether the loader gives up. */
  readonly fatal: boolean;
}

const LIBC = '/lib/x86_64-linux-gnu/libc.so.6';

/** Compares our link map of a seed's graph with the real trace; returns what to print where they differ. */
export function checkSeed(seed: number): string | null {
  const graph = generate(seed);
  if (difference(graph) === null) return null;
  const smallest = shrink(graph, (smaller) => difference(smaller) !== null);
  return `seed ${seed}: ${difference(smallest)}\n${JSON.stringify(smallest, null, 1)}`;
}

/** How our link map differs from the real one; null where it does not. */
export function difference(graph: Graph): string | null {
  const root = mkdtempSync(join(tmpdir(), 'mkrootfs-graph-'));
  try {
    chmodSync(root, 0o755);
    put(root, graph);
    const map = linkMap(root, graph);
    if (isCircle(map)) throw new LoaderCrash('filters in a circle: the loader fills all memory');
    const uncertain = uncertainVersions(map);
    const text = [realMap(root, graph), ourMap(map)].map(({ versions, ...rest }) =>
      JSON.stringify({ ...rest, versions: versions.filter((version) => !uncertain.has(version)) }),
    );
    return text[0] === text[1] ? null : `\n  loader ${text[0]}\n  ours   ${text[1]}`;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function put(root: string, { tree, ldconfig, removed, added }: Graph): void {
  for (const path of [LOADER, LIBC]) {
    mkdirSync(dirname(root + path), { recursive: true });
    if (!(path in tree)) copyFileSync(path, root + path);
  }
  putNodes(root, tree);
  // glibc 2.36's ldconfig writes beyond its memory for a compat cache with variants, and dies of it.
  if (ldconfig !== null && !madeCache(root, ldconfig)) madeCache(root, 'new');
  for (const path of removed) rmSync(root + path, { recursive: true, force: true });
  putNodes(root, added);
}

function madeCache(root: string, format: string): boolean {
  const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  const argv = ['ldconfig', '-r', root, '-c', format];
  const whole = process.getuid?.() === 0 ? argv : ['unshare', '--user', '--map-root-user', ...argv];
  return spawnSync(whole[0] as string, whole.slice(1), { env }).signal === null;
}

function putNodes(root: string, nodes: Readonly<Record<string, Node>>): void {
  // Hard links last: they lead to others.
  const rank = ({ type }: Node): number => (type === 'hardlink' ? 1 : 0);
  for (const [path, node] of Object.entries(nodes).sort(([, a], [, b]) => rank(a) - rank(b))) {
    const at = root + path;
    mkdirSync(dirname(at), { recursive: true });
    if (node.type === 'directory') mkdirSync(at, { recursive: true });
    else if (existsSync(at)) continue;
    else putNode(root, at, node);
  }
}

function putNode(root: string, at: string, node: Exclude<Node, { type: 'directory' }>): void {
  try {
    if (node.type === 'link') symlinkSync(node.to, at);
    else if (node.type === 'hardlink') linkSync(root + node.to, at);
    else if (node.type === 'elf') writeFileSync(at, buildElf(node.spec), { mode: 0o755 });
    else if (node.type === 'text') writeFileSync(at, node.text);
  } catch (error) {
    // A dangling link stands there already, or a hard link leads to what a smaller graph has no more.
    if (!['EEXIST', 'ENOENT', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function realMap(root: string, { program, explicit, libraryPath, preload }: Graph): Told {
  const traced = trace(root, MACHINES.x86_64, { program, explicit, libraryPath, preload, uid: 0 });
  const fatal = /error while loading shared libraries/.test(traced.stderr);
  const broken = traced.status === null || /Inconsistency detected/.test(traced.stderr);
  if (broken) throw new LoaderCrash(`the loader itself broke: ${traced.stderr}`);
  const versions = [...traced.stderr.matchAll(/(?<!weak )version `([^']*)' not found \(required by (.*)\)/g)];
  return told(fatal, {
    objects: traced.objects.map((path) => rootPath(path)),
    missing: traced.missing,
    versions: versions.map(([, version, by]) => `${version} ${rootPath(by as string)}`),
  });
}

function linkMap(root: string, { program, libraryPath, preload }: Graph): ProgramMap {
  const sysroot = hostSysroot(root);
  const options = {
    cpu: hostCpu(),
    ...(libraryPath !== undefined && { libraryPath }),
    ...(preload !== undefined && { preload }),
  };
  const [map] = new Loader(sysroot, options).linkMaps(rootPath(program));
  return map as ProgramMap;
}

/**
 * Missing versions of a name that is found for one object and not for another: a trace goes by its first entry,
 * which may be the placeholder of the miss.
 */
function uncertainVersions({ missing, missingVersions }: ProgramMap): ReadonlySet<string> {
  const absent = new Set(missing.map(({ name }) => name));
  const uncertain = missingVersions.filter(({ file }) => absent.has(file));
  return new Set(uncertain.map(({ version, requester }) => `${version} ${requester.path}`));
}

function ourMap(map: ProgramMap): Told {
  const named = new Set(map.objects.flatMap(({ bindings }) => bindings.map((binding) => binding.path)));
  const shown = map.objects
    .slice(1)
    .filter((object) => object.kind !== 'interpreter' || named.has(object.path));
  return told(
    map.missing.some(({ binding }) => isFatal(binding)),
    {
      objects: shown.map((object) => object.path),
      missing: notFound(map),
      versions: map.missingVersions.map(({ version, requester }) => `${version} ${requester.path}`),
    },
  );
}

/** See test/ldso/filters.test.ts. */
function isCircle({ missing }: ProgramMap): boolean {
  return missing.some(({ binding }) => binding.tried.at(-1)?.why?.includes('in a circle'));
}

/** What a trace tells of as not found: a DT_AUXILIARY too. */
function notFound(map: ProgramMap): readonly string[] {
  const optional = map.objects.flatMap(({ image, bindings }) => {
    const names = new Set(image?.filters.filter(({ tag }) => tag === 'AUXILIARY').map(({ name }) => name));
    return bindings.filter(
      (binding) => binding.path === null && names.has(binding.name) && !isFatal(binding),
    );
  });
  return [...map.missing, ...optional].map(({ name }) => name);
}

function isFatal({ tried }: Binding): boolean {
  const last = tried.at(-1);
  return last?.verdict === 'not-elf' || last?.verdict === 'unusable' || last?.why === 'cannot read file data';
}

/** The loader tells of nothing more where it gives up. */
function told(fatal: boolean, { objects, missing, versions }: Omit<Told, 'fatal'>): Told {
  if (fatal) return { objects: [], missing: [], versions: [], fatal };
  return { objects, missing: set(missing), versions: set(versions), fatal };
}

function set(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
