import type { Graph, Node } from './graph.ts';

/** Attempts after which what is left is small enough. */
const ATTEMPTS = 400;

/** The smallest graph found, by leaving out one thing after another, that still differs. */
export function shrink(graph: Graph, stillDiffers: (graph: Graph) => boolean): Graph {
  let smallest = graph;
  let attempts = 0;
  for (let again = true; again; ) {
    again = false;
    for (const smaller of reductions(smallest)) {
      if (++attempts > ATTEMPTS) return smallest;
      if (!survives(smaller, stillDiffers)) continue;
      smallest = smaller;
      again = true;
      break;
    }
  }
  return smallest;
}

/** A graph that the loader cannot even start is none. */
function survives(graph: Graph, stillDiffers: (graph: Graph) => boolean): boolean {
  try {
    return stillDiffers(graph);
  } catch {
    return false;
  }
}

function* reductions(graph: Graph): Generator<Graph> {
  for (const path of Object.keys(graph.tree)) {
    if (path !== graph.program && path !== '/proc' && path !== '/etc/ld.so.conf')
      yield { ...graph, tree: without(graph.tree, path) };
  }
  for (const path of Object.keys(graph.added)) yield { ...graph, added: without(graph.added, path) };
  for (const path of graph.removed)
    yield { ...graph, removed: graph.removed.filter((other) => other !== path) };
  if (graph.libraryPath !== undefined) yield without(graph, 'libraryPath') as unknown as Graph;
  if (graph.preload !== undefined) yield without(graph, 'preload') as unknown as Graph;
  if (graph.ldconfig !== null)
    yield { ...graph, ldconfig: null, tree: without(graph.tree, '/etc/ld.so.conf') };
  if (graph.explicit) yield { ...graph, explicit: false };
  for (const [path, node] of Object.entries(graph.tree)) {
    for (const smaller of smallerNodes(node)) yield { ...graph, tree: { ...graph.tree, [path]: smaller } };
  }
}

function* smallerNodes(node: Node): Generator<Node> {
  if (node.type !== 'elf') return;
  for (const [field, value] of Object.entries(node.spec)) {
    if (field === 'interpreter' || field === 'notes') continue;
    if (Array.isArray(value) && value.length > 1) {
      for (const at of value.keys())
        yield { ...node, spec: { ...node.spec, [field]: value.toSpliced(at, 1) } };
    }
    // The loader calls a program without DT_NEEDED statically linked and tells nothing.
    if (field === 'needed' && node.spec.interpreter !== undefined) continue;
    yield { ...node, spec: without(node.spec as Readonly<Record<string, unknown>>, field) };
  }
}

function without<T extends object>(record: T, key: string): T {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key)) as T;
}
