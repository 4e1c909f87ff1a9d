import picomatch from 'picomatch';
import { RootfsError } from '../errors.ts';

/** Whether a path, or a directory that it lies in, matches. */
export type Excluded = (path: string) => boolean;

const NOTHING: Excluded = () => false;

/**
 * Globs of absolute paths to one predicate over normalised absolute paths, with the matcher and the syntax of
 * globby. A pattern without a leading slash starts at the root all the same.
 * @throws RootfsError ERR_USAGE for an empty pattern, or a negated one: it would drop all but what it names.
 */
export function excluder(patterns: readonly string[]): Excluded {
  if (patterns.length === 0) return NOTHING;
  const matches = picomatch(patterns.map(absolute), { dot: true, nonegate: true });
  const directories = new Map<string, boolean>([['', false]]);
  const below = (directory: string): boolean => {
    let answer = directories.get(directory);
    if (answer === undefined) {
      answer = below(directory.slice(0, directory.lastIndexOf('/'))) || matches(directory);
      directories.set(directory, answer);
    }
    return answer;
  };
  return (path) => path !== '/' && (below(path.slice(0, path.lastIndexOf('/'))) || matches(path));
}

function absolute(pattern: string): string {
  const why = faultOf(pattern);
  if (why !== null) {
    const hint = 'a glob of paths inside the rootfs, for example /usr/share/doc/**';
    throw new RootfsError('ERR_USAGE', `cannot exclude '${pattern}': ${why}`, { hint });
  }
  return pattern.startsWith('/') ? pattern : `/${pattern}`;
}

function faultOf(pattern: string): string | null {
  if (pattern === '') return 'the pattern is empty';
  if (/^!(?!\()/.test(pattern)) return 'a pattern to exclude cannot be negated';
  return null;
}
