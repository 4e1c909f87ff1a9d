import { readElf } from '../../src/elf/read-elf.ts';
import { hostSysroot } from '../../src/sysroot/host.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';
import { median } from '../pairs.ts';
import type { Result, Row } from '../row.ts';
import { FEW } from '../subjects.ts';

const READS = 300;
const ROUNDS = 15;

/** A file's size plays no part in how long it takes to read. */
export const sizeRows: readonly Row[] = [
  {
    id: 'P15',
    title: 'reading node (some 100 MB) / reading echo',
    unit: 'x',
    gate: 1.5,
    stretch: 1.2,
    measure: () => compare(process.execPath, FEW),
  },
];

function compare(large: string, small: string): Result {
  readMany(large);
  readMany(small);
  const times = Array.from({ length: ROUNDS }, () => [readMany(large), readMany(small)] as const);
  const ratios = times.map(([a, b]) => a / b);
  return {
    value: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
    milliseconds: [median(times.map(([a]) => a / READS)), median(times.map(([, b]) => b / READS))],
    pairs: ROUNDS,
    commands: [`readElf(${large})`, `readElf(${small})`],
  };
}

function readMany(path: string): number {
  const sysroot = hostSysroot();
  const start = performance.now();
  for (let i = 0; i < READS; i++) {
    const source = sysroot.open(rootPath(path));
    if (typeof source === 'string') throw new Error(`cannot open ${path}: ${source}`);
    readElf(source, path);
    source.close();
  }
  return performance.now() - start;
}
