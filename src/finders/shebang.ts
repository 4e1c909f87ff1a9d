import type { Finder } from '../closure/finder.ts';
import { openProgram } from '../ldso/program.ts';
import { scriptRequests } from '../ldso/script-chain.ts';

/** The interpreter of a script, and through env(1) the command that it starts. */
export const shebang: Finder = {
  name: 'shebang',
  *find(node, context) {
    if (node.role !== 'script') return;
    const program = openProgram(context.loader.files, node.path);
    if (program.kind !== 'script') return;
    const { line } = program.shebang;
    for (const { name, path, tried } of scriptRequests(context.sysroot, program.shebang)) {
      if (path === null) {
        const why = tried.map((attempt) => `${attempt.path}: ${attempt.why ?? attempt.verdict}`).join(', ');
        context.problem({ kind: 'missing-interpreter', name, neededBy: node.path, why });
      }
      yield { from: node.path, to: path, want: name, role: 'program', evidence: { by: 'shebang', line } };
    }
  },
};
