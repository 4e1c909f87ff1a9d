import assert from 'node:assert/strict';
import { type LoaderCache, readCache } from '../../src/ldso/cache.ts';
import { cacheFile } from '../scenarios/cache-file.ts';

type Row = readonly [flags: number, name: string, path: string];

/** A cache in the format before glibc 2.2: offsets of strings count from the end of the table. */
function oldCache(rows: readonly Row[], count = rows.length): Buffer {
  const table = Buffer.alloc(16 + rows.length * 12);
  table.write('ld.so-1.7.0');
  table.writeUInt32LE(count, 12);
  let strings = '';
  for (const [i, [flags, name, path]] of rows.entries()) {
    table.writeUInt32LE(flags, 16 + i * 12);
    table.writeUInt32LE(strings.length, 20 + i * 12);
    table.writeUInt32LE(strings.length + name.length + 1, 24 + i * 12);
    strings += `${name}\0${path}\0`;
  }
  return Buffer.concat([table, Buffer.from(strings)]);
}

/** The table of an old cache with a new one behind it, at the next multiple of an alignment. */
function compatCache(rows: readonly Row[], align: number, added: Uint8Array): Buffer {
  const table = oldCache(rows).subarray(0, 16 + rows.length * 12);
  const gap = (align - (table.length % align)) % align;
  return Buffer.concat([table, Buffer.alloc(gap), added]);
}

const OLD: Row = [0x0303, 'liba.so', '/old/liba.so'];
const NEW = cacheFile([{ flags: 0x0303, name: 'liba.so', path: '/new/liba.so' }]);
const pathIn = (
  cache: LoaderCache | null,
  name = 'liba.so',
  flags: readonly number[] = [0x0303],
): string | null => cache?.lookup(name, flags, [])?.path ?? null;

describe('an ld.so.cache in the old format', () => {
  it('is searched', () => {
    const cache = readCache(oldCache([[0x0303, 'libb.so', '/old/libb.so'], OLD]), 'LE');
    assert.equal(pathIn(cache), '/old/liba.so');
    assert.equal(pathIn(cache, 'libb.so'), '/old/libb.so');
    assert.equal(pathIn(cache, 'libc.so'), null);
    assert.equal(cache?.hasVariants, false);
    assert.deepEqual(cache?.entries(), [
      { flags: 0x0303, name: 'libb.so', path: '/old/libb.so', level: null },
      { flags: 0x0303, name: 'liba.so', path: '/old/liba.so', level: null },
    ]);
  });

  it('prefers the exact flags, wherever they stand', () => {
    const rows: readonly Row[] = [
      [1, 'liba.so', '/plain/liba.so'],
      [3, 'liba.so', '/exact/liba.so'],
    ];
    for (const order of [rows, rows.toReversed()]) {
      assert.equal(pathIn(readCache(oldCache(order), 'LE'), 'liba.so', [1, 3]), '/exact/liba.so');
    }
  });

  it('is ignored where its count goes beyond the file, and not where it ends with the file', () => {
    assert.equal(readCache(oldCache([OLD], 1000), 'LE'), null);
    const bare = oldCache([]);
    assert.equal(bare.length, 16);
    assert.notEqual(readCache(bare, 'LE'), null);
    assert.equal(readCache(bare.subarray(0, 15), 'LE'), null);
    const full = oldCache([OLD]).subarray(0, 28);
    assert.notEqual(readCache(full, 'LE'), null);
    assert.equal(readCache(full.subarray(0, 27), 'LE'), null);
  });

  it('is ignored under another magic', () => {
    const bytes = oldCache([OLD]);
    bytes[0] = 0x4c;
    assert.equal(readCache(bytes, 'LE'), null);
    assert.equal(readCache(Buffer.alloc(0), 'LE'), null);
  });

  for (const [align, rows] of [
    [8, [OLD]],
    [8, [OLD, OLD]],
    [4, [OLD]],
    [4, [OLD, OLD, OLD]],
  ] as const) {
    it(`gives way to a new one behind ${rows.length} entries, aligned to ${align}`, () => {
      assert.equal(pathIn(readCache(compatCache(rows, align, NEW), 'LE')), '/new/liba.so');
    });
  }

  it('counts alone where what stands behind it is no new one', () => {
    const other = Buffer.from(NEW);
    other.write('glibc-ld.so.cache1.2');
    const bytes = Buffer.concat([oldCache([OLD]), other]);
    assert.equal(pathIn(readCache(bytes, 'LE')), '/old/liba.so');
    // A header that is cut is none.
    assert.notEqual(readCache(compatCache([OLD], 8, NEW.subarray(0, 47)), 'LE'), null);
  });

  it('is ignored whole where the new one behind it is for another byte order', () => {
    const big = cacheFile([{ flags: 0x0303, name: 'liba.so', path: '/new/liba.so' }], { endian: 3 });
    assert.equal(readCache(compatCache([OLD], 8, big), 'LE'), null);
  });
});

describe('the header of a new ld.so.cache', () => {
  it('must be whole', () => {
    const empty = cacheFile([]);
    assert.equal(empty.length, 48);
    assert.notEqual(readCache(empty, 'LE'), null);
    assert.equal(readCache(empty.subarray(0, 47), 'LE'), null);
  });

  it('counts no more entries than there is room for', () => {
    const two = (count: number): LoaderCache | null =>
      readCache(cacheFile([{ flags: 3, name: '', path: '' }], { count }).subarray(0, 48 + 24), 'LE');
    assert.notEqual(two(1), null);
    assert.equal(two(2), null);
  });
});
