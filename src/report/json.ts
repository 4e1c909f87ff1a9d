import type { Binding, Missing, Resolution, ResolvedObject } from '../ldso/resolution.ts';

/** A resolution as `resolve --json` prints it: one document, its names fixed (docs/cli.md). */
export function resolutionJson(resolution: Resolution): string {
  const { roots, objects, missing, unbound } = resolution;
  return document({
    roots,
    objects: objects.map(objectJson),
    missing: missing.map(missingJson),
    ...(unbound !== undefined && { unbound }),
  });
}

/** Any plain value as one document, ending in a line feed. */
export function document(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function objectJson(object: ResolvedObject): unknown {
  const { path, realpath, kind, machine, soname, interp } = object;
  return {
    path,
    realpath,
    kind,
    class: object.class,
    machine,
    soname,
    interp,
    needed: object.needed.map(bindingJson),
  };
}

function bindingJson({ name, path, via, tried }: Binding): unknown {
  return tried.length > 0 ? { name, path, via, tried } : { name, path, via };
}

function missingJson({ name, neededBy, version, tried }: Missing): unknown {
  return version === undefined ? { name, neededBy, tried } : { name, neededBy, version, tried };
}
