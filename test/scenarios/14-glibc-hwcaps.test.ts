import type { Cpu } from '../../src/ldso/hwcaps.ts';
import { app, type Case, file, lib, scenarios } from './harness.ts';

const x = lib({ soname: 'libx.so' });
const wanted = app({ needed: ['libx.so'], runpath: '/r:/s' });
const below = (directory: string, level: string): string => `${directory}/glibc-hwcaps/${level}/libx.so`;

/** The first of some levels that a processor has. */
const best = ({ levels }: Cpu, ...names: readonly string[]): string | undefined =>
  names.find((name) => levels.includes(name));

const V3: Cpu = { levels: ['x86-64-v3', 'x86-64-v2'], platform: 'haswell' };

const legacy = (
  title: string,
  directories: readonly string[],
  expected: string,
  more: Partial<Case> = {},
): Case => ({
  title,
  tree: {
    '/app': wanted,
    ...Object.fromEntries(directories.map((directory) => [`/r/${directory}libx.so`, x])),
  },
  expected: [`/r/${expected}libx.so`],
  ...more,
});

scenarios('G14: in each directory the glibc-hwcaps subdirectories come first', [
  {
    title: 'the variant of the best level that the processor has is taken',
    tree: {
      '/app': wanted,
      '/r/libx.so': x,
      [below('/r', 'x86-64-v2')]: x,
      [below('/r', 'x86-64-v3')]: x,
      [below('/r', 'x86-64-v4')]: x,
    },
    expected: (cpu) => {
      const level = best(cpu, 'x86-64-v4', 'x86-64-v3', 'x86-64-v2');
      return [level === undefined ? '/r/libx.so' : below('/r', level)];
    },
  },
  {
    title: 'a level-3 processor passes over level 4',
    tree: { '/app': wanted, '/r/libx.so': x, [below('/r', 'x86-64-v3')]: x, [below('/r', 'x86-64-v4')]: x },
    cpu: V3,
    noOracle: 'the processor of the machine decides',
    expected: [below('/r', 'x86-64-v3')],
  },
  {
    title: 'a baseline processor takes the plain file',
    tree: { '/app': wanted, '/r/libx.so': x, [below('/r', 'x86-64-v2')]: x },
    cpu: { levels: [], platform: null },
    noOracle: 'the processor of the machine decides',
    expected: ['/r/libx.so'],
  },
  {
    title: 'a plain file in an earlier directory beats a variant in a later one',
    tree: { '/app': wanted, '/r/libx.so': x, [below('/s', 'x86-64-v2')]: x },
    expected: ['/r/libx.so'],
  },
  {
    title: 'a variant alone is enough',
    tree: { '/app': wanted, [below('/s', 'x86-64-v2')]: x },
    expected: (cpu) => (best(cpu, 'x86-64-v2') === undefined ? [] : [below('/s', 'x86-64-v2')]),
  },
  {
    title: 'names that no processor has are never searched, nor glibc-hwcaps itself',
    tree: {
      '/app': wanted,
      '/r/glibc-hwcaps/libx.so': x,
      [below('/r', 'x86-64-v5')]: x,
      [below('/r', 'power9')]: x,
    },
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: 'they count in RPATH, LD_LIBRARY_PATH and default directories too',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so', 'libz.so'], rpath: '/r' }),
      [below('/r', 'x86-64-v2')]: x,
      '/r/libx.so': x,
      '/l/glibc-hwcaps/x86-64-v2/liby.so': lib(),
      '/l/liby.so': lib(),
      '/lib/glibc-hwcaps/x86-64-v2/libz.so': lib(),
      '/lib/libz.so': lib(),
    },
    libraryPath: '/l',
    expected: (cpu) => {
      const in2 = best(cpu, 'x86-64-v2') === undefined ? '' : '/glibc-hwcaps/x86-64-v2';
      return [`/r${in2}/libx.so`, `/l${in2}/liby.so`, `/lib${in2}/libz.so`];
    },
  },
  {
    title: 'an unusable variant is passed over for the plain file',
    tree: { '/app': wanted, '/r/libx.so': x, [below('/r', 'x86-64-v2')]: lib({}, 'aarch64') },
    expected: ['/r/libx.so'],
  },
  {
    title: 'glibc-hwcaps that is a file costs nothing',
    tree: { '/app': wanted, '/r/libx.so': x, '/r/glibc-hwcaps': file() },
    expected: ['/r/libx.so'],
  },
  {
    title: 'ldconfig enters variants, and the cache gives the best',
    tree: {
      '/app': app({ needed: ['libx.so'] }),
      '/c/libx.so': x,
      [below('/c', 'x86-64-v2')]: x,
      [below('/d', 'x86-64-v3')]: x,
      '/etc/ld.so.conf': file('/c\n/d\n'),
    },
    ldconfig: true,
    expected: (cpu) => {
      const level = best(cpu, 'x86-64-v3', 'x86-64-v2');
      if (level === undefined) return ['/c/libx.so'];
      return [below(level === 'x86-64-v3' ? '/d' : '/c', level)];
    },
  },
  {
    title: '$ORIGIN of a variant is its own directory',
    tree: {
      '/app': wanted,
      '/r/libx.so': lib({ needed: ['liby.so'], runpath: '$ORIGIN' }),
      [below('/r', 'x86-64-v2')]: lib({ needed: ['liby.so'], runpath: '$ORIGIN' }),
      '/r/liby.so': lib(),
      '/r/glibc-hwcaps/x86-64-v2/liby.so': lib(),
    },
    expected: (cpu) => {
      const at = best(cpu, 'x86-64-v2') === undefined ? '/r' : '/r/glibc-hwcaps/x86-64-v2';
      return [`${at}/libx.so`, `${at}/liby.so`];
    },
  },
  {
    title: 'ppc64le knows power9 and power10',
    machine: 'ppc64le',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r' }, 'ppc64le'),
      '/r/libx.so': lib({}, 'ppc64le'),
      [below('/r', 'power9')]: lib({}, 'ppc64le'),
      [below('/r', 'power10')]: lib({}, 'ppc64le'),
    },
    expected: [below('/r', 'power9')],
  },
  {
    title: 's390x knows z13 to z16',
    machine: 's390x',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r' }, 's390x'),
      '/r/libx.so': lib({}, 's390x'),
      [below('/r', 'z13')]: lib({}, 's390x'),
      [below('/r', 'z14')]: lib({}, 's390x'),
    },
    expected: [below('/r', 'z13')],
  },
  {
    title: 'aarch64 knows none',
    machine: 'aarch64',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r' }, 'aarch64'),
      '/r/libx.so': lib({}, 'aarch64'),
      [below('/r', 'x86-64-v2')]: lib({}, 'aarch64'),
      [below('/r', 'atomics')]: lib({}, 'aarch64'),
    },
    expected: ['/r/libx.so'],
  },
  legacy('glibc 2.36 tries tls/x86_64/ before tls/', ['tls/x86_64/', 'tls/', 'x86_64/', ''], 'tls/x86_64/'),
  legacy('glibc 2.36 tries tls/ before x86_64/', ['tls/', 'x86_64/', ''], 'tls/'),
  legacy('glibc 2.36 tries x86_64/ before the directory', ['x86_64/', ''], 'x86_64/'),
  legacy(
    'glibc 2.36 tries the processor in every place',
    ['x86_64/x86_64/', 'haswell/x86_64/', 'x86_64/', ''],
    'x86_64/',
    {
      expected: ({ platform }) => [`/r/${platform}/x86_64/libx.so`],
    },
  ),
  legacy('glibc-hwcaps comes before legacy subdirectories', ['glibc-hwcaps/x86-64-v2/', 'tls/', ''], '', {
    expected: (cpu) => [best(cpu, 'x86-64-v2') === undefined ? '/r/tls/libx.so' : below('/r', 'x86-64-v2')],
  }),
  legacy('names of other machines are no legacy subdirectories', ['neon/', 'i686/', ''], ''),
  {
    title: 'glibc 2.36 on i386 tries i686/sse2/',
    machine: 'i386',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r' }, 'i386'),
      '/r/libx.so': lib({}, 'i386'),
      '/r/i686/libx.so': lib({}, 'i386'),
      '/r/sse2/libx.so': lib({}, 'i386'),
      '/r/i686/sse2/libx.so': lib({}, 'i386'),
    },
    expected: ['/r/i686/sse2/libx.so'],
  },
  {
    title: 'glibc 2.36 on riscv64, which has no platform, tries tls/',
    machine: 'riscv64',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r' }, 'riscv64'),
      '/r/libx.so': lib({}, 'riscv64'),
      '/r/tls/libx.so': lib({}, 'riscv64'),
    },
    expected: ['/r/tls/libx.so'],
  },
  {
    title: 'glibc 2.36 on armhf tries the platform, vfp and neon',
    machine: 'armhf',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r' }, 'armhf'),
      '/r/libx.so': lib({}, 'armhf'),
      '/r/vfp/libx.so': lib({}, 'armhf'),
      '/r/neon/vfp/libx.so': lib({}, 'armhf'),
      '/r/neon/libx.so': lib({}, 'armhf'),
    },
    expected: ['/r/neon/vfp/libx.so'],
  },
]);
