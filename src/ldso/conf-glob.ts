import { LIMITS } from '../limits.ts';
import { type RootPath, rootPath, type Sysroot } from '../sysroot/sysroot.ts';

/**
 * Paths that match a glob(3) pattern: `*`, `?` and `[...]` within one component, a leading dot only where the
 * pattern spells it, sorted. A pattern without a wildcard matches itself where it exists.
 */
export function globMatches(sysroot: Sysroot, pattern: string): readonly RootPath[] {
  let found: string[] = [''];
  for (const part of pattern.split('/').filter((name) => name !== '')) {
    if (!/[*?[]/.test(part)) {
      found = found.map((base) => `${base}/${part}`);
      continue;
    }
    const matches = matcher(part);
    const names = (base: string): readonly string[] =>
      sysroot
        .readdir(rootPath(base))
        .filter((name) => matches(name) && (part.startsWith('.') || name[0] !== '.'));
    found = found
      .flatMap((base) => names(base).map((name) => `${base}/${name}`))
      .slice(0, LIMITS.configFiles);
  }
  return found
    .map(rootPath)
    .filter((path) => sysroot.exists(path))
    .sort();
}

/** A test of one name against one component of a pattern, without backtracking traps. */
function matcher(pattern: string): (name: string) => boolean {
  const tokens = pattern.match(/\*+|\?|\[[!^]?\]?[^\]]*\]|\\?./gs) ?? [];
  const tests = tokens.map((token) => (token.startsWith('*') ? null : oneChar(token)));
  return (name) => matchesFrom(tests, [...name]);
}

/** The classic two-pointer match: on a mismatch the last star takes one char more. */
function matchesFrom(
  tests: readonly (((char: string) => boolean) | null)[],
  chars: readonly string[],
): boolean {
  let test = 0;
  let char = 0;
  let star = -1;
  let starChar = 0;
  while (char < chars.length) {
    const current = tests[test];
    if (current === null) {
      star = test++;
      starChar = char;
    } else if (current?.(chars[char] as string) === true) {
      test++;
      char++;
    } else if (star >= 0) {
      test = star + 1;
      char = ++starChar;
    } else {
      return false;
    }
  }
  return tests.slice(test).every((rest) => rest === null);
}

function oneChar(token: string): (char: string) => boolean {
  if (token === '?') return () => true;
  if (token.length > 1 && token.startsWith('[')) return charClass(token.slice(1, -1));
  const literal = token.length > 1 && token.startsWith('\\') ? token.slice(1) : token;
  return (char) => char === literal;
}

function charClass(body: string): (char: string) => boolean {
  const negated = body.startsWith('!') || body.startsWith('^');
  const members = [...(negated ? body.slice(1) : body)];
  const inside = (char: string): boolean =>
    members.some((member, i) => {
      if (members[i + 1] === '-' && i + 2 < members.length)
        return char >= member && char <= (members[i + 2] as string);
      return char === member;
    });
  return (char) => inside(char) !== negated;
}
