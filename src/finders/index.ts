import type { Finder } from '../closure/finder.ts';
import { RootfsError } from '../errors.ts';
import { caCertificates } from './ca-certificates.ts';
import { dlopenNote } from './dlopen-note.ts';
import { dlopenStrings, dlopenSuggestions } from './dlopen-strings.ts';
import { gconv } from './gconv.ts';
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
  pluginDirectories,
  dlopenSuggestions,
];

/** Those that guess: only where `--discover` names them. */
const BY_NAME: readonly Finder[] = [dlopenStrings];

/**
 * The finders that a `discover` option names.
 * @throws RootfsError ERR_USAGE for a name that no finder has
 */
export function selectFinders(discover: 'auto' | 'none' | readonly string[] = 'auto'): readonly Finder[] {
  if (discover === 'none') return ALWAYS;
  if (discover === 'auto') return [...ALWAYS, ...DISCOVERERS];
  const all = [...ALWAYS, ...DISCOVERERS, ...BY_NAME];
  const names = all.map((finder) => finder.name);
  const unknown = discover.find((name) => !names.includes(name) && name !== 'auto');
  if (unknown !== undefined) {
    throw new RootfsError('ERR_USAGE', `cannot discover by ${unknown}: there is no such rule`, {
      hint: `the rules are ${names.join(', ')}`,
    });
  }
  const base = discover.includes('auto') ? [...ALWAYS, ...DISCOVERERS] : ALWAYS;
  return all.filter((finder) => base.includes(finder) || discover.includes(finder.name));
}
