import type { Attempt } from '../ldso/types.ts';
import { printable } from './printable.ts';

/** What the loader would have tried, one line each, in its own order: `/lib/libz.so.1 (default): absent`. */
export function attemptLines(tried: readonly Attempt[]): readonly string[] {
  return tried.map(({ path, via, verdict, why }) => {
    const outcome = verdict.replace('-', ' ');
    return printable(`${path} (${via}): ${outcome}${why ? `, ${why}` : ''}`);
  });
}
