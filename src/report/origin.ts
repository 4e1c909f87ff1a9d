import type { Closure, Evidence } from '../closure/types.ts';
import type { Entry } from '../plan/entry.ts';
import { evidenceRule } from './evidence.ts';

/**
 * The rule that a file is in by. What the loader adds to a file that some finder brought counts for that finder:
 * without it nothing of all that would be there.
 */
export function originOf({ edges, nodes }: Closure): (entry: Entry) => string {
  const rules = new Map<string, string>();
  for (const { from, to, evidence } of edges) {
    if (to === null || rules.has(to)) continue;
    const above = byLoader(evidence) ? rules.get(from) : undefined;
    const inherited = above !== undefined && !LOADER.has(above);
    rules.set(to, inherited ? above : evidenceRule(evidence));
  }
  for (const { path, realPath } of nodes) {
    const rule = rules.get(path);
    if (rule !== undefined && !rules.has(realPath)) rules.set(realPath, rule);
  }
  return ({ path, evidence }) => {
    const own = evidenceRule(evidence);
    return evidence.by === 'program' || evidence.by === 'generated' ? own : (rules.get(path) ?? own);
  };
}

const LOADER: ReadonlySet<string> = new Set(['needed', 'interpreter', 'shebang']);

function byLoader({ by }: Evidence): boolean {
  return LOADER.has(by);
}
