import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { peakMemory } from '../counts.ts';
import { MEMORY, median } from '../pairs.ts';
import type { Row } from '../row.ts';
import { elfFiles, FEW, LARGE, MKROOTFS } from '../subjects.ts';

const RUNS = 3;

/** Peak resident memory; `node -e 0` alone has 38 MiB. */
export const memoryRows: readonly Row[] = [
  peak('resolve, 2 libraries', 44, 38, () => ['resolve', FEW]),
  peak('resolve all of /usr/bin, /usr/sbin and /usr/lib', 56, 51, () => {
    return ['resolve', '--paths', '--from', elfFiles('all', ['/usr/bin', '/usr/sbin'], ['/usr/lib']).file];
  }),
  peak('tar of some 500 MB', 60, 44, (out) => build(out, 'tar')),
  peak('tar.zst of some 500 MB, the zstd process apart', 125, 80, (out) => build(out, 'tar.zst')),
];

function build(out: string, format: string): readonly string[] {
  return ['build', '-f', format, '--discover', 'none', '--quiet', '-o', out, ...LARGE];
}

function peak(title: string, gate: number, stretch: number, words: (out: string) => readonly string[]): Row {
  return {
    id: 'P14',
    title: `peak memory: ${title}`,
    unit: 'MiB',
    needs: ['time', 'ffmpeg', 'gdb', 'zstd'],
    gate,
    stretch,
    measure: () => {
      const scratch = mkdtempSync(join(MEMORY, 'mkrootfs-bench-'));
      const peaks: number[] = [];
      try {
        for (let run = 0; run < RUNS; run++) {
          peaks.push(peakMemory([process.execPath, MKROOTFS, ...words(join(scratch, String(run)))]));
        }
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
      const [command = ''] = words('OUT').slice(0, 1);
      return {
        value: median(peaks),
        spread: [Math.min(...peaks), Math.max(...peaks)],
        commands: [`/usr/bin/time -f %M mkrootfs ${command} ...`],
      };
    },
  };
}
