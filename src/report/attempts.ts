import type { Attempt, Verdict } from '../ldso/types.ts';
import { printable } from './printable.ts';

/** What the loader would have tried, one line each, in its own order: `rpath: /opt/libz.so.1: wrong ELF class`. */
export function attemptLines(tried: readonly Attempt[]): readonly string[] {
  return tried.map(({ path, via, verdict, why }) =>
    printable(`${via}: ${path}: ${why ?? WORDS[verdict] ?? verdict}`),
  );
}

const WORDS: Partial<Readonly<Record<Verdict, string>>> = { absent: 'no such file' };
