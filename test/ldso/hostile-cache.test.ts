import assert from 'node:assert/strict';
import { readCache } from '../../src/ldso/cache.ts';

const ENTRIES = 300_000;

/** A cache whose every name is one string of so many bytes. */
function oneLongName(bytes: number): Uint8Array {
  const cache = Buffer.alloc(48 + ENTRIES * 24 + bytes + 1, 'a');
  cache.fill(0, 0, 48 + ENTRIES * 24);
  cache.write('glibc-ld.so.cache1.1');
  cache.writeUInt32LE(ENTRIES, 20);
  for (let i = 0; i < ENTRIES; i++) {
    const at = 48 + i * 24;
    cache.writeUInt32LE(0x0303, at);
    cache.writeUInt32LE(48 + ENTRIES * 24, at + 4);
    cache.writeUInt32LE(48 + ENTRIES * 24, at + 8);
  }
  cache[cache.length - 1] = 0;
  return cache;
}

describe('a hostile ld.so.cache', () => {
  for (const bytes of [4000, 8_000_000]) {
    it(`with ${ENTRIES} entries of one name of ${bytes} bytes is searched and listed in seconds`, function () {
      this.timeout(60_000);
      const cache = readCache(oneLongName(bytes), 'LE');
      assert.ok(cache);
      const started = process.cpuUsage();
      // Often enough that an index of all names is worth making.
      for (let i = 0; i < 20; i++) assert.equal(cache.lookup(`lib${i}.so`, [0x0303], []), null);
      cache.entries();
      const { user, system } = process.cpuUsage(started);
      assert.ok(user + system < 10e6, `took ${(user + system) / 1000} ms`);
    });
  }
});
