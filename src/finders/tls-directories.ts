import type { FinderContext } from '../closure/finder.ts';
import type { RootPath } from '../sysroot/sysroot.ts';

/** What one libcrypto was built to look in (`openssl version -a`). */
export type OpensslDirectory = 'OPENSSLDIR' | 'MODULESDIR' | 'ENGINESDIR';

/** A directory that libcrypto's own strings give, `OPENSSLDIR: "/usr/lib/ssl"`; null where they do not. */
export function opensslDirectory(
  library: RootPath,
  which: OpensslDirectory,
  context: FinderContext,
): string | null {
  for (const text of context.strings(library, `${which}: "`)) {
    const directory = new RegExp(`${which}: "(/[^"]*)"`).exec(text)?.[1];
    if (directory !== undefined) return directory;
  }
  return null;
}
