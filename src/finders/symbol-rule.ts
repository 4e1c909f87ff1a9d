import type { FinderContext } from '../closure/finder.ts';
import type { Evidence, Node } from '../closure/types.ts';

/** Symbols whose import tells that a program will open certain files. */
export type SymbolList = readonly string[];

/** The first of some symbols that a file imports, as evidence for a rule; null where it imports none. */
export function imported(
  node: Node,
  symbols: SymbolList,
  rule: string,
  context: FinderContext,
): (Evidence & { readonly by: 'symbol' }) | null {
  const imports = context.imports(node);
  if (imports.size === 0) return null;
  const symbol = symbols.find((name) => imports.has(name));
  return symbol === undefined ? null : { by: 'symbol', symbol, rule };
}

/**
 * Whether a program brings its C library along: then it imports nothing, and only strings of its own tell what it
 * opens.
 */
export function isStatic({ image, role }: Node): boolean {
  return role === 'program' && image !== null && image.interpreter === null && image.requests.length === 0;
}

/** A path that a static program's bytes hold, as evidence for a rule; null for other programs. */
export function namedByStatic(
  node: Node,
  path: string,
  rule: string,
  context: FinderContext,
): (Evidence & { readonly by: 'string' }) | null {
  if (!isStatic(node)) return null;
  return context.strings(node.realPath, path).length === 0 ? null : { by: 'string', string: path, rule };
}
