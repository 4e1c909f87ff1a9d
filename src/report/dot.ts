import type { Resolution } from '../ldso/resolution.ts';
import { type GraphNode, resolutionGraph } from './graph.ts';
import { printable } from './printable.ts';

const SHAPES: Readonly<Record<GraphNode['kind'], string>> = {
  program: 'shape=box, style=bold',
  object: 'shape=box',
  missing: 'shape=box, style=dashed, color=red, fontcolor=red',
};

/** A resolution in the DOT language of Graphviz: `mkrootfs resolve --dot /bin/sh | dot -Tsvg`. */
export function resolutionDot(resolution: Resolution): string {
  const { nodes, edges } = resolutionGraph(resolution);
  const lines = [
    'digraph closure {',
    '  rankdir=LR;',
    ...nodes.map(({ id, label, kind }) => `  ${id} [label=${quoted(label)}, ${SHAPES[kind]}];`),
    ...edges.map(
      ({ from, to, via }) => `  ${from} -> ${to}${via === null ? '' : ` [label=${quoted(via)}]`};`,
    ),
    '}',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** A double-quoted string: only the quote and the backslash, which begins an escape, mean something in it. */
function quoted(text: string): string {
  return `"${printable(text).replace(/["\\]/g, '\\$&')}"`;
}
