import type { Evidence } from '../closure/types.ts';
import { printable } from './printable.ts';

/** Why a file is in, in a few words: `needed as libc.so.6 (cache)`. */
export function evidenceText(evidence: Evidence): string {
  return printable(words(evidence));
}

/** The rule that found a file, in one word: what a summary counts by. */
export function evidenceRule(evidence: Evidence): string {
  return 'rule' in evidence ? evidence.rule : evidence.by;
}

function words(evidence: Evidence): string {
  switch (evidence.by) {
    case 'program':
      return 'asked for';
    case 'interpreter':
      return `interpreter ${evidence.name}`;
    case 'needed':
      return `needed as ${evidence.name} (${evidence.via})`;
    case 'shebang':
      return `script line ${evidence.line}`;
    case 'dlopen-note':
      return `dlopen note, ${evidence.feature} (${evidence.priority})`;
    case 'symbol':
      return `${evidence.rule}: calls ${evidence.symbol}`;
    case 'string':
      return `${evidence.rule}: names ${evidence.string}`;
    case 'runtime':
      return evidence.rule;
    case 'package':
      return `package ${evidence.package}`;
    case 'traced':
      return `opened by ${evidence.process}`;
    case 'include':
      return `included by ${evidence.pattern}`;
    case 'generated':
      return `generated: ${evidence.rule}`;
  }
}
