import { RootfsError } from '../errors.ts';
import type { Inclusion, SysrootInclusion } from '../plan/options.ts';
import { expandGlob, isGlob } from '../sysroot/glob.ts';
import { rootPath, type Sysroot } from '../sysroot/sysroot.ts';
import { type Machine, putFiles } from './put-files.ts';

/**
 * Reads what `--include` asks for, in order: a path of the sysroot, a glob of such paths, `SRC:DEST` for files
 * of the host, or `!GLOB` for what the patterns before it leave out. A path that exists is that path, whatever
 * characters are in it; a colon followed by a slash divides `SRC:DEST`.
 * @throws RootfsError ERR_NOT_FOUND when a pattern matches nothing, ERR_USAGE when it cannot be understood,
 * ERR_NOT_READABLE for a host file that cannot be read.
 */
export async function readInclusions(
  patterns: readonly string[],
  sysroot: Sysroot,
  machine: Machine,
): Promise<readonly Inclusion[]> {
  const inclusions: Inclusion[] = [];
  let before = 0;
  for (const [i, pattern] of patterns.entries()) {
    if (isNegated(pattern)) {
      if (before === 0) throw unusable(pattern, 'it takes from the patterns before it, and there are none');
      continue;
    }
    before++;
    const except = patterns.slice(i + 1).filter(isNegated);
    const globs = except.map((negated) => rootPath(negated.slice(1)));
    inclusions.push(await readOne(pattern, globs, sysroot, machine));
  }
  return inclusions;
}

/** `!(a|b)` is an extended glob. */
function isNegated(pattern: string): boolean {
  return /^!(?!\()/.test(pattern);
}

/** The last colon before a slash: DEST is absolute, and rarer than SRC has a colon in it. */
const SRC_DEST = /^(?<src>.+):(?<dest>\/.*)$/s;

async function readOne(
  pattern: string,
  except: readonly string[],
  sysroot: Sysroot,
  machine: Machine,
): Promise<Inclusion> {
  if (pattern === '') throw unusable(pattern, 'the pattern is empty');
  const path = rootPath(pattern);
  const inclusion: SysrootInclusion = { from: 'sysroot', pattern, paths: [path], literal: true, except };
  if (sysroot.lstat(path) !== null) return inclusion;
  const { src, dest } = SRC_DEST.exec(pattern)?.groups ?? {};
  if (src !== undefined && dest !== undefined) {
    return { from: 'host', pattern, files: putFiles(src, dest, sysroot, machine) };
  }
  if (!(await isGlob(pattern))) throw notFound(pattern, 'no such file');
  const paths = await expandGlob(sysroot, pattern, except);
  if (paths.length === 0) throw notFound(pattern, 'nothing matches');
  return { ...inclusion, paths, literal: false };
}

function unusable(pattern: string, why: string): RootfsError {
  return new RootfsError('ERR_USAGE', `cannot include '${pattern}': ${why}`);
}

function notFound(pattern: string, why: string): RootfsError {
  const hint = pattern.startsWith('/')
    ? 'paths are those inside the sysroot; SRC:DEST takes a file from elsewhere'
    : 'paths start with / and are those inside the sysroot; SRC:DEST takes a file from elsewhere';
  return new RootfsError('ERR_NOT_FOUND', `cannot include ${pattern}: ${why}`, { path: pattern, hint });
}
