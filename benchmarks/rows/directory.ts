import { join } from 'node:path';
import { MEMORY, OUT, paired } from '../pairs.ts';
import type { MeasureOptions, Result, Row } from '../row.ts';
import { filesOf, LARGE, MANY } from '../subjects.ts';
import { mkrootfs } from './start.ts';

/** A place on disk, for the rows that say so. */
const DISK = join(import.meta.dirname, '../results/scratch');

/** Directories, the copies of which are new in each run. */
export const directoryRows: readonly Row[] = [
  {
    id: 'P12',
    title: 'resolve and copy, 215 libraries / dracut-install, tmpfs',
    needs: ['ffmpeg', 'dracut-core'],
    unit: 'x',
    gate: 0.45,
    stretch: 0.28,
    measure: (options) =>
      copyOne(['/usr/lib/dracut/dracut-install', '-D', `${OUT}/`, '--ldd', MANY], MEMORY, options),
  },
  {
    id: 'P12',
    title: 'resolve and copy, 215 libraries / dracut-install, disk',
    needs: ['ffmpeg', 'dracut-core'],
    unit: 'x',
    gate: 0.45,
    stretch: 0.37,
    measure: (options) =>
      copyOne(['/usr/lib/dracut/dracut-install', '-D', `${OUT}/`, '--ldd', MANY], DISK, options),
  },
  {
    id: 'P12',
    title: 'resolve and copy, 215 libraries / jk_cp, disk',
    needs: ['ffmpeg', 'jailkit'],
    unit: 'x',
    gate: 0.9,
    stretch: 0.79,
    measure: (options) => copyOne(['jk_cp', '-j', `${OUT}/`, MANY], DISK, options),
  },
  {
    id: 'P13',
    title: 'directory of some 500 MB / cp -a, tmpfs',
    needs: ['ffmpeg', 'gdb'],
    unit: 'x',
    gate: 0.75,
    stretch: 0.58,
    measure: (options) => copyMany(MEMORY, 7, options),
  },
  {
    id: 'P13',
    title: 'directory of some 500 MB / cp -a, disk',
    needs: ['ffmpeg', 'gdb'],
    unit: 'x',
    gate: 1.4,
    stretch: 1,
    measure: (options) => copyMany(DISK, 5, options),
  },
];

function copyOne(argv: readonly string[], place: string, options: MeasureOptions): Result {
  return paired(build([MANY]), { argv }, 7, options, place);
}

function copyMany(place: string, pairs: number, options: MeasureOptions): Result {
  const { file, paths, bytes } = filesOf('large', LARGE);
  const copy = ['xargs', '-d', '\\n', 'cp', '-a', '--parents', '-t', `${OUT}/`];
  const peer = { argv: copy, cwd: '/', input: file };
  const result = paired(build(LARGE), peer, pairs, options, place);
  return { ...result, note: `${paths.length} files, ${Math.round(bytes / 1e6)} MB` };
}

function build(programs: readonly string[]): ReturnType<typeof mkrootfs> {
  return mkrootfs('build', '--discover', 'none', '--quiet', '-o', OUT, ...programs);
}
