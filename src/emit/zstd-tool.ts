import type { Pace } from './pace.ts';
import type { Sink } from './sink.ts';
import { runTool, type Tool } from './tool.ts';

/** The exit code where its own output fails (zstd, programs/fileio_asyncio.c). */
const WRITE_ERROR = 70;

const ZSTD: Tool = {
  name: 'zstd',
  hint: 'install the package zstd, or choose gzip',
  writeFailure: (code, said) => (code === WRITE_ERROR ? (said.split(': ').at(-1) ?? said) : null),
};

/**
 * Compresses by the `zstd` tool, for a Node without zstd of its own.
 *
 * Fed through its standard input, its output is the same for any number of threads from one on (zstd 1.5),
 * though not for `--single-thread`; so two threads, whatever the machine has, bound its memory.
 * @param chunks of which one stays valid while the next is made.
 * @throws RootfsError ERR_MACHINE where there is no zstd or it fails.
 */
export function runZstd(level: number, chunks: Iterable<Uint8Array>, sink: Sink, pace: Pace): Promise<void> {
  const args = [`-${level}`, '-T2', '--quiet', '--check', '--stdout', '-'];
  return runTool(ZSTD, args, { chunks, sink, pace });
}
