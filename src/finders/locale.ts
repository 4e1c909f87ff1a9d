import type { Finder, FinderContext } from '../closure/finder.ts';
import type { Node } from '../closure/types.ts';
import { dataTree } from './data-file.ts';
import { imported } from './symbol-rule.ts';

const SYMBOLS = ['setlocale', 'newlocale'];

/** Where glibc keeps C.UTF-8: Debian and Fedora, then openSUSE (locale/findlocale.c: the codeset is normalised). */
const DIRECTORIES = ['/usr/lib/locale/C.utf8', '/usr/lib/locale/C.UTF-8'];

/** Calls that ask what a character is, how wide, or what it becomes: wrong without LC_CTYPE. */
const CHARACTERS = [
  ...['wcwidth', 'wcswidth', 'mbstowcs', 'mbsrtowcs', 'mbsnrtowcs', 'wcstombs', 'wcsrtombs', 'wcsnrtombs'],
  ...[
    'towlower',
    'towupper',
    'towctrans',
    'wctype',
    'iswctype',
    'iswalpha',
    'iswalnum',
    'iswspace',
    'iswupper',
  ],
  ...[
    'iswlower',
    'iswdigit',
    'fgetwc',
    'getwc',
    'fgetws',
    'fputwc',
    'fputws',
    'wprintf',
    'fwprintf',
    'regcomp',
  ],
];

/** gnulib's quoting of messages, in nearly every small tool: it serves ASCII as well, so it asks for no locale. */
const QUOTING = ['mbrtowc', 'mbrtoc32', 'iswprint'];

/**
 * C.UTF-8, the locale that every glibc can have, for programs that set one and treat characters by it. Other
 * locales are a matter of wishes, not of needs: --include brings them.
 */
export const locale: Finder = {
  name: 'locale',
  *find(node, context) {
    const evidence = imported(node, SYMBOLS, 'locale', context);
    if (evidence === null || context.loader.profile(node.path)?.libc !== 'glibc') return;
    if (!treatsCharacters(node, context)) return;
    for (const directory of DIRECTORIES) yield* dataTree(node, directory, evidence, context);
  },
};

function treatsCharacters(node: Node, context: FinderContext): boolean {
  const imports = context.imports(node);
  if (CHARACTERS.some((name) => imports.has(name))) return true;
  if (imports.has('nl_langinfo') && !QUOTING.some((name) => imports.has(name))) return true;
  return ['C.UTF-8', 'C.utf8'].some((name) => context.strings(node.realPath, name).length > 0);
}
