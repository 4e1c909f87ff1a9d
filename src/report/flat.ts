import type { Binding, Resolution, ResolvedObject } from '../ldso/resolution.ts';
import { printable } from './printable.ts';

/** A list for each program, in load order: `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 [cache]`. */
export function resolutionFlat(resolution: Resolution): string {
  const objects = new Map<string, ResolvedObject>(resolution.objects.map((object) => [object.path, object]));
  return resolution.roots.map((root) => programList(root, objects)).join('');
}

/** The real path of every object, each once, one a line, as bytes for other tools: nothing is escaped. */
export function resolutionPaths({ objects }: Resolution): string {
  const paths = new Set<string>(objects.map(({ realpath }) => realpath));
  return [...paths].map((path) => `${path}\n`).join('');
}

/** Breadth first from one program: the order in which the loader maps what it has not mapped yet. */
function programList(root: string, objects: ReadonlyMap<string, ResolvedObject>): string {
  let out = `${printable(root)}:\n`;
  const interpreter = objects.get(root)?.interp ?? null;
  if (interpreter !== null) out += `\t${printable(interpreter)} [interpreter]\n`;
  const seen = new Set<string>([root]);
  // A Set is walked in the order of insertion, what is added meanwhile included.
  for (const path of seen) {
    for (const binding of objects.get(path)?.needed ?? []) {
      if (binding.path !== null && seen.has(binding.path)) continue;
      if (binding.path !== null) seen.add(binding.path);
      out += `\t${bindingLine(binding)}\n`;
    }
  }
  return out;
}

function bindingLine({ name, path, via }: Binding): string {
  return path === null ? `${printable(name)} not found` : `${printable(name)} => ${printable(path)} [${via}]`;
}
