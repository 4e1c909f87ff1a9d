import type { Attempt } from '../ldso/types.ts';
import type { RootPath } from '../sysroot/sysroot.ts';

/** What is wrong with a closure, as data: results, not exceptions. */
export type Problem =
  | {
      readonly kind: 'missing-library';
      readonly name: string;
      readonly neededBy: RootPath;
      readonly tried: readonly Attempt[];
    }
  | {
      readonly kind: 'missing-interpreter';
      readonly name: string;
      readonly neededBy: RootPath;
      readonly why: string;
    }
  | {
      readonly kind: 'missing-version';
      readonly name: string;
      readonly version: string;
      readonly neededBy: RootPath;
      readonly provider: RootPath;
    }
  | {
      readonly kind: 'missing-file';
      readonly name: string;
      readonly neededBy: RootPath;
      readonly why: string;
    }
  | {
      readonly kind: 'unbound-symbol';
      /** The symbol, `@VERSION` behind it where one is asked for. */
      readonly name: string;
      readonly neededBy: RootPath;
      readonly why: string;
    }
  | {
      readonly kind: 'unusable-file';
      readonly name: string;
      readonly neededBy: RootPath;
      readonly why: string;
    };

/** One line for people: what is missing and who wants it. */
export function problemTitle(problem: Problem): string {
  switch (problem.kind) {
    case 'missing-library':
      return `${problem.name} not found, needed by ${problem.neededBy}`;
    case 'missing-interpreter':
      return `interpreter ${problem.name} cannot be used (${problem.why}), needed by ${problem.neededBy}`;
    case 'missing-version':
      return `${problem.provider} lacks version ${problem.version}, needed by ${problem.neededBy}`;
    case 'unbound-symbol':
      return `symbol ${problem.name} not defined, needed by ${problem.neededBy}`;
    default:
      return `${problem.name}: ${problem.why}, needed by ${problem.neededBy}`;
  }
}
