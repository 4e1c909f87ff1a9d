import { basename } from 'node:path/posix';
import type { Finder, FinderContext, Finding } from '../closure/finder.ts';
import type { Node } from '../closure/types.ts';
import type { RootPath } from '../sysroot/sysroot.ts';
import { imported } from './symbol-rule.ts';

const OPENERS = ['dlopen', 'dlmopen', 'g_module_open', 'g_module_open_full', 'lt_dlopen', 'lt_dlopenext'];

/** A whole string that could be a name for dlopen(3): `libX.so`, `libX-2.so.1.0`, a path that ends so. */
const NAME = /^[\w./+-]*?[\w+-]+\.so(?:\.\d+)*$/;

/** Names of libraries in the strings of whatever calls dlopen(3), which are there. They may be for another system, or an error message. */
function* named(node: Node, context: FinderContext): Generator<readonly [name: string, to: RootPath]> {
  if (imported(node, OPENERS, 'dlopen-strings', context) === null) return;
  for (const name of context.strings(node.realPath, '.so')) {
    if (!NAME.test(name) || basename(name) === basename(node.path)) continue;
    for (const { path, via } of context.loader.dlopen(node.path, name)) {
      if (path !== null && via !== 'soname') yield [name, path];
    }
  }
}

/** Takes what {@link dlopenSuggestions} only suggests: turned on by name. */
export const dlopenStrings: Finder = {
  name: 'dlopen-strings',
  *find(node, context): Generator<Finding> {
    for (const [name, to] of named(node, context)) {
      const evidence = { by: 'string', string: name, rule: 'dlopen-strings' } as const;
      yield { from: node.path, to, want: name, role: 'plugin', evidence };
    }
  },
};

/** Lists libraries that a file's strings name, for the report. */
export const dlopenSuggestions: Finder = {
  name: 'dlopen-suggestions',
  find(node, context) {
    for (const [name, to] of named(node, context)) context.suggest({ from: node.path, name, to });
    return [];
  },
};
