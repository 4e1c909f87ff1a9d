import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { RootfsError } from '../errors.ts';
import { errno, why } from './failure.ts';
import type { Pace } from './pace.ts';
import type { Sink } from './sink.ts';

/** A program of another package that does a part of our work. */
export interface Tool {
  readonly name: string;
  /** What to do where it is not installed. */
  readonly hint: string;
  /** Why its output could not be written; null where it ended for another reason. */
  writeFailure(code: number | null, said: string): string | null;
  /** Lines on standard error that are no complaint. */
  readonly chatter?: RegExp;
}

/** What a tool reads and writes, and how long it may. */
export interface ToolWork {
  readonly pace: Pace;
  /** Its standard input; one chunk stays valid while the next is made. */
  readonly chunks?: Iterable<Uint8Array>;
  /** Takes its standard output; else that is dropped. */
  readonly sink?: Sink;
}

/** Bytes of a tool's complaints that are kept. */
const STDERR_KEPT = 4096;
/** Where Debian keeps tools that an ordinary user's PATH does not name. */
const SYSTEM_DIRECTORIES = '/usr/local/sbin:/usr/sbin:/sbin';

/**
 * Runs a tool to its end. Nothing of it is left running, whatever happens.
 * @throws RootfsError ERR_MACHINE where it is missing or fails, ERR_OUTPUT where it cannot write, ERR_INTERRUPTED
 */
export async function runTool(
  tool: Tool,
  args: readonly string[],
  { pace, chunks, sink }: ToolWork,
): Promise<void> {
  const output = sink === undefined ? 'ignore' : (sink.fd ?? 'pipe');
  const child = spawn(tool.name, args, {
    // Straight into the file where there is one: a tenth faster than through us.
    stdio: [chunks === undefined ? 'ignore' : 'pipe', output, 'pipe'],
    env: environment(),
    killSignal: 'SIGKILL',
    ...(pace.signal === undefined ? {} : { signal: pace.signal }),
  });
  const ended = endOf(tool, child);
  const work = [ended];
  if (chunks !== undefined) work.push(feed(chunks, child.stdin as Writable, pace, ended));
  if (child.stdout !== null && sink !== undefined) work.push(drain(child.stdout, sink));
  try {
    await Promise.all(work);
  } finally {
    child.kill('SIGKILL');
    // Only when all of it is at rest may the caller take its files away.
    await Promise.allSettled(work);
  }
}

/** Ours, in the language that we read, without the one variable that times would be taken from behind our back. */
function environment(): NodeJS.ProcessEnv {
  const { SOURCE_DATE_EPOCH: _, ...rest } = process.env;
  return { ...rest, LC_ALL: 'C', PATH: `${process.env.PATH ?? ''}:${SYSTEM_DIRECTORIES}` };
}

/** Resolves when the tool has ended well, rejects with what it said otherwise. */
function endOf(tool: Tool, child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, STDERR_KEPT);
  });
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => reject(startFailure(tool, cause)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(toolFailure(tool, code, complaint(tool, said) || `it ended with ${signal ?? code}`));
    });
  });
}

function complaint({ chatter }: Tool, said: string): string {
  const lines = said.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !chatter?.test(line)).join('; ');
}

function startFailure({ name, hint }: Tool, cause: Error): RootfsError {
  if (errno(cause) !== 'ENOENT')
    return new RootfsError('ERR_MACHINE', `cannot run ${name}: ${why(cause)}`, { cause });
  return new RootfsError('ERR_MACHINE', `cannot run ${name}: it is not installed`, { cause, hint });
}

function toolFailure(tool: Tool, code: number | null, said: string): RootfsError {
  const unwritten = tool.writeFailure(code, said);
  if (unwritten === null) return new RootfsError('ERR_MACHINE', `cannot run ${tool.name}: ${said}`);
  return new RootfsError('ERR_OUTPUT', `cannot write the output of ${tool.name}: ${unwritten}`);
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
