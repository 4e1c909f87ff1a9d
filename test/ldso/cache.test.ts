import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { readCache } from '../../src/ldso/cache.ts';
import { cacheFlags, compareNames } from '../../src/ldso/cache-format.ts';
import { needs } from '../helpers/capabilities.ts';
import { cacheFile, type Entry } from '../scenarios/cache-file.ts';

const entry = (name: string, path = `/c/${name}`, more: Partial<Entry> = {}): Entry => ({
  flags: 0x303,
  name,
  path,
  ...more,
});

describe('readCache', () => {
  it("reads this machine's cache as ldconfig prints it", function () {
    needs(this, { tool: 'ldconfig', package: 'libc-bin' });
    needs(this, { tool: '/etc/ld.so.cache', package: 'libc-bin' });
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
    const { stdout } = spawnSync('ldconfig', ['-p'], { encoding: 'utf8', env, maxBuffer: 1 << 26 });
    const printed = [...stdout.matchAll(/^\t(.*) \(.*\) => (.*)$/gm)].map(([, name, path]) => [name, path]);
    const cache = readCache(readFileSync('/etc/ld.so.cache'), 'LE');
    assert.ok(printed.length > 10);
    assert.deepEqual(
      cache?.entries().map(({ name, path }) => [name, path]),
      printed,
    );
  });

  it('finds every name of it, whether searched or indexed', function () {
    needs(this, { tool: '/etc/ld.so.cache', package: 'libc-bin' });
    const bytes = readFileSync('/etc/ld.so.cache');
    const indexed = readCache(bytes, 'LE');
    for (const { name, flags } of indexed?.entries() ?? []) {
      const searched = readCache(bytes, 'LE');
      assert.deepEqual(indexed?.lookup(name, [flags], []), searched?.lookup(name, [flags], []), name);
    }
  });

  it('an index gives what the binary search gives, found or not', () => {
    const entries = Array.from({ length: 50 }, (_, i) => entry(`lib${99 - i}.so`));
    const cache = readCache(cacheFile(entries), 'LE');
    for (let i = 0; i < 120; i++) {
      const expected = i >= 50 && i <= 99 ? { path: `/c/lib${i}.so`, level: null } : null;
      assert.deepEqual(cache?.lookup(`lib${i}.so`, [0x303], []), expected);
    }
    assert.deepEqual(cache?.lookup('lib050.so', [0x303], []), { path: '/c/lib50.so', level: null });
  });

  it('a table out of order gives what the binary search of the loader gives', () => {
    const entries = ['a', 'z', 'b'].map((name) => entry(name));
    const cache = readCache(cacheFile(entries), 'LE');
    for (let i = 0; i < 30; i++) assert.equal(cache?.lookup('a', [0x303], []), null);
    assert.deepEqual(cache?.lookup('z', [0x303], []), { path: '/c/z', level: null });
  });

  it('variants are told, of levels and of legacy hwcaps', () => {
    const entries = [
      entry('b', '/v', { level: 'x86-64-v3' }),
      entry('b', '/l', { hwcap: [4, 0] }),
      entry('b', '/p'),
    ];
    const cache = readCache(cacheFile(entries), 'LE');
    assert.equal(cache?.hasVariants, true);
    assert.deepEqual(
      cache?.entries().map(({ level }) => level),
      ['x86-64-v3', '', null],
    );
    assert.deepEqual(cache?.lookup('b', [0x303], ['x86-64-v3', 'x86-64-v2']), {
      path: '/v',
      level: 'x86-64-v3',
    });
    assert.deepEqual(cache?.lookup('b', [0x303], []), { path: '/p', level: null });
  });

  it('names that are not ASCII are found', () => {
    const cache = readCache(cacheFile([entry('libü.so'), entry('lib.so')]), 'LE');
    assert.deepEqual(cache?.lookup('libü.so', [0x303], []), { path: '/c/libü.so', level: null });
  });

  it('no bytes are no cache', () => assert.equal(readCache(new Uint8Array(), 'LE'), null));

  it('whatever the bytes are, it answers', () => {
    const good = cacheFile([entry('b', '/v', { level: 'x86-64-v2' }), entry('b'), entry('a')]);
    const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(
        damage,
        fc.nat(good.length),
        fc.constantFrom('LE' as const, 'BE' as const),
        (changes, length, order) => {
          const bytes = Uint8Array.from(good);
          for (const [at, value] of changes) bytes[at] = value;
          const cache = readCache(bytes.subarray(0, length), order);
          for (const name of ['a', 'b', 'c']) cache?.lookup(name, [0x303], ['x86-64-v2']);
          cache?.entries();
        },
      ),
      { seed: 7, numRuns: 2000 },
    );
  });
});

describe('compareNames', () => {
  const rising = [
    '',
    'liba.so',
    'liba.so.1',
    'liba.so.2',
    'liba.so.9',
    'liba.so.10',
    'liba.so.10.1',
    'libb.so',
    'lib1.so',
  ];
  it('orders names as ldconfig sorts them', () => {
    for (const [i, a] of rising.entries()) {
      for (const [j, b] of rising.entries()) {
        assert.equal(Math.sign(compareNames(a, b)), Math.sign(i - j), `${a} ${b}`);
      }
    }
  });

  it('a digit comes after every other character, zero too', () => {
    assert.ok(compareNames('a0', 'ab') > 0);
    assert.ok(compareNames('ab', 'a0') < 0);
    assert.ok(compareNames('a0', 'a') > 0);
  });

  it('leading zeros do not count', () => {
    assert.equal(compareNames('a.007', 'a.7'), 0);
    assert.equal(compareNames('a.00', 'a.0'), 0);
  });

  it('numbers wrap around as an int of C does', () => {
    assert.equal(compareNames('a.4294967297', 'a.1'), 0);
    assert.equal(compareNames('a.2147483648', 'a.-2147483648') === 0, false);
  });
});

describe('cacheFlags', () => {
  const cases: readonly (readonly [
    string,
    machine: number,
    bits: 32 | 64,
    elfFlags: number,
    flags: readonly number[],
  ])[] = [
    ['x86-64', 62, 64, 0, [0x303]],
    ['x32', 62, 32, 0, [0x803]],
    ['i386', 3, 32, 0, [1, 3]],
    ['s390x', 22, 64, 0, [0x403]],
    ['s390', 22, 32, 0, [3]],
    ['ppc64', 21, 64, 2, [0x503]],
    ['aarch64', 183, 64, 0, [0xa03]],
    ['arm hard-float', 40, 32, 0x5000400, [3, 0x903]],
    ['arm soft-float', 40, 32, 0x5000200, [3, 0xb03]],
    ['riscv64 double', 243, 64, 5, [0x1003]],
    ['riscv64 soft', 243, 64, 1, [0xf03]],
    ['LoongArch double', 258, 64, 0x43, [0x1203]],
    ['LoongArch soft', 258, 64, 0x41, [0x1103]],
    ['mips n64', 8, 64, 0, [0x703]],
    ['mips n32', 8, 32, 0x20, [0x603]],
    ['mips o32', 8, 32, 0, [3]],
    ['mips n64 NaN2008', 8, 64, 0x400, [0xe03]],
    ['mips n32 NaN2008', 8, 32, 0x420, [0xd03]],
    ['mips o32 NaN2008', 8, 32, 0x400, [0xc03]],
  ];
  for (const [name, machine, bits, elfFlags, flags] of cases) {
    it(name, () => assert.deepEqual(cacheFlags(machine, bits, elfFlags), flags));
  }
});
