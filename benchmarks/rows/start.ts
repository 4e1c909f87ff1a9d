import { type Command, paired } from '../pairs.ts';
import type { Row } from '../row.ts';
import { FEW, MANY, MKROOTFS, SOME } from '../subjects.ts';

const NODE: Command = { argv: [process.execPath, '-e', '0'], shown: 'node -e 0' };
/** Debian's own Python: another one first in PATH lacks pyelftools. */
const LDDTREE = ['/usr/bin/python3', '/usr/bin/lddtree'];

/** One process over one program. */
export const startRows: readonly Row[] = [
  start('P1', '--help', ['--help'], 1.1, 1.06, 40),
  start('P1', 'resolve, 2 libraries', ['resolve', FEW], 1.1, 1.06, 40),
  start('P2', 'resolve, 60 libraries', ['resolve', SOME], 1.2, 1.12, 30),
  start('P2', 'resolve, 215 libraries', ['resolve', MANY], 1.4, 1.25, 30),
  {
    id: 'P1',
    title: 'resolve, 2 libraries / ldd',
    unit: 'x',
    gate: 4,
    stretch: 2.9,
    measure: (options) => paired(mkrootfs('resolve', FEW), { argv: ['ldd', FEW] }, 20, options),
  },
  lddtree('resolve, 2 libraries', FEW, 1 / 2.5, 1 / 2.7),
  lddtree('resolve, 60 libraries', SOME, 1 / 4.5, 1 / 5.2),
  lddtree('resolve, 215 libraries', MANY, 1 / 8, 1 / 10),
];

function start(
  id: string,
  title: string,
  words: readonly string[],
  gate: number,
  stretch: number,
  pairs: number,
): Row {
  return {
    id,
    needs: ['ffmpeg', 'gdb'],
    title: `${title} / node -e 0`,
    unit: 'x',
    gate,
    stretch,
    measure: (options) => paired(mkrootfs(...words), NODE, pairs, options),
  };
}

function lddtree(title: string, program: string, gate: number, stretch: number): Row {
  return {
    id: 'P3',
    needs: ['ffmpeg', 'gdb', 'pax-utils', 'python3-pyelftools'],
    title: `${title} / lddtree`,
    unit: 'x',
    gate,
    stretch,
    measure: (options) => paired(mkrootfs('resolve', program), { argv: [...LDDTREE, program] }, 10, options),
  };
}

export function mkrootfs(...words: readonly string[]): Command {
  return { argv: [process.execPath, MKROOTFS, ...words], shown: `mkrootfs ${words.join(' ')}` };
}
