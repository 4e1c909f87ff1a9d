import { expandTokens, type TokenValues } from './tokens.ts';

/** Directories in search order, absolute, each ending in `/`. */
export type SearchPath = readonly string[];

/** Where a list comes from decides what separates its elements (elf/dl-load.c: fillin_rpath). */
const SEPARATORS: Readonly<Record<'rpath' | 'library-path', RegExp>> = { rpath: /:/, 'library-path': /[:;]/ };

/**
 * The directories of a DT_RPATH, DT_RUNPATH (`rpath`) or LD_LIBRARY_PATH (`library-path`) string. An empty
 * element is the current directory, which for a program started in a rootfs is `/`; a string that is wholly empty
 * names nothing; an element whose token has no value is dropped; repetitions count once.
 *
 * @param keep which expanded elements may be used, given the raw one: set-user-ID programs trust few
 */
export function searchPath(
  list: string,
  kind: keyof typeof SEPARATORS,
  values: TokenValues,
  keep: (raw: string, expanded: string) => boolean = () => true,
): SearchPath {
  if (list === '') return [];
  const directories: string[] = [];
  for (const raw of list.split(SEPARATORS[kind])) {
    const expanded = expandTokens(raw, values);
    if (expanded === null || (expanded === '' && raw !== '') || !keep(raw, expanded)) continue;
    const directory = asDirectory(expanded);
    if (!directories.includes(directory)) directories.push(directory);
  }
  return directories;
}

/** One slash at the end, none doubled there; a relative path starts at `/`, the working directory in a rootfs. */
export function asDirectory(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed.startsWith('/') || trimmed === '' ? `${trimmed}/` : `/${trimmed}/`;
}
