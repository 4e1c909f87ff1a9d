import type { Explanation } from '../closure/explain.ts';
import { problemTitle } from '../closure/problems.ts';
import type { Edge } from '../closure/types.ts';
import { attemptLines } from './attempts.ts';
import { evidenceText } from './evidence.ts';
import { type Paint, PLAIN } from './paint.ts';
import { printable } from './printable.ts';

/**
 * An explanation for people: one file a line, each a level deeper than who asks for it, with the reason.
 *
 * ```
 * /bin/app
 * └── /usr/lib/libgreet.so.1   needed as libgreet.so.1 (cache)
 *     └── /lib/libc.so.6   needed as libc.so.6 (default)
 * ```
 * @param name as asked about
 */
export function explanationText(explanation: Explanation, name: string, paint: Paint = PLAIN): string {
  const lines = linesOf(explanation, name, paint);
  return lines.map((line) => `${line}\n`).join('');
}

function linesOf(explanation: Explanation, name: string, paint: Paint): readonly string[] {
  switch (explanation.kind) {
    case 'included':
      return chainLines(explanation.chain, explanation.path, paint);
    case 'missing': {
      const { chain, problem } = explanation;
      const tried = problem.kind === 'missing-library' ? attemptLines(problem.tried) : [];
      const inner = '    '.repeat(chain.length + 1);
      return [
        ...chainLines(chain, problem.neededBy, paint),
        `${'    '.repeat(chain.length)}└── ${paint.bad(printable(problemTitle(problem)))}`,
        ...tried.map((line) => `${inner}${paint.dim(line)}`),
      ];
    }
    case 'unasked':
      return [printable(`${name} is not in: nothing asks for it`)];
  }
}

function chainLines(chain: readonly Edge[], path: string, paint: Paint): readonly string[] {
  const [first] = chain;
  const lines = [paint.bold(printable(first?.from ?? path))];
  for (const [depth, { to, evidence }] of chain.entries()) {
    lines.push(`${'    '.repeat(depth)}└── ${printable(to ?? '')}   ${paint.dim(evidenceText(evidence))}`);
  }
  if (chain.length === 0) lines[0] += `   ${paint.dim('asked for')}`;
  return lines;
}
