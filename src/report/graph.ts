import type { Resolution } from '../ldso/resolution.ts';
import { requestsOf } from './requests.ts';

/** One node of a drawing of a resolution: a file, or a name that nothing answers. */
export interface GraphNode {
  readonly id: string;
  readonly label: string;
  readonly kind: 'program' | 'object' | 'missing';
}

/** What a node asks another for. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The step of the search that answered; null for a miss and for the interpreter. */
  readonly via: string | null;
}

/** A resolution as nodes and edges, each once, for the writers of graph languages. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Files in load order, then what is missing; edges in the order in which the loader serves them. */
export function resolutionGraph({ roots, objects, missing }: Resolution): Graph {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  const programs = new Set<string>(roots);
  const add = (key: string, kind: GraphNode['kind']): string => {
    const known = nodes.get(`${kind === 'missing'} ${key}`);
    const node = known ?? { id: `n${nodes.size}`, label: key, kind };
    nodes.set(`${kind === 'missing'} ${key}`, node);
    return node.id;
  };
  for (const { path } of objects) add(path, programs.has(path) ? 'program' : 'object');
  for (const object of objects) {
    const from = add(object.path, 'object');
    for (const { name, path, via } of requestsOf(object, missing)) {
      const to = path === null ? add(name, 'missing') : add(path, 'object');
      const edge = { from, to, via: via === 'soname' ? null : via };
      const key = `${from} ${to}`;
      if (!edges.has(key)) edges.set(key, edge);
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}
