import { fstatSync, writeSync } from 'node:fs';
import { encodeName } from '../bytes.ts';
import { outputFailure } from '../emit/failure.ts';
import { ANSI, type Paint, PLAIN } from '../report/paint.ts';
import { deviceNumbers } from '../sysroot/device-number.ts';

/** Where a command writes. */
export interface Terminal {
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  note(text: string): void;
  /** Colours for standard output; plain where it is no terminal or NO_COLOR is set. */
  readonly paint: Paint;
  /**
   * Shows one line of progress on standard error, over the last one; nothing where that is no terminal. An empty
   * line takes it away.
   */
  progress(line: string): void;
}

const STDOUT = 1;
const STDERR = 2;
/** Pause between tries on a full non-blocking pipe, milliseconds. */
const PAUSE = 2;

/**
 * The process' own streams, written synchronously: the first touch of process.stdout costs 3 ms, and text
 * written to it may be lost at process.exit.
 */
export function processTerminal(env: NodeJS.ProcessEnv): Terminal {
  let shown = false;
  return {
    out: (text) => write(STDOUT, text),
    note: (text) => write(STDERR, text),
    get paint() {
      return wantsColour(env) && isTerminal(STDOUT) ? ANSI : PLAIN;
    },
    progress(line) {
      if (!isTerminal(STDERR) || env.TERM === 'dumb') return;
      if (line === '' && !shown) return;
      shown = line !== '';
      write(STDERR, `\r\x1b[K${line}`);
    },
  };
}

/** Whether colour is wanted at all (https://no-color.org). */
function wantsColour(env: NodeJS.ProcessEnv): boolean {
  return (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/** Major numbers of character devices (Linux: Documentation/admin-guide/devices.txt). */
const MEMORY_MAJOR = 1;
const FIRST_PTY_MAJOR = 136;
const LAST_PTY_MAJOR = 143;

/** Loading node:tty costs more than most commands: the device number mostly answers without it. */
function isTerminal(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    if (!stat.isCharacterDevice()) return false;
    const { major } = deviceNumbers(stat.rdev);
    if (major === MEMORY_MAJOR) return false;
    return (
      (major >= FIRST_PTY_MAJOR && major <= LAST_PTY_MAJOR) || process.getBuiltinModule('node:tty').isatty(fd)
    );
  } catch {
    return false;
  }
}

/** Writes all of `text`; a reader that went away ends the process as SIGPIPE would. */
function write(fd: number, text: string): void {
  const bytes = encodeName(text);
  for (let at = 0; at < bytes.length; ) at += writeSome(fd, bytes, at);
}

function writeSome(fd: number, bytes: Uint8Array, at: number): number {
  try {
    return writeSync(fd, bytes, at);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
      return 0;
    }
    if (code === 'EPIPE') process.exit(128 + 13);
    if (fd === STDERR) process.exit(70);
    throw outputFailure('standard output', error);
  }
}
