import type { Finder } from '../closure/finder.ts';
import { RootfsError } from '../errors.ts';
import { caCertificates } from './ca-certificates.ts';
import { dlopenNote } from './dlopen-note.ts';
import { dlopenStrings, dlopenSuggestions } from './dlopen-strings.ts';
import { fontconfig } from './fontconfig.ts';
import { gconv } from './gconv.ts';
import { graphicsDrivers } from './graphics-drivers.ts';
import { libgcc } from './libgcc.ts';
import { locale } from './locale.ts';
import { magic } from './magic.ts';
import { needed } from './needed.ts';
import { nss } from './nss.ts';
import { openssl } from './openssl.ts';
import { pam } from './pam.ts';
import { pluginDirectories } from './plugin-directories.ts';
import { shebang } from './shebang.ts';
import { terminfo } from './terminfo.ts';
import { timezone } from './timezone.ts';

/** Those without which nothing starts: always asked. */
const ALWAYS: readonly Finder[] = [needed, shebang];

/** Those that `--discover` turns on and off. A new one is one file and one line here. */
const DISCOVERERS: readonly Finder[] = [
  dlopenNote,
  nss,
  locale,
  timezone,
  gconv,
  terminfo,
  libgcc,
  openssl,
  caCertificates,
  pam,
  magic,
  fontconfig,
  pluginDirectories,
  dlopenSuggestions,
];

/** Those that guess: only where `--discover` names them. */
const BY_NAME: readonly Finder[] = [dlopenStrings, graphicsDrivers];

/**
 * The finders that a `discover` option names: `auto`, and names to add to it or, with a minus before them, to take
 * from it; names alone stand for themselves.
 * @throws RootfsError ERR_USAGE for a name that no finder has
 */
export function selectFinders(discover: 'auto' | 'none' | readonly string[] = 'auto'): readonly Finder[] {
  const words = typeof discover === 'string' ? [discover] : discover;
  const taken = words.filter((word) => word.startsWith('-')).map((word) => word.slice(1));
  const named = new Set(words.filter((word) => !word.startsWith('-')));
  const all = [...ALWAYS, ...DISCOVERERS, ...BY_NAME];
  checkNames([...named, ...taken], all);
  const auto = named.has('auto') || (named.size === 0 && taken.length > 0);
  return all.filter((finder) => {
    if (ALWAYS.includes(finder) || named.has(finder.name)) return true;
    return auto && DISCOVERERS.includes(finder) && !taken.includes(finder.name);
  });
}

function checkNames(words: readonly string[], all: readonly Finder[]): void {
  const names = all.map(({ name }) => name);
  const unknown = words.find((word) => !names.includes(word) && word !== 'auto' && word !== 'none');
  if (unknown === undefined) return;
  throw new RootfsError('ERR_USAGE', `cannot discover by ${unknown}: there is no such rule`, {
    hint: `the rules are ${names.join(', ')}`,
  });
}
