import type { Binding, Missing, ResolvedObject } from '../ldso/resolution.ts';

/**
 * Everything that an object makes the system load, in order. The interpreter is no DT_NEEDED entry, yet the
 * kernel maps it before all others; its binding has no `via`.
 */
export function requestsOf(object: ResolvedObject, missing: readonly Missing[]): readonly Binding[] {
  const { interp, kind, needed, path } = object;
  if (interp === null || kind !== 'executable') return needed;
  const gone = missing.find(({ name, neededBy, version }) => {
    return name === interp && neededBy === path && version === undefined;
  });
  const found = gone === undefined ? (interp as Binding['path']) : null;
  return [{ name: interp, path: found, via: null, tried: gone?.tried ?? [] }, ...needed];
}
