import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { RootfsError } from '../errors.ts';
import { errno, why } from './failure.ts';
import type { Pace } from './pace.ts';
import type { Sink } from './sink.ts';

/** The tool's exit code where its own output fails (zstd, programs/fileio_asyncio.c). */
const WRITE_ERROR = 70;
/** Bytes of the tool's complaints that are kept. */
const STDERR_KEPT = 4096;

/**
 * Compresses by the `zstd` tool, for a Node without zstd of its own.
 *
 * Fed through its standard input, its output is the same for any number of threads from one on (zstd 1.5),
 * though not for `--single-thread`; so two threads, whatever the machine has, bound its memory.
 * @param chunks of which one stays valid while the next is made.
 * @throws RootfsError ERR_MACHINE where there is no zstd or it fails.
 */
export async function runZstd(
  level: number,
  chunks: Iterable<Uint8Array>,
  sink: Sink,
  pace: Pace,
): Promise<void> {
  const tool = spawn('zstd', [`-${level}`, '-T2', '--quiet', '--check', '--stdout', '-'], {
    // Straight into the file where there is one: a tenth faster than through us.
    stdio: ['pipe', sink.fd ?? 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
    killSignal: 'SIGKILL',
    ...(pace.signal === undefined ? {} : { signal: pace.signal }),
  });
  const ended = endOf(tool);
  const work = [feed(chunks, tool.stdin as Writable, pace, ended), ended];
  if (tool.stdout !== null) work.push(drain(tool.stdout, sink));
  try {
    await Promise.all(work);
  } finally {
    tool.kill('SIGKILL');
    // Only when all of it is at rest may the caller take its files away.
    await Promise.allSettled(work);
  }
}

/** Resolves when the tool has ended well, rejects with what it said otherwise. */
function endOf(tool: ChildProcess): Promise<void> {
  let said = '';
  tool.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, STDERR_KEPT);
  });
  return new Promise((resolve, reject) => {
    tool.on('error', (cause) => reject(startFailure(cause)));
    tool.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(toolFailure(code, said.trim() || `it ended with ${signal ?? code}`));
    });
  });
}

function startFailure(cause: Error): RootfsError {
  if (errno(cause) !== 'ENOENT')
    return new RootfsError('ERR_MACHINE', `cannot run zstd: ${why(cause)}`, { cause });
  return new RootfsError('ERR_MACHINE', 'cannot run zstd: it is not installed', {
    cause,
    hint: 'install the package zstd, or choose tar.gz',
  });
}

function toolFailure(code: number | null, said: string): RootfsError {
  if (code !== WRITE_ERROR) return new RootfsError('ERR_MACHINE', `cannot run zstd: ${said}`);
  return new RootfsError('ERR_OUTPUT', `cannot write the output of zstd: ${said.split(': ').at(-1)}`);
}

/** Writes each chunk while the next is being read. */
async function feed(
  chunks: Iterable<Uint8Array>,
  stdin: Writable,
  pace: Pace,
  ended: Promise<void>,
): Promise<void> {
  // The error comes to the callback of `write` as well.
  stdin.on('error', () => {});
  let underway: Promise<void> = Promise.resolve();
  const send = (chunk: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      // A tool that takes no more has died: what it died of is the error, not the broken pipe.
      stdin.write(chunk, (error) => {
        if (error) ended.then(() => reject(error), reject);
        else resolve();
      });
    });
  for (const chunk of chunks) {
    await underway;
    pace.check();
    underway = send(chunk);
    // Awaited one chunk later; a failure until then is not unhandled.
    underway.catch(() => {});
  }
  await underway;
  stdin.end();
}

async function drain(stdout: Readable, sink: Sink): Promise<void> {
  for await (const chunk of stdout) await sink.write(chunk as Uint8Array);
}
