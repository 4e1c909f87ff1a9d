import picomatch from 'picomatch';
import { RootfsError } from '../errors.ts';

/** Whether a path, or a directory that it lies in, matches. */
export type Excluded = (path: string) => boolean;

const NOTHING: Excluded = () => false;

/**
 * Globs of absolute paths to one predicate over normalised absolute paths, with the matcher and the syntax of
 * globby. A pattern starts at the root whether or not it begins with a slash.
 * @throws RootfsError ERR_USAGE for an empty pattern, or a negated one: it would drop all but what it names.
 */
export function excluder(patterns: readonly string[]): Excluded {
  if (patterns.length === 0) return NOTHING;
  const matches = picomatch(patterns.map(belowRoot), { dot: true, nonegate: true });
  const directories = new Map<string, boolean>([['', false]]);
  const below = (directory: string): boolean => {
    let answer = directories.get(directory);
    if (answer === undefined) {
      answer = below(directory.slice(0, directory.lastIndexOf('/'))) || matches(directory.slice(1));
      directories.set(directory, answer);
    }
    return answer;
  };
  return (path) => path !== '/' && (below(path.slice(0, path.lastIndexOf('/'))) || matches(path.slice(1)));
}

/** The matcher's two stars at the head of an absolute pattern want a directory: it gets relative ones. */
function belowRoot(pattern: string): string {
  const why = faultOf(pattern);
  if (why !== null) {
    const hint = 'a glob of paths inside the rootfs, for example /usr/share/doc/**';
    throw new RootfsError('ERR_USAGE', `cannot exclude '${pattern}': ${why}`, { hint });
  }
  return pattern.replace(/^\/+|\/+$/g, '').replace(/\/{2,}/g, '/');
}

function faultOf(pattern: string): string | null {
  if (/^\/*$/.test(pattern)) return 'the pattern is empty';
  if (/^!(?!\()/.test(pattern)) return 'a pattern to exclude cannot be negated';
  return null;
}
