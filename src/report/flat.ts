import type { Binding, Missing, Resolution, ResolvedObject } from '../ldso/resolution.ts';
import { attemptLines } from './attempts.ts';
import { printable } from './printable.ts';
import { requestsOf } from './requests.ts';
import { unboundLines } from './unbound.ts';

/** A list for each program, in load order: `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 [cache]`. */
export function resolutionFlat(resolution: Resolution): string {
  const objects = new Map<string, ResolvedObject>(resolution.objects.map((object) => [object.path, object]));
  const lists = resolution.roots.map((root) => programList(root, objects, resolution.missing));
  return [...lists, ...unboundLines(resolution).map((line) => `${line}\n`)].join('');
}

/** The real path of every object, each once, one a line, as bytes for other tools: nothing is escaped. */
export function resolutionPaths({ objects }: Resolution): string {
  const paths = new Set<string>(objects.map(({ realpath }) => realpath));
  return [...paths].map((path) => `${path}\n`).join('');
}

/** Breadth first from one program: the order in which the loader maps what it has not mapped yet. */
function programList(
  root: string,
  objects: ReadonlyMap<string, ResolvedObject>,
  missing: readonly Missing[],
): string {
  let out = `${printable(root)}:\n`;
  const seen = new Set<string>([root]);
  // A Set is walked in the order of insertion, what is added meanwhile included.
  for (const path of seen) {
    const object = objects.get(path);
    for (const binding of object ? requestsOf(object, missing) : []) {
      if (binding.path !== null && seen.has(binding.path)) continue;
      if (binding.path !== null) seen.add(binding.path);
      out += bindingLines(binding);
    }
  }
  return out;
}

function bindingLines({ name, path, via, tried }: Binding): string {
  if (path === null) {
    const lines = attemptLines(tried).map((line) => `\t\t${line}\n`);
    return `\t${printable(name)} not found\n${lines.join('')}`;
  }
  const file = path === name ? '' : ` => ${printable(path)}`;
  return `\t${printable(name)}${file} [${via ?? 'interpreter'}]\n`;
}
