import type { Resolution } from '../ldso/resolution.ts';
import { printable } from './printable.ts';

/** Symbols that nothing defines, one line each: `symbol exit@GLIBC_2.2.5 not defined, needed by /bin/app`. */
export function unboundLines({ unbound = [] }: Resolution): readonly string[] {
  return unbound.map(({ symbol, version, neededBy }) => {
    const name = version === null ? symbol : `${symbol}@${version}`;
    return printable(`symbol ${name} not defined, needed by ${neededBy}`);
  });
}
