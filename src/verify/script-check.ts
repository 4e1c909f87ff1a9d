import type { Problem } from '../closure/problems.ts';
import { scriptRequests } from '../ldso/script-chain.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import type { Tree } from './walk-tree.ts';

/** Every executable script's interpreter, and the command that env(1) starts for it, is there. */
export function checkScripts({ scripts }: Tree, sysroot: Sysroot, report: (problem: Problem) => void): void {
  for (const { path, shebang } of scripts) {
    for (const { name, path: found } of scriptRequests(sysroot, shebang)) {
      if (found !== null) continue;
      const why = name === '' ? 'the #! line names none' : 'no executable file of that name';
      report({ kind: 'missing-interpreter', name: name === '' ? shebang.line : name, neededBy: path, why });
    }
  }
}
