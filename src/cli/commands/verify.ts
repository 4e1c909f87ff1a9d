import { statSync } from 'node:fs';
import { problemTitle } from '../../closure/problems.ts';
import { EXIT_CODES, RootfsError } from '../../errors.ts';
import { document } from '../../report/json.ts';
import { verificationText } from '../../report/verification.ts';
import { hostSysroot } from '../../sysroot/host.ts';
import type { Sysroot } from '../../sysroot/sysroot.ts';
import { verify } from '../../verify/verify.ts';
import type { Command, Flags } from '../command.ts';

export const command: Command = {
  run({ flags, operands }, terminal) {
    const [rootfs, ...more] = operands;
    if (rootfs === undefined || more.length > 0) {
      throw new RootfsError('ERR_USAGE', 'cannot verify: name one ROOTFS', {
        hint: 'mkrootfs verify rootfs',
      });
    }
    const verification = verify(openTree(rootfs), loaderOptions(flags));
    const { problems, checked } = verification;
    if (flags.has('json')) {
      const told = problems.map((problem) => ({ ...problem, title: problemTitle(problem) }));
      terminal.out(document({ rootfs, complete: problems.length === 0, checked, problems: told }));
    } else if (problems.length === 0) {
      terminal.out(verificationText(rootfs, verification, terminal.paint));
    } else {
      terminal.note(verificationText(rootfs, verification, terminal.paint));
    }
    return problems.length === 0 ? 0 : EXIT_CODES.ERR_INCOMPLETE;
  },
};

function openTree(rootfs: string): Sysroot {
  const stat = statSync(rootfs, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new RootfsError('ERR_NOT_FOUND', `cannot verify ${rootfs}: no such directory`);
  if (stat.isDirectory()) return hostSysroot(rootfs);
  throw new RootfsError('ERR_NOT_READABLE', `cannot verify ${rootfs}: it is not a directory`, {
    hint: 'unpack the archive first, then verify the directory',
  });
}

function loaderOptions(flags: Flags): { libraryPath?: string; preload?: string } {
  const libraryPath = flags.text('library-path');
  const preload = flags.text('preload');
  return { ...(libraryPath !== undefined && { libraryPath }), ...(preload !== undefined && { preload }) };
}
