import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { relative } from 'node:path';
import { fsName } from '../bytes.ts';
import { RootfsError } from '../errors.ts';
import { outputFailure } from './failure.ts';

/** What an output is: a directory tree or one file. */
export type OutputKind = 'directory' | 'file';

/** lstat(2), null where nothing stands. @throws RootfsError ERR_OUTPUT where that cannot be told */
export function standingAt(path: string): Stats | null {
  try {
    return lstatSync(fsName(path), { throwIfNoEntry: false }) ?? null;
  } catch (cause) {
    throw outputFailure(path, cause);
  }
}

/** The error for an output that is there already. */
export function outputExists(path: string): RootfsError {
  return new RootfsError('ERR_OUTPUT_EXISTS', `cannot write ${path}: it exists already`, {
    path,
    hint: '--force replaces it',
  });
}

/**
 * Refuses before any work what could not be put in place at its end: anything without `force`, but for an
 * empty directory where a directory is to come; with it, what a build must never replace.
 * @throws RootfsError ERR_OUTPUT_EXISTS, ERR_OUTPUT
 */
export function refuseStanding(path: string, kind: OutputKind, force: boolean): void {
  const standing = standingAt(path);
  if (standing === null) return;
  if (!force) {
    if (kind === 'directory' && standing.isDirectory() && isEmpty(path)) return;
    throw outputExists(path);
  }
  if (!isReplaceable(path, standing))
    throw new RootfsError('ERR_OUTPUT', `cannot replace ${path}: it is neither a file nor a directory`, {
      path,
      hint: 'write to standard output with -o - and redirect it',
    });
  if (standing.isDirectory() && holdsWorkingDirectory(path))
    throw new RootfsError('ERR_OUTPUT', `cannot replace ${path}: the working directory lies in it`, {
      path,
      hint: 'change to another directory first',
    });
}

/** Devices, fifos and sockets are never replaced, nor links to them: /dev/stdout is such a link. */
function isReplaceable(path: string, standing: Stats): boolean {
  if (!standing.isSymbolicLink()) return standing.isFile() || standing.isDirectory();
  try {
    const end = statSync(fsName(path));
    return end.isFile() || end.isDirectory();
  } catch {
    // A link that leads nowhere is just a name.
    return true;
  }
}

function holdsWorkingDirectory(path: string): boolean {
  const way = relative(realpathSync(fsName(path)), process.cwd());
  return way !== '..' && !way.startsWith('../');
}

function isEmpty(directory: string): boolean {
  try {
    return readdirSync(fsName(directory)).length === 0;
  } catch {
    return false;
  }
}
