import type { Finder, FinderContext, Finding } from '../closure/finder.ts';
import type { Evidence, Node } from '../closure/types.ts';
import { dataFile, dataTree } from './data-file.ts';
import { imported } from './symbol-rule.ts';

const SYMBOLS = ['setlocale', 'newlocale'];

const LOCALES = '/usr/lib/locale';

/** C.UTF-8 in Debian and Fedora, then in openSUSE (locale/findlocale.c: the codeset is normalised). */
const DIRECTORIES = [`${LOCALES}/C.utf8`, `${LOCALES}/C.UTF-8`];

/** language_TERRITORY.codeset@modifier; nothing that leads out of the directory. */
const NAME = /^\w+(?:\.[\w-]+)?(?:@\w+)?$/;

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
 * C.UTF-8, the locale that every glibc can have, for programs that set one and treat characters by it; and the
 * locale asked for, for all that set one.
 */
export const locale: Finder = {
  name: 'locale',
  *find(node, context) {
    const evidence = imported(node, SYMBOLS, 'locale', context);
    if (evidence === null || context.loader.profile(node.path)?.libc !== 'glibc') return;
    if (context.locale !== null) yield* asked(node, context.locale, evidence, context);
    if (!treatsCharacters(node, context)) return;
    for (const directory of DIRECTORIES) yield* dataTree(node, directory, evidence, context);
  },
};

/** A directory of its own, its codeset written as glibc does (`utf8`), or the archive that holds all others. */
function* asked(node: Node, name: string, evidence: Evidence, context: FinderContext): Generator<Finding> {
  if (!NAME.test(name) || /^(?:C|POSIX)(?:\.|$)/.test(name)) return;
  const codeset = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const normal = name.replace(/\.[^@]*/, (text) => `.${codeset(text)}`);
  const found = [name, normal].flatMap((spelt) => [
    ...dataTree(node, `${LOCALES}/${spelt}`, evidence, context),
  ]);
  yield* found.length > 0 ? found : dataFile(node, `${LOCALES}/locale-archive`, evidence, context);
}

function treatsCharacters(node: Node, context: FinderContext): boolean {
  const imports = context.imports(node);
  if (CHARACTERS.some((name) => imports.has(name))) return true;
  if (imports.has('nl_langinfo') && !QUOTING.some((name) => imports.has(name))) return true;
  return ['C.UTF-8', 'C.utf8'].some((name) => context.strings(node.realPath, name).length > 0);
}
