import type { Problem } from '../closure/problems.ts';
import { Loader, type LoaderOptions } from '../ldso/loader.ts';
import { SymbolTables } from '../ldso/symbol-tables.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';
import { checkCache } from './cache-check.ts';
import { checkLinks } from './link-check.ts';
import { checkObjects } from './object-check.ts';
import { checkScripts } from './script-check.ts';
import { type Tree, walkTree } from './walk-tree.ts';

/** Options of {@link verify}. */
export interface VerifyOptions extends LoaderOptions {
  /** Programs that must be there and start; what else is found is checked too. */
  readonly programs?: readonly RootPath[];
  /** Whether every symbol that a program and its libraries ask for must be defined. @default true */
  readonly symbols?: boolean;
}

/** What a verification found. */
export interface Verification {
  readonly problems: readonly Problem[];
  /** How much was looked at. */
  readonly checked: { readonly objects: number; readonly scripts: number; readonly links: number };
}

/**
 * Proves a finished tree a closed world without running anything in it: every NEEDED library, symbol version,
 * symbol of a program, PT_INTERP, `#!` and symbolic link of every file resolves inside it, its loader cache names files that are
 * there, and nothing in it is for another machine than its programs.
 */
export function verify(sysroot: Sysroot, options: VerifyOptions = {}): Verification {
  const tree = walkTree(sysroot);
  const loader = new Loader(sysroot, options);
  const problems: Problem[] = [];
  const report = (problem: Problem): void => void problems.push(problem);
  checkPrograms(options.programs ?? [], sysroot, report);
  checkObjects(tree, loader, options.symbols === false ? null : new SymbolTables(sysroot), report);
  checkScripts(tree, sysroot, report);
  checkLinks(tree, sysroot, report);
  checkCache(tree, sysroot, report);
  return { problems, checked: counts(tree) };
}

function checkPrograms(
  programs: readonly RootPath[],
  sysroot: Sysroot,
  report: (problem: Problem) => void,
): void {
  for (const path of programs) {
    if (!sysroot.exists(path))
      report({ kind: 'missing-file', name: path, neededBy: path, why: 'the program is not there' });
  }
}

function counts({ objects, scripts, links }: Tree): Verification['checked'] {
  return { objects: objects.length, scripts: scripts.length, links: links.length };
}
