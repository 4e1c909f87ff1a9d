import { fileCalls } from '../counts.ts';
import { type Command, paired } from '../pairs.ts';
import type { MeasureOptions, Result, Row } from '../row.ts';
import { elfFiles, type List, MANY, MKROOTFS, output } from '../subjects.ts';
import { mkrootfs } from './start.ts';

const BIN = ['/usr/bin', '/usr/sbin'];
/** One process over all programs of the machine. */
export const bulkRows: readonly Row[] = [
  {
    id: 'P4',
    title: 'resolve all of /usr/bin and /usr/sbin / libtree -vv',
    needs: ['libtree'],
    unit: 'x',
    gate: 1.6,
    stretch: 1.2,
    measure: (options) => against(bin(), libtree(bin(), '-vv'), 11, options),
  },
  {
    id: 'P5',
    title: 'resolve all of /usr/bin, /usr/sbin and /usr/lib / libtree -vv',
    needs: ['libtree'],
    unit: 'x',
    gate: 1.05,
    stretch: 0.85,
    measure: (options) => against(all(), libtree(all(), '-vv'), 7, options),
  },
  {
    id: 'P6',
    title: 'resolve all of /usr/bin and /usr/sbin / libtree -vvv',
    needs: ['libtree'],
    unit: 'x',
    gate: 1 / 12,
    stretch: 1 / 17,
    measure: (options) => against(bin(), libtree(bin(), '-vvv'), 3, options),
  },
  {
    id: 'P6',
    title: 'resolve all of /usr/bin and /usr/sbin / lddtree',
    needs: ['pax-utils', 'python3-pyelftools'],
    unit: 'x',
    gate: 1 / 60,
    stretch: 1 / 120,
    measure: (options) => against(bin(), lddtree(bin()), 3, options),
  },
  {
    id: 'P6',
    title: 'resolve all of /usr/bin and /usr/sbin / ldd, one by one',
    unit: 'x',
    gate: 1 / 80,
    stretch: 1 / 115,
    measure: (options) => against(bin(), lddLoop(bin()), 3, options),
  },
  {
    id: 'P7',
    title: 'system calls on files for each unique ELF file, 215 libraries',
    needs: ['strace', 'ffmpeg'],
    unit: 'calls',
    gate: 5.2,
    stretch: 4.7,
    measure: () => calls([MANY], ['resolve', MANY]),
  },
  {
    id: 'P7',
    title: 'system calls on files for each unique ELF file, all of /usr/bin and /usr/sbin',
    needs: ['strace'],
    unit: 'calls',
    gate: 5.2,
    stretch: 4.7,
    measure: () => calls(bin().paths, ['resolve', '--from', bin().file]),
  },
];

function bin(): List {
  return elfFiles('bin', BIN);
}

function all(): List {
  return elfFiles('all', BIN, ['/usr/lib']);
}

function against({ file, paths }: List, peer: Command, pairs: number, options: MeasureOptions): Result {
  const ours = { ...mkrootfs('resolve', '--paths', '--from', file), anyCode: true };
  const files = output(['resolve', '--paths', '--from', file], true).split('\n').length - 1;
  return {
    ...paired(ours, peer, pairs, options),
    note: `${paths.length} programs, ${files} unique ELF files`,
  };
}

function libtree({ paths, file }: List, verbosity: string): Command {
  return {
    argv: ['libtree', verbosity, ...paths],
    shown: `libtree ${verbosity} $(cat ${file})`,
    anyCode: true,
  };
}

function lddtree({ paths, file }: List): Command {
  const argv = ['/usr/bin/python3', '/usr/bin/lddtree', ...paths];
  return { argv, shown: `lddtree $(cat ${file})`, anyCode: true };
}

function lddLoop({ file }: List): Command {
  // 123: some call of xargs failed, here ldd for a static program.
  return { argv: ['xargs', '-n1', 'ldd'], input: file, anyCode: true };
}

function calls(programs: readonly string[], words: readonly string[]): Result {
  const files = output([...words, '--paths'], true).split('\n').length - 1;
  const made = fileCalls([process.execPath, MKROOTFS, ...words]);
  return {
    value: made / files,
    commands: [`strace -f -c mkrootfs ${words.join(' ')}`],
    note: `${programs.length} programs, ${files} unique ELF files, ${made} calls`,
  };
}
