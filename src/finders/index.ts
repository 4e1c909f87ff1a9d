import type { Finder } from '../closure/finder.ts';
import { RootfsError } from '../errors.ts';
import { libgcc } from './libgcc.ts';
import { locale } from './locale.ts';
import { magic } from './magic.ts';
import { needed } from './needed.ts';
import { nss } from './nss.ts';
import { shebang } from './shebang.ts';
import { terminfo } from './terminfo.ts';
import { timezone } from './timezone.ts';

/** Those without which nothing starts: always asked. */
const ALWAYS: readonly Finder[] = [needed, shebang];

/** Those that `--discover` turns on and off. A new one is one file and one line here. */
const DISCOVERERS: readonly Finder[] = [nss, locale, timezone, terminfo, libgcc, magic];

/**
 * The finders that a `discover` option names.
 * @throws RootfsError ERR_USAGE for a name that no finder has
 */
export function selectFinders(discover: 'auto' | 'none' | readonly string[] = 'auto'): readonly Finder[] {
  if (discover === 'none') return ALWAYS;
  if (discover === 'auto') return [...ALWAYS, ...DISCOVERERS];
  const names = [...ALWAYS, ...DISCOVERERS].map((finder) => finder.name);
  const unknown = discover.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RootfsError('ERR_USAGE', `cannot discover by ${unknown}: there is no such rule`, {
      hint: `the rules are ${names.join(', ')}`,
    });
  }
  return [...ALWAYS, ...DISCOVERERS.filter((finder) => discover.includes(finder.name))];
}
