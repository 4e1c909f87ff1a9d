import assert from 'node:assert/strict';
import { peakMemory } from '../../benchmarks/counts.ts';
import { needs } from '../helpers/capabilities.ts';
import { BINARY } from '../helpers/command-line.ts';
import { scratch } from '../helpers/scratch.ts';

const TIME = { tool: '/usr/bin/time', package: 'time' };
/** MiB that 100 MB may take more than 5 MB: noise, and for gzip the members that are compressed at once. */
const ROOM: readonly (readonly [format: string, room: number])[] = [
  ['dir', 10],
  ['tar', 10],
  ['tar.gz', 45],
];

describe('peak memory', function () {
  this.timeout(60_000);
  const files = scratch();

  it('of resolving one program is at most 10 MiB above that of node alone', function () {
    needs(this, TIME);
    const node = peakMemory([process.execPath, '-e', '0']);
    const resolve = peakMemory([process.execPath, BINARY, 'resolve', '/bin/bash']);
    assert.ok(node > 10, `${node} MiB: nothing was measured`);
    assert.ok(resolve <= node + 10, `${resolve} MiB, node alone ${node} MiB`);
  });

  for (const [format, room] of ROOM) {
    it(`of writing ${format} does not grow with the bytes written`, function () {
      needs(this, TIME);
      const small = build(format, '/bin/bash');
      const large = build(format, process.execPath);
      assert.ok(large <= small + room, `${large} MiB for 100 MB, ${small} MiB for 5 MB`);
    });
  }

  function build(format: string, program: string): number {
    const out = files.path(`${format}-${program.replaceAll('/', '-')}`);
    const words = ['build', '-f', format, '--discover', 'none', '--quiet', '-o', out, program];
    return peakMemory([process.execPath, BINARY, ...words]);
  }
});
