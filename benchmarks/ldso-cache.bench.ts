import { readFileSync } from 'node:fs';
import { Bench } from 'tinybench';
import { readCache } from '../src/ldso/cache.ts';

const bytes = readFileSync('/etc/ld.so.cache');
const names = (readCache(bytes, 'LE')?.entries() ?? []).map(({ name }) => name);
/** Flags of x86-64 entries (cache-format.ts). */
const FLAGS = [0x0303];

/** ld.so.cache: few look-ups, as for one program, and many, as for all of a machine. */
export const bench: Bench = new Bench({ name: 'ld.so.cache' });
for (const count of [1, 10, names.length]) {
  bench.add(`read, and look up ${count}`, () => {
    const cache = readCache(bytes, 'LE');
    for (let i = 0; i < count; i++) cache?.lookup(names[(i * 37) % names.length] as string, FLAGS, []);
  });
}
