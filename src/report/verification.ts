import { type Problem, problemTitle } from '../closure/problems.ts';
import { attemptLines } from './attempts.ts';
import { type Paint, PLAIN } from './paint.ts';
import { printable } from './printable.ts';

/** What a verification found, as far as it is told. */
export interface Verified {
  readonly problems: readonly Problem[];
  readonly checked: { readonly objects: number; readonly scripts: number; readonly links: number };
}

/** The outcome of `verify` for people: what was looked at, or every gap with what was tried. */
export function verificationText(
  rootfs: string,
  { problems, checked }: Verified,
  paint: Paint = PLAIN,
): string {
  if (problems.length === 0) {
    const { objects, scripts, links } = checked;
    const seen = `${objects} ELF files, ${scripts} scripts and ${links} links resolve inside`;
    return `${printable(rootfs)} is complete: ${seen}\n`;
  }
  const lines = problems.flatMap((problem) => [
    paint.bad(printable(problemTitle(problem))),
    ...tried(problem),
  ]);
  const gaps = problems.length === 1 ? '1 gap' : `${problems.length} gaps`;
  return `mkrootfs: cannot prove ${printable(rootfs)} complete: ${gaps}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function tried(problem: Problem): readonly string[] {
  return problem.kind === 'missing-library' ? attemptLines(problem.tried).map((line) => `  ${line}`) : [];
}
