import { basename, dirname, normalize } from 'node:path/posix';
import type { FinderContext } from '../closure/finder.ts';
import type { Node } from '../closure/types.ts';
import { type RootPath, rootPath } from '../sysroot/sysroot.ts';

/** Directories that a file's strings name and that are there. */
export interface NamedDirectories {
  /** Those that may hold plugins; none that the loader searches for libraries of everybody. */
  readonly libraries: readonly RootPath[];
  /** Those in /etc and /usr/share that are called like a directory of plugins, up to its version. */
  readonly settingsOf: (directory: RootPath) => readonly RootPath[];
}

/** Shortest beginning of a name that two directories have in common where they belong together. */
const ALIKE = 4;

/** Reads the directories of a library from its strings: absolute ones, lists of them, and names beside the library itself. */
export function namedDirectories(node: Node, context: FinderContext): NamedDirectories {
  const isDirectory = (path: RootPath): boolean => context.loader.files.isDirectory(path);
  const common = commonDirectories(node, context);
  const absolute = pathsIn(node, '/lib', context);
  const libraries = [...new Set([...absolute, ...namesakes(node, context)])].filter(
    (path) => !common.has(path) && isDirectory(path),
  );
  return {
    libraries: outermost(libraries),
    settingsOf: (directory) => {
      const parts = directory.split('/').filter((part) => part.length > ALIKE);
      const candidates = [...pathsIn(node, '/etc/', context), ...pathsIn(node, '/usr/share/', context)];
      return candidates.filter((path) => {
        const name = basename(path);
        return name.length >= ALIKE && parts.some((part) => part.startsWith(name)) && isDirectory(path);
      });
    },
  };
}

/** Directories beside a library that its strings name by a name like its own: gdk-pixbuf-2.0 of libgdk_pixbuf-2.0. */
function namesakes({ realPath, path, image }: Node, { strings }: FinderContext): readonly RootPath[] {
  const stem = basename(image?.soname ?? path)
    .replace(/^lib/, '')
    .replace(/\.so.*$/, '');
  const head = /^[a-z]+/i.exec(stem)?.[0] ?? '';
  if (head.length < 3) return [];
  return strings(realPath, head)
    .filter((name) => letters(name) === letters(stem) && !name.includes('/'))
    .map((name) => rootPath(`${dirname(realPath)}/${name}`));
}

function letters(name: string): string {
  return name.replace(/[^a-z0-9]/gi, '').toLowerCase();
}

function pathsIn(node: Node, needle: string, { strings }: FinderContext): readonly RootPath[] {
  const paths = strings(node.realPath, needle)
    .flatMap((text) => text.split(':'))
    .filter((text) => text.startsWith('/') && !/[%\s$]/.test(text))
    .map((text) => rootPath(normalize(text).replace(/(?<=.)\/$/, '')));
  return [...new Set(paths)];
}

/** Directories of libraries that belong to nobody in particular, and those above them. */
function commonDirectories(node: Node, { loader }: FinderContext): ReadonlySet<string> {
  const defaults = loader.profile(node.path)?.compiled().defaultDirectories ?? [];
  const common = new Set<string>(['/', '/usr/libexec']);
  for (const directory of [
    ...defaults,
    `${dirname(node.realPath)}/`,
    `${dirname(node.path)}/`,
    '/usr/lib64/',
  ]) {
    for (let at = directory.slice(0, -1); at.length > 1; at = dirname(at)) common.add(at);
  }
  return common;
}

function outermost(paths: readonly RootPath[]): readonly RootPath[] {
  return paths.filter((path) => !paths.some((other) => other !== path && path.startsWith(`${other}/`)));
}
