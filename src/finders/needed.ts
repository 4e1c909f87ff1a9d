import type { Finder, FinderContext, Finding } from '../closure/finder.ts';
import type { Node } from '../closure/types.ts';
import { interpreterFault } from '../ldso/interpreter-check.ts';
import type { ProgramMap } from '../ldso/loader.ts';
import type { LoadedObject } from '../ldso/object.ts';

/**
 * What the dynamic linker loads: the whole link map of each program, in load order. Libraries are not asked by
 * themselves: what they need depends on the program that loads them.
 */
export const needed: Finder = {
  name: 'needed',
  *find(node, context) {
    const { image } = node;
    const linked =
      image !== null && (image.interpreter !== null || (image.dynamic && image.requests.length > 0));
    if (!linked || (node.role !== 'program' && node.role !== 'plugin')) return;
    for (const map of context.loader.linkMaps(node.path)) yield* mapFindings(node, map, context);
  },
};

function* mapFindings(node: Node, map: ProgramMap, context: FinderContext): Generator<Finding> {
  const interpreter = node.image?.interpreter ?? null;
  if (interpreter !== null) yield* interpreterFinding(node, map, context);
  for (const object of map.objects) yield* bindings(object, map);
  for (const { requester, name, binding } of map.missing) {
    context.problem({ kind: 'missing-library', name, neededBy: requester.path, tried: binding.tried });
    const evidence = { by: 'needed', name, via: 'default', tried: binding.tried } as const;
    yield { from: requester.path, to: null, want: name, role: 'library', evidence };
  }
  for (const { requester, provider, file, version } of map.missingVersions) {
    const [neededBy, at] = [requester.path, provider.path];
    context.problem({ kind: 'missing-version', name: file, version, neededBy, provider: at });
  }
}

function* interpreterFinding(
  node: Node,
  { profile }: ProgramMap,
  context: FinderContext,
): Generator<Finding> {
  const path = profile.interpreter;
  const why = interpreterFault(context.loader.files, profile, path);
  if (why !== null) context.problem({ kind: 'missing-interpreter', name: path, neededBy: node.path, why });
  const to = why === 'no such file' ? null : path;
  yield { from: node.path, to, want: path, role: 'interpreter', evidence: { by: 'interpreter', name: path } };
}

function* bindings(object: LoadedObject, map: ProgramMap): Generator<Finding> {
  for (const { name, path, via, tried } of object.bindings) {
    if (path === null || via === null) continue;
    const role = path === map.profile.interpreter ? 'interpreter' : 'library';
    yield { from: object.path, to: path, want: name, role, evidence: { by: 'needed', name, via, tried } };
  }
}
