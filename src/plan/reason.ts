import type { Closure, Evidence, Node } from '../closure/types.ts';
import { RootfsError } from '../errors.ts';
import type { RootPath } from '../sysroot/sysroot.ts';

/** Why an entry is in the rootfs, and who wanted it. */
export interface Reason {
  readonly evidence: Evidence;
  readonly neededBy: RootPath | null;
}

const PROGRAM: Reason = { evidence: { by: 'program' }, neededBy: null };

/** The reason of entries that a rule makes up. */
export function generated(rule: string): Reason {
  return { evidence: { by: 'generated', rule }, neededBy: null };
}

/** The first reason that a closure holds for each of its files. */
export class Reasons {
  readonly #first = new Map<string, Reason>();

  constructor({ programs, edges }: Closure) {
    for (const program of programs) this.#first.set(program, PROGRAM);
    for (const { from, to, evidence } of edges) {
      if (to !== null && !this.#first.has(to)) this.#first.set(to, { evidence, neededBy: from });
    }
  }

  /** @throws RootfsError ERR_INTERNAL when no edge leads to the node: nobody could say why it is there. */
  of(node: Node): Reason {
    const reason = this.#first.get(node.path) ?? this.#first.get(node.realPath);
    if (reason !== undefined) return reason;
    if (node.role === 'program') return PROGRAM;
    throw new RootfsError('ERR_INTERNAL', `cannot plan ${node.path}: no edge of the closure leads to it`, {
      path: node.path,
    });
  }
}

/** A reason for people, as it ends a sentence: `needed by /bin/sh`, `included by /etc/*.conf`. */
export function reasonText({ evidence, neededBy }: Reason): string {
  switch (evidence.by) {
    case 'program':
      return 'it is a program to run';
    case 'include':
      return `included by ${evidence.pattern}`;
    case 'generated':
      return `made up by rule ${evidence.rule}`;
    default:
      return neededBy === null ? `found by ${evidence.by}` : `needed by ${neededBy}`;
  }
}
