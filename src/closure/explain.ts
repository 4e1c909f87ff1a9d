import { basename } from 'node:path/posix';
import type { RootPath } from '../sysroot/sysroot.ts';
import type { Problem } from './problems.ts';
import type { Closure, Edge } from './types.ts';

/** What an explanation is drawn from: a fresh closure, or what a finished rootfs tells of how it came to be. */
export interface EvidenceGraph {
  readonly programs: readonly RootPath[];
  readonly nodes: readonly ExplainedNode[];
  readonly edges: readonly Edge[];
  readonly problems: readonly Problem[];
}

/** One file, and the names that it can be asked about by. */
export interface ExplainedNode {
  readonly path: RootPath;
  readonly realPath: RootPath;
  readonly hops: readonly RootPath[];
  readonly soname: string | null;
}

/** Why a file is in, or is not. */
export type Explanation =
  /** `chain` leads from a program to the file, each edge from the file that the one before leads to. */
  | { readonly kind: 'included'; readonly path: RootPath; readonly chain: readonly Edge[] }
  /** Something asks for it and nothing answers; `chain` leads to who asks. */
  | { readonly kind: 'missing'; readonly problem: Problem; readonly chain: readonly Edge[] }
  /** Nothing asks for it. */
  | { readonly kind: 'unasked' };

/** A closure as {@link explain} takes it; files that a rule made up count as asked for by whom it made them for. */
export function evidenceGraph({ programs, nodes, edges, problems, generated }: Closure): EvidenceGraph {
  const made = generated.map(({ path }) => ({ path, realPath: path, hops: [], soname: null }));
  return {
    programs,
    nodes: [...nodes.map(({ image, ...node }) => ({ ...node, soname: image?.soname ?? null })), ...made],
    edges: [
      ...edges,
      ...generated.map(({ path, rule, neededBy }): Edge => {
        return { from: neededBy, to: path, want: path, evidence: { by: 'generated', rule } };
      }),
    ],
    problems,
  };
}

/**
 * The shortest chain of evidence that leads from a program to a file.
 * @param name a path (as opened, as it really is, or a link on the way), a SONAME, or the name that was asked for
 */
export function explain(graph: EvidenceGraph, name: string): Explanation {
  const reached = shortestPaths(graph);
  const found = candidates(graph, name).filter((path) => reached.has(path));
  const nearest = found.sort((a, b) => chainTo(reached, a).length - chainTo(reached, b).length)[0];
  if (nearest !== undefined) return { kind: 'included', path: nearest, chain: chainTo(reached, nearest) };
  const problem = graph.problems.find((one) => one.name === name || basename(one.name) === name);
  if (problem === undefined) return { kind: 'unasked' };
  return { kind: 'missing', problem, chain: chainTo(reached, problem.neededBy) };
}

/** Files that the name can mean: by path first, by SONAME or name asked for where it has no slash. */
function candidates({ nodes, edges }: EvidenceGraph, name: string): RootPath[] {
  if (name.includes('/')) {
    const named = nodes.filter(
      ({ path, realPath, hops }) => path === name || realPath === name || hops.some((hop) => hop === name),
    );
    return named.map(({ path }) => path);
  }
  const asked = new Set(edges.filter(({ want }) => want === name).map(({ to }) => to));
  const named = nodes.filter(
    ({ path, soname }) => soname === name || asked.has(path) || basename(path) === name,
  );
  return named.map(({ path }) => path);
}

/** Breadth first from all programs: for each file reached, the edge by which it was first. */
function shortestPaths({ programs, edges }: EvidenceGraph): ReadonlyMap<RootPath, Edge | null> {
  const from = grouped(edges);
  const reached = new Map<RootPath, Edge | null>(programs.map((path) => [path, null]));
  // A Map hands out what is added while it is walked.
  for (const path of reached.keys()) {
    for (const edge of from.get(path) ?? []) {
      if (edge.to !== null && !reached.has(edge.to)) reached.set(edge.to, edge);
    }
  }
  return reached;
}

function grouped(edges: readonly Edge[]): Map<RootPath, Edge[]> {
  const groups = new Map<RootPath, Edge[]>();
  for (const edge of edges) {
    const group = groups.get(edge.from);
    if (group === undefined) groups.set(edge.from, [edge]);
    else group.push(edge);
  }
  return groups;
}

function chainTo(reached: ReadonlyMap<RootPath, Edge | null>, path: RootPath): readonly Edge[] {
  const chain: Edge[] = [];
  for (let edge = reached.get(path); edge != null; edge = reached.get(edge.from)) chain.unshift(edge);
  return chain;
}
