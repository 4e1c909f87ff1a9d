/**
 * Dynamic string tokens (ld.so(8); elf/dl-load.c: is_dst, _dl_dst_substitute): `$ORIGIN`, `$LIB`, `$PLATFORM`,
 * bare or in braces.
 */

/** What the tokens stand for; null: the loader knows the token and has no value for it. */
export interface TokenValues {
  readonly ORIGIN: string | null;
  readonly LIB: string | null;
  readonly PLATFORM: string | null;
}

/** A bare name ends where no letter, digit or underscore follows; anything else after `$` is ordinary text. */
const TOKEN = /\$(?:\{(ORIGIN|LIB|PLATFORM)\}|(ORIGIN|LIB|PLATFORM)(?![A-Za-z0-9_]))/g;

/** Whether the text holds a token: what the loader's _dl_dst_count answers. */
export function hasToken(text: string): boolean {
  return text.includes('$') && text.search(TOKEN) >= 0;
}

/** The text with every token replaced; null where one has no value, which voids the whole text. */
export function expandTokens(text: string, values: TokenValues): string | null {
  if (!text.includes('$')) return text;
  let known = true;
  const expanded = text.replace(TOKEN, (_match, braced?: keyof TokenValues, bare?: keyof TokenValues) => {
    const value = values[(braced ?? bare) as keyof TokenValues];
    known &&= value !== null;
    return value ?? '';
  });
  return known ? expanded : null;
}
