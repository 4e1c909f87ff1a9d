import { cacheFile, type Entry } from './cache-file.ts';
import { app, type Case, file, lib, scenarios } from './harness.ts';
import type { Tree } from './tree.ts';

const x = lib({ soname: 'libx.so' });
const X86_64 = 0x0303;

/** A tree whose cache has these entries; what they name lies there. */
function cached(
  entries: readonly Entry[],
  more: Tree = {},
  options: Parameters<typeof cacheFile>[1] = {},
): Tree {
  const files = entries.map(({ path }) => [path, lib()] as const);
  return { ...Object.fromEntries(files), '/etc/ld.so.cache': file(cacheFile(entries, options)), ...more };
}

const entry = (name: string, path: string, more: Partial<Entry> = {}): Entry => ({
  flags: X86_64,
  name,
  path,
  ...more,
});
const wants = (...needed: string[]): Tree => ({ '/app': app({ needed }) });

const formats = (['new', 'old', 'compat'] as const).flatMap((format): Case[] => [
  {
    title: `ldconfig -c ${format}`,
    tree: { ...wants('libx.so'), '/c/libx.so': x, '/etc/ld.so.conf': file('/c\n') },
    ldconfig: format,
    expected: ['/c/libx.so'],
  },
  {
    title: `ldconfig -c ${format} for i386, whose alignment differs`,
    machine: 'i386',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so', 'libz.so'] }, 'i386'),
      '/c/libx.so': lib({ soname: 'libx.so' }, 'i386'),
      '/c/liby.so': lib({ soname: 'liby.so' }, 'i386'),
      '/c/libz.so': lib({ soname: 'libz.so' }, 'i386'),
      '/etc/ld.so.conf': file('/c\n'),
    },
    ldconfig: format,
    expected: ['/c/libx.so', '/c/liby.so', '/c/libz.so'],
  },
]);

scenarios('G12: the cache is read in every format, and looked up as the loader does', [
  ...formats,
  {
    title: 'runs of digits compare as numbers: libx.so.01 is libx.so.1',
    tree: cached([entry('libx.so.1', '/c/one.so')], wants('libx.so.01')),
    expected: ['/c/one.so'],
  },
  {
    title: '.so.10 is another name than .so.1, and sorts above .so.9',
    tree: cached(
      [entry('libx.so.10', '/c/ten.so'), entry('libx.so.9', '/c/nine.so'), entry('libx.so.1', '/c/one.so')],
      wants('libx.so.1', 'libx.so.9', 'libx.so.10'),
    ),
    expected: ['/c/one.so', '/c/nine.so', '/c/ten.so'],
  },
  {
    title: 'among equal names entries of other flags are passed over',
    tree: cached(
      [
        entry('libx.so', '/c/i386.so', { flags: 3 }),
        entry('libx.so', '/c/x32.so', { flags: 0x0803 }),
        entry('libx.so', '/c/good.so'),
      ],
      wants('libx.so'),
    ),
    expected: ['/c/good.so'],
  },
  {
    title: 'among equal names the first in file order is taken',
    tree: cached([entry('libx.so', '/c/one.so'), entry('libx.so', '/c/two.so')], wants('libx.so')),
    expected: ['/c/one.so'],
  },
  {
    title: 'an entry with a legacy hwcap is passed over',
    tree: cached(
      [entry('libx.so', '/c/legacy.so', { hwcap: [1 << 5, 0] }), entry('libx.so', '/c/plain.so')],
      wants('libx.so'),
    ),
    expected: ['/c/plain.so'],
  },
  {
    title: 'a glibc-hwcaps entry beats plain entries that stand before none of it',
    tree: cached(
      [entry('libx.so', '/b/v2.so', { level: 'x86-64-v2' }), entry('libx.so', '/a/plain.so')],
      wants('libx.so'),
    ),
    expected: ({ levels }) => (levels.includes('x86-64-v2') ? ['/b/v2.so'] : ['/a/plain.so']),
  },
  {
    title: 'of several glibc-hwcaps entries the best usable one wins, wherever it stands',
    tree: cached(
      [
        entry('libx.so', '/b/v2.so', { level: 'x86-64-v2' }),
        entry('libx.so', '/b/v3.so', { level: 'x86-64-v3' }),
        entry('libx.so', '/a/plain.so'),
      ],
      wants('libx.so'),
    ),
    expected: ({ levels }) => {
      const best = ['x86-64-v3', 'x86-64-v2'].find((level) => levels.includes(level));
      return [best === undefined ? '/a/plain.so' : `/b/${best.slice(-2)}.so`];
    },
  },
  {
    title: 'a glibc-hwcaps entry of a name that no processor has is passed over',
    tree: cached(
      [entry('libx.so', '/b/v9.so', { level: 'x86-64-v9' }), entry('libx.so', '/a/plain.so')],
      wants('libx.so'),
    ),
    expected: ['/a/plain.so'],
  },
  {
    title: 'a glibc-hwcaps entry whose ISA level is above the processor is passed over',
    tree: cached(
      [entry('libx.so', '/b/v2.so', { level: 'x86-64-v2', isaLevel: 9 }), entry('libx.so', '/a/plain.so')],
      wants('libx.so'),
    ),
    expected: ['/a/plain.so'],
  },
  {
    title: 'a baseline processor takes the plain entry',
    tree: cached(
      [entry('libx.so', '/b/v2.so', { level: 'x86-64-v2' }), entry('libx.so', '/a/plain.so')],
      wants('libx.so'),
    ),
    cpu: { levels: [], platform: null },
    noOracle: 'the processor of the machine decides',
    expected: ['/a/plain.so'],
  },
  {
    title: 'the flags byte may say unknown byte order',
    tree: cached([entry('libx.so', '/c/libx.so')], wants('libx.so'), { endian: 0 }),
    expected: ['/c/libx.so'],
  },
  {
    title: 'a cache of the other byte order is ignored whole',
    tree: cached([entry('libx.so', '/c/libx.so')], { ...wants('libx.so'), '/lib/libx.so': x }, { endian: 3 }),
    expected: ['/lib/libx.so'],
  },
  {
    title: 'a cache marked invalid is ignored whole',
    tree: cached([entry('libx.so', '/c/libx.so')], { ...wants('libx.so'), '/lib/libx.so': x }, { endian: 1 }),
    expected: ['/lib/libx.so'],
  },
  {
    title: 'a cache with more entries than bytes is ignored whole',
    tree: cached(
      [entry('libx.so', '/c/libx.so')],
      { ...wants('libx.so'), '/lib/libx.so': x },
      { count: 1000 },
    ),
    expected: ['/lib/libx.so'],
  },
  {
    title: 'a cache without its magic is ignored whole',
    tree: {
      ...wants('libx.so'),
      '/lib/libx.so': x,
      '/etc/ld.so.cache': file('glibc-ld.so.cache2.0'.padEnd(200, '\0')),
    },
    expected: ['/lib/libx.so'],
  },
  {
    title: 'an empty cache is ignored',
    tree: { ...wants('libx.so'), '/lib/libx.so': x, '/etc/ld.so.cache': file() },
    expected: ['/lib/libx.so'],
  },
  {
    title: 'an entry whose path lies outside the file is unusable',
    tree: cached(
      [entry('libx.so', '/c/bad.so', { valueOffset: 0x7fffffff }), entry('libx.so', '/c/good.so')],
      wants('libx.so'),
    ),
    expected: ['/c/good.so'],
  },
  {
    title: 'a key outside the file ends the look-up',
    tree: cached([entry('libx.so', '/c/libx.so', { keyOffset: 0x7fffffff })], {
      ...wants('libx.so'),
      '/lib/libx.so': x,
    }),
    expected: ['/lib/libx.so'],
  },
  {
    title: 'an extension that is not aligned is ignored: its variants are unusable',
    tree: cached(
      [entry('libx.so', '/b/v2.so', { level: 'x86-64-v2' }), entry('libx.so', '/a/plain.so')],
      wants('libx.so'),
      { extensionShift: 1 },
    ),
    expected: ['/a/plain.so'],
  },
]);
