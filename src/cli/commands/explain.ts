import { statSync } from 'node:fs';
import { findClosure } from '../../closure/closure.ts';
import { type EvidenceGraph, evidenceGraph, explain } from '../../closure/explain.ts';
import { EXIT_CODES, RootfsError } from '../../errors.ts';
import { selectFinders } from '../../finders/index.ts';
import { explanationText } from '../../report/explanation.ts';
import { document } from '../../report/json.ts';
import { hostSysroot } from '../../sysroot/host.ts';
import type { Command, Flags } from '../command.ts';
import { locatePrograms } from '../programs.ts';
import { rootfsEvidence } from '../rootfs-evidence.ts';

export const command: Command = {
  run({ flags, operands }, terminal) {
    const [subject, name, ...more] = operands;
    if (subject === undefined || name === undefined || more.length > 0) {
      throw new RootfsError('ERR_USAGE', 'cannot explain: name a ROOTFS or PROGRAM, and one PATH or SONAME', {
        hint: 'mkrootfs explain /bin/ls libc.so.6',
      });
    }
    const explanation = explain(evidence(subject, flags), name);
    terminal.out(
      flags.has('json')
        ? document({ name, ...explanation })
        : explanationText(explanation, name, terminal.paint),
    );
    return explanation.kind === 'included' ? 0 : EXIT_CODES.ERR_INCOMPLETE;
  },
};

function evidence(subject: string, flags: Flags): EvidenceGraph {
  const inSysroot = flags.has('sysroot');
  if (!inSysroot && statSync(subject, { throwIfNoEntry: false })?.isDirectory())
    return rootfsEvidence(subject);
  const sysroot = hostSysroot(flags.text('sysroot') ?? '/');
  const programs = locatePrograms([subject], sysroot, inSysroot ? '/' : process.cwd());
  const libraryPath = flags.text('library-path');
  const preload = flags.text('preload');
  const closure = findClosure(programs, sysroot, {
    finders: selectFinders(flags.text('discover')?.split(',') ?? 'auto'),
    attempts: true,
    ...(libraryPath !== undefined && { libraryPath }),
    ...(preload !== undefined && { preload }),
  });
  return evidenceGraph(closure);
}
