import { basename, dirname } from 'node:path/posix';
import type { Finder, FinderContext, Finding } from '../closure/finder.ts';
import type { Evidence, Node } from '../closure/types.ts';
import { type RootPath, rootPath } from '../sysroot/sysroot.ts';
import { dataFile } from './data-file.ts';
import { loadable } from './loadable.ts';
import { namedDirectories } from './named-directories.ts';
import { imported } from './symbol-rule.ts';

const OPENERS = [
  'dlopen',
  'g_module_open',
  'g_module_open_full',
  'lt_dlopen',
  'lt_dlopenext',
  'lt_dlopenadvise',
];

/** How deep plugins lie below the directory that a library names, and how many files are looked at. */
const DEPTH = 3;
const MOST_FILES = 4096;

/** An index or description beside plugins: libtool's .la, a cache of their types. */
const BESIDE = /\.(?:la|cache|json|conf|xml)$/;

/** Libraries that open by a list in a file, which a finder of its own reads. */
const CHOOSY = ['pam_start', 'OPENSSL_init_crypto'];

/**
 * Plugins of a library that opens some: shared objects in a directory that its own strings name, if they are
 * linked against it. Its settings come with them. No library is known by name.
 */
export const pluginDirectories: Finder = {
  name: 'plugin-directories',
  *find(node, context) {
    if (imported(node, OPENERS, 'plugin-directories', context) === null) return;
    if (CHOOSY.some((symbol) => context.defines(node, symbol))) return;
    const named = namedDirectories(node, context);
    for (const directory of named.libraries) {
      const plugins = [...pluginsBelow(node, directory, context)];
      if (plugins.length === 0) continue;
      const evidence: Evidence = { by: 'string', string: directory, rule: 'plugin-directories' };
      for (const to of plugins) yield { from: node.path, to, want: to, role: 'plugin', evidence };
      yield* filesBeside(node, directory, plugins, evidence, context);
      for (const settings of named.settingsOf(directory)) {
        for (const name of context.sysroot.readdir(settings)) {
          yield* dataFile(node, `${settings}/${name}`, { ...evidence, string: settings }, context);
        }
      }
    }
  },
};

function* pluginsBelow(node: Node, directory: RootPath, context: FinderContext): Generator<RootPath> {
  for (const path of sharedObjectsBelow(directory, context)) {
    if (path !== node.realPath && linksAgainst(path, node, context) && loadable(path, context)) yield path;
  }
}

function linksAgainst(path: RootPath, node: Node, { loader, sysroot }: FinderContext): boolean {
  return loader.linkMaps(path).some(({ objects }) =>
    objects.some((object) => {
      if (object.path === node.path) return true;
      const real = basename(object.path) === basename(node.path) ? sysroot.realpath(object.path) : 'ENOENT';
      return typeof real !== 'string' && real.path === node.realPath;
    }),
  );
}

function* sharedObjectsBelow(top: RootPath, { sysroot }: FinderContext): Generator<RootPath> {
  const pending: (readonly [RootPath, number])[] = [[top, 1]];
  let left = MOST_FILES;
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const [directory, depth] = next;
    for (const name of sysroot.readdir(directory)) {
      const path = rootPath(`${directory}/${name}`);
      if (--left < 0) return;
      if (/\.so(?:\.\d+)*$/.test(name)) yield path;
      else if (depth < DEPTH && sysroot.lstat(path)?.type === 'directory') pending.push([path, depth + 1]);
    }
  }
}

/** Files that describe plugins, in their directories and those between. */
function* filesBeside(
  node: Node,
  top: RootPath,
  plugins: readonly RootPath[],
  evidence: Evidence,
  context: FinderContext,
): Generator<Finding> {
  const directories = new Set<string>();
  for (const plugin of plugins) {
    for (let at = dirname(plugin); at.startsWith(top); at = dirname(at)) directories.add(at);
  }
  for (const directory of directories) {
    for (const name of context.sysroot.readdir(directory as RootPath)) {
      if (BESIDE.test(name)) yield* dataFile(node, `${directory}/${name}`, evidence, context);
    }
  }
}
