import { basename } from 'node:path/posix';
import type { Finder, FinderContext, Finding } from '../closure/finder.ts';
import type { Evidence, Node } from '../closure/types.ts';
import { readText } from '../ldso/text.ts';
import { type RootPath, rootPath } from '../sysroot/sysroot.ts';
import { dataFile } from './data-file.ts';
import { loadable } from './loadable.ts';
import { pamStack } from './pam-stack.ts';
import { imported } from './symbol-rule.ts';

/** Where services are configured: the administrator's goes first. */
const SERVICES = ['/etc/pam.d', '/usr/lib/pam.d'];

/**
 * The PAM stacks of a program, their modules, and the modules' own settings. A service is one that the program's
 * strings name or that is called like the program; `other` serves the rest.
 */
export const pam: Finder = {
  name: 'pam',
  *find(node, context) {
    const evidence = imported(node, ['pam_start', 'pam_start_confdir'], 'pam', context);
    const library = evidence === null ? null : context.provider(node, evidence.symbol);
    if (evidence === null || library === null) return;
    const modules = moduleDirectories(library, context);
    const pending = servicesOf(node, context);
    // A Set hands out what is added while it is walked.
    for (const service of pending) {
      const path = SERVICES.map((directory) => rootPath(`${directory}/${service}`)).find(
        (file) => context.sysroot.stat(file)?.type === 'file',
      );
      if (path === undefined) continue;
      yield* dataFile(node, path, evidence, context);
      const stack = pamStack(readText(context.sysroot, path) ?? '');
      for (const name of stack.includes) pending.add(basename(name));
      for (const name of stack.modules) yield* moduleFiles(node, name, modules, evidence, context);
    }
  },
};

function servicesOf(node: Node, { sysroot, strings }: FinderContext): Set<string> {
  const known = new Set(SERVICES.flatMap((directory) => sysroot.readdir(rootPath(directory))));
  const own = basename(node.path);
  const named = [...known].filter((name) => name === own || strings(node.realPath, name).includes(name));
  return new Set([...named, 'other']);
}

/** DEFAULT_MODULE_PATH of libpam: a directory string that ends in /security/. */
function moduleDirectories(library: RootPath, { strings }: FinderContext): readonly string[] {
  const named = strings(library, '/security').filter((text) => /^\/[^%$]*\/security\/?$/.test(text));
  return named.map((directory) => directory.replace(/\/$/, ''));
}

function* moduleFiles(
  node: Node,
  name: string,
  directories: readonly string[],
  evidence: Evidence,
  context: FinderContext,
): Generator<Finding> {
  const places = name.startsWith('/') ? [name] : directories.map((directory) => `${directory}/${name}`);
  const path = places.map(rootPath).find((place) => loadable(place, context));
  if (path === undefined) return;
  yield { from: node.path, to: path, want: path, role: 'plugin', evidence };
  for (const setting of context.strings(path, '/etc/security/')) {
    // What the world may not read there are old passwords.
    if (((context.sysroot.stat(rootPath(setting))?.mode ?? 0) & 0o004) === 0) continue;
    const settings = { by: 'string', string: setting, rule: 'pam' } as const;
    yield* dataFile({ ...node, path }, setting, settings, context);
  }
}
