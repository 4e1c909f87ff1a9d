import { OUT, paired } from '../pairs.ts';
import type { MeasureOptions, Result, Row } from '../row.ts';
import { filesOf, LARGE } from '../subjects.ts';
import { mkrootfs } from './start.ts';

/** Some 500 MB into one archive on tmpfs; we resolve and verify within the time, the peers are given the list. */
export const archiveRows: readonly Row[] = [
  {
    id: 'P8',
    title: 'tar / GNU tar',
    needs: ['ffmpeg', 'gdb'],
    unit: 'x',
    gate: 1.05,
    stretch: 0.94,
    measure: (options) => archive('tar', [], 9, options),
  },
  {
    id: 'P10',
    title: "tar.zst / tar -I 'zstd -3 -T2'",
    needs: ['ffmpeg', 'gdb', 'zstd'],
    unit: 'x',
    gate: 1.1,
    stretch: 1,
    measure: (options) => archive('tar.zst', ['-I', 'zstd -3 -T2'], 5, options),
  },
  {
    id: 'P11',
    title: "tar.gz / tar -I 'pigz -6 -p2'",
    needs: ['ffmpeg', 'gdb', 'pigz'],
    unit: 'x',
    gate: 0.8,
    stretch: 0.73,
    measure: (options) => archive('tar.gz', ['-I', 'pigz -6 -p2'], 3, options),
  },
];

function archive(
  format: string,
  compressor: readonly string[],
  pairs: number,
  options: MeasureOptions,
): Result {
  const { file, paths, bytes } = filesOf('large', LARGE);
  const ours = mkrootfs('build', '-f', format, '--discover', 'none', '--quiet', '-o', OUT, ...LARGE);
  const tar = { argv: ['tar', '-C', '/', '--no-recursion', ...compressor, '-cf', OUT, '-T', file] };
  const result = paired(ours, tar, pairs, options);
  return { ...result, note: `${paths.length} files, ${Math.round(bytes / 1e6)} MB` };
}
