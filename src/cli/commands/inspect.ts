import { readNotes } from '../../elf/notes.ts';
import { readElf } from '../../elf/read-elf.ts';
import { RootfsError } from '../../errors.ts';
import { cannotOpen } from '../../ldso/program.ts';
import { type Inspection, inspectionText } from '../../report/inspection.ts';
import { document } from '../../report/json.ts';
import { hostSysroot } from '../../sysroot/host.ts';
import type { ByteSource, RootPath, Sysroot } from '../../sysroot/sysroot.ts';
import type { Command } from '../command.ts';
import { elfNames } from '../elf-names.ts';
import { describeFailure } from '../failure.ts';
import { locatePrograms } from '../programs.ts';

export const command: Command = {
  async run({ flags, operands }, terminal) {
    if (operands.length === 0) {
      throw new RootfsError('ERR_USAGE', 'cannot inspect: no FILE is named', {
        hint: 'mkrootfs inspect /bin/sh',
      });
    }
    const sysroot = hostSysroot('/');
    const inspections: Inspection[] = [];
    let exitCode = 0;
    // One bad file among many must not hide the others.
    for (const path of locatePrograms(operands, sysroot, process.cwd())) {
      try {
        inspections.push(await inspect(path, sysroot));
      } catch (error) {
        const failure = describeFailure(error);
        terminal.note(failure.text);
        exitCode = failure.exitCode;
      }
    }
    if (flags.has('json')) terminal.out(document({ files: inspections }));
    else terminal.out(inspections.map((one) => inspectionText(one, terminal.paint)).join('\n'));
    return exitCode;
  },
};

async function inspect(path: RootPath, sysroot: Sysroot): Promise<Inspection> {
  const source = open(path, sysroot);
  try {
    const image = readElf(source, path);
    const notes = readNotes(source, path);
    return { path, image, notes, names: await elfNames(source, image.class, image.byteOrder) };
  } finally {
    source.close();
  }
}

function open(path: RootPath, sysroot: Sysroot): ByteSource {
  const source = sysroot.open(path);
  if (typeof source === 'string') throw cannotOpen(path, source);
  return source;
}
