import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fsName } from '../bytes.ts';
import { RootfsError } from '../errors.ts';
import { errno, outputFailure, why } from './failure.ts';
import { removeTree } from './remove-tree.ts';
import { type OutputKind, outputExists, refuseStanding, standingAt } from './standing.ts';

/** Attempts at a name that nobody has: one is enough, unless somebody works against us. */
const NAME_ATTEMPTS = 100;
/** Characters of the output's name that its stage bears: with all else well under NAME_MAX, 255 bytes. */
const NAME_KEPT = 50;

/** A place beside the output, in the same directory, where it grows until it is whole. */
export interface Stage {
  /** Absolute path of the output to be. */
  readonly output: string;
  /** Where to write until `commit`. */
  readonly path: string;
  /**
   * Puts what was written in the output's place. What stood there before stands until then, and again if
   * this fails.
   * @returns a warning where something could not be tidied up afterwards, else null.
   * @throws RootfsError ERR_OUTPUT_EXISTS, ERR_OUTPUT
   */
  commit(): Promise<string | null>;
  /** Removes what was written. Never throws: it runs while another error is on its way. */
  discard(): Promise<void>;
}

/** A stage for one file, open for writing until `commit` or `discard`. */
export interface FileStage extends Stage {
  readonly fd: number;
}

/** A fresh directory beside `output`, mode 0700. @throws RootfsError ERR_OUTPUT_EXISTS, ERR_OUTPUT, ERR_USAGE */
export function stageDirectory(output: string, force: boolean): Stage {
  const { target, firstMade, path } = prepare(output, 'directory', force, (name) =>
    mkdirSync(fsName(name), { mode: 0o700 }),
  );
  return {
    output: target,
    path,
    commit: () => commit(target, () => (force ? replaceTree(path, target) : settleTree(path, target))),
    discard: () => discard(path, target, firstMade),
  };
}

/** An empty file beside `output`. @throws RootfsError ERR_OUTPUT_EXISTS, ERR_OUTPUT, ERR_USAGE */
export function stageFile(output: string, force: boolean): FileStage {
  const {
    target,
    firstMade,
    path,
    made: fd,
  } = prepare(output, 'file', force, (name) => openSync(fsName(name), 'wx', 0o666));
  const finish = (): string | null => {
    fsyncSync(fd);
    return force ? replaceFile(path, target) : settleFile(path, target);
  };
  let open = true;
  const close = (): void => {
    if (open) closeSync(fd);
    open = false;
  };
  return {
    output: target,
    path,
    fd,
    commit: async () => {
      const warning = await commit(target, finish);
      close();
      return warning;
    },
    discard: async () => {
      close();
      await discard(path, target, firstMade);
    },
  };
}

interface Prepared<Made> {
  readonly target: string;
  /** The topmost parent directory that was made for the output. */
  readonly firstMade: string | null;
  readonly path: string;
  readonly made: Made;
}

function prepare<Made>(
  output: string,
  kind: OutputKind,
  force: boolean,
  make: (path: string) => Made,
): Prepared<Made> {
  const target = resolve(output);
  if (dirname(target) === target)
    throw new RootfsError('ERR_USAGE', `cannot write ${target}: it is the root directory of this machine`);
  refuseStanding(target, kind, force);
  let firstMade: string | null = null;
  try {
    firstMade = mkdirSync(fsName(dirname(target)), { recursive: true }) ?? null;
    return { target, firstMade, ...makeBeside(target, make) };
  } catch (cause) {
    removeEmptyParents(target, firstMade);
    throw outputFailure(target, cause);
  }
}

function makeBeside<Made>(target: string, make: (path: string) => Made): { path: string; made: Made } {
  for (let attempt = 1; ; attempt++) {
    const path = nameBeside(target);
    try {
      return { path, made: make(path) };
    } catch (cause) {
      if (errno(cause) !== 'EEXIST' || attempt === NAME_ATTEMPTS) throw cause;
    }
  }
}

function nameBeside(target: string): string {
  const random = Math.floor(Math.random() * 36 ** 8)
    .toString(36)
    .padStart(8, '0');
  return join(dirname(target), `.${basename(target).slice(0, NAME_KEPT)}.mkrootfs-${random}`);
}

/** Runs `place`, which returns where the directory that it replaced lies now, and makes the renames last. */
async function commit(target: string, place: () => string | null): Promise<string | null> {
  let old: string | null;
  try {
    old = place();
  } catch (cause) {
    throw outputFailure(target, cause);
  }
  syncDirectory(dirname(target));
  if (old === null) return null;
  try {
    await removeTree(old);
    return null;
  } catch (cause) {
    return `what stood at ${target} before could not be removed and lies at ${old}: ${why(cause)}`;
  }
}

/** rename(2) takes the place of an empty directory, never of anything else. */
function settleTree(path: string, output: string): null {
  try {
    renameSync(fsName(path), fsName(output));
    return null;
  } catch (cause) {
    if (['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes(errno(cause))) throw outputExists(output);
    throw cause;
  }
}

/** rename(2) would replace a file that appeared meanwhile; link(2) never does. */
function settleFile(path: string, output: string): null {
  try {
    linkSync(fsName(path), fsName(output));
  } catch {
    if (standingAt(output) !== null) throw outputExists(output);
    // This file system has no hard links.
    renameSync(fsName(path), fsName(output));
    return null;
  }
  unlinkSync(fsName(path));
  return null;
}

function replaceFile(path: string, output: string): string | null {
  if (standingAt(output)?.isDirectory()) return replaceTree(path, output);
  renameSync(fsName(path), fsName(output));
  return null;
}

/** @returns where what stood at `output` lies now; null where nothing stood there. */
function replaceTree(path: string, output: string): string | null {
  if (standingAt(output) === null) return settleTree(path, output);
  const old = nameBeside(output);
  renameSync(fsName(output), fsName(old));
  try {
    renameSync(fsName(path), fsName(output));
  } catch (cause) {
    renameSync(fsName(old), fsName(output));
    throw cause;
  }
  return old;
}

async function discard(path: string, target: string, firstMade: string | null): Promise<void> {
  try {
    await removeTree(path);
  } catch {
    // The error that made us discard says more than this one.
  }
  removeEmptyParents(target, firstMade);
}

/** A failed build leaves no directories that it made for its output. */
function removeEmptyParents(target: string, firstMade: string | null): void {
  if (firstMade === null) return;
  for (let at = dirname(target); at.length >= firstMade.length; at = dirname(at)) {
    try {
      rmdirSync(fsName(at));
    } catch {
      return;
    }
  }
}

/** Makes a rename last. File systems that cannot sync a directory are left to themselves. */
function syncDirectory(path: string): void {
  try {
    const fd = openSync(fsName(path), 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // The output is in its place; only a power cut at this very moment could undo that.
  }
}
