import { dirname, resolve } from 'node:path/posix';
import type { Problem } from '../closure/problems.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import type { Tree } from './walk-tree.ts';

/** Every symbolic link leads to something inside, or below a mount point that is filled when a program runs. */
export function checkLinks({ links }: Tree, sysroot: Sysroot, report: (problem: Problem) => void): void {
  for (const link of links) {
    const real = sysroot.realpath(link);
    if (typeof real !== 'string') continue;
    const target = sysroot.readlink(link);
    if (/^\/(proc|sys|dev|run|tmp)(\/|$)/.test(resolve(dirname(link), target))) continue;
    const why = real === 'ELOOP' ? 'the link runs in a circle' : `its target ${target} is not inside`;
    report({ kind: 'missing-file', name: link, neededBy: link, why });
  }
}
