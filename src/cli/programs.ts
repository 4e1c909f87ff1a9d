import { RootfsError } from '../errors.ts';
import { COMMAND_PATH } from '../ldso/script-chain.ts';
import { type RootPath, rootPath, type Sysroot } from '../sysroot/sysroot.ts';

/**
 * Programs as typed, to paths inside the sysroot.
 *
 * A path is taken as it is, a relative one from `directory`. A name without a slash is the file of that name in
 * `directory`, else the first of that name in the usual directories of the sysroot.
 * @param directory the working directory as a path inside the sysroot
 */
export function locatePrograms(
  names: readonly string[],
  sysroot: Sysroot,
  directory: string,
): readonly RootPath[] {
  return names.map((name) => locate(name, sysroot, directory));
}

function locate(name: string, sysroot: Sysroot, directory: string): RootPath {
  if (name === '') throw new RootfsError('ERR_USAGE', 'cannot read the command line: a PROGRAM is empty');
  if (name.startsWith('/')) return rootPath(name);
  const here = rootPath(`${directory === '/' ? '' : directory}/${name.replace(/^(\.\/+)+/, '')}`);
  if (name.includes('/') || sysroot.stat(here)?.type === 'file') return here;
  const candidates = COMMAND_PATH.map((searched) => rootPath(`${searched}/${name}`));
  const found = candidates.find((path) => sysroot.stat(path)?.type === 'file');
  if (found) return found;
  if (sysroot.exists(here)) return here;
  throw new RootfsError('ERR_NOT_FOUND', `cannot find program ${name}: no such file`, {
    path: name,
    tried: [here, ...candidates],
  });
}
