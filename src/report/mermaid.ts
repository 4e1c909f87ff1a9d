import type { Resolution } from '../ldso/resolution.ts';
import { resolutionGraph } from './graph.ts';
import { printable } from './printable.ts';

/** A resolution as a Mermaid flowchart, which documentation sites draw from a fenced block. */
export function resolutionMermaid(resolution: Resolution): string {
  const { nodes, edges } = resolutionGraph(resolution);
  const lines = [
    'flowchart LR',
    ...nodes.map(
      ({ id, label, kind }) => `  ${id}["${escaped(label)}"]${kind === 'object' ? '' : `:::${kind}`}`,
    ),
    ...edges.map(({ from, to, via }) => `  ${from} -->${via === null ? '' : `|${escaped(via)}|`} ${to}`),
    '  classDef program font-weight:bold',
    '  classDef missing stroke:red,color:red,stroke-dasharray:4',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Mermaid reads Markdown and HTML in labels: whatever could begin either is written as its code. */
function escaped(text: string): string {
  return printable(text).replace(/[^A-Za-z0-9 ./+:@_-]/gu, (char) => `#${char.codePointAt(0)};`);
}
