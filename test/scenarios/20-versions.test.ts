import { app, file, lib, scenarios } from './harness.ts';

const RELR = 'GLIBC_ABI_DT_RELR (DT_RELR without asking for it)';
const wants = (
  versions: readonly (string | { name: string; weak: boolean })[],
  libFile = 'libv.so',
): ReturnType<typeof app> =>
  app({ needed: ['libv.so'], runpath: '/r', verneed: [{ file: libFile, versions }] });
const v = (...verdef: readonly string[]): ReturnType<typeof lib> => lib({ soname: 'libv.so', verdef });

scenarios('G20: every version wanted is looked for in the library chosen', [
  {
    title: 'a version that is defined is found',
    tree: { '/app': wants(['V_1', 'V_2']), '/r/libv.so': v('V_1', 'V_2') },
    expected: ['/r/libv.so'],
  },
  {
    title: 'a version that is absent is an error',
    tree: { '/app': wants(['V_1', 'V_2', 'V_3']), '/r/libv.so': v('V_2') },
    expected: ['/r/libv.so'],
    versions: ['V_1', 'V_3'],
  },
  {
    title: 'a weak version that is absent is none',
    tree: { '/app': wants([{ name: 'V_9', weak: true }, 'V_1']), '/r/libv.so': v('V_1') },
    expected: ['/r/libv.so'],
  },
  {
    title: 'a provider without DT_VERDEF has every version',
    tree: { '/app': wants(['V_1']), '/r/libv.so': lib({ soname: 'libv.so' }) },
    expected: ['/r/libv.so'],
  },
  {
    title: 'the base definition is a version like others',
    tree: { '/app': wants(['libv.so']), '/r/libv.so': v('V_1') },
    expected: ['/r/libv.so'],
  },
  {
    title: 'the search does not go on for a file that has the version',
    tree: {
      '/app': app({
        needed: ['libv.so'],
        runpath: '/old:/new',
        verneed: [{ file: 'libv.so', versions: ['V_2'] }],
      }),
      '/old/libv.so': v('V_1'),
      '/new/libv.so': v('V_1', 'V_2'),
    },
    expected: ['/old/libv.so'],
    versions: ['V_2'],
  },
  {
    title: 'libraries are checked like the program',
    tree: {
      '/app': app({ needed: ['liba.so', 'libv.so'], runpath: '/r' }),
      '/r/liba.so': lib({
        needed: ['libv.so'],
        runpath: '/r',
        verneed: [{ file: 'libv.so', versions: ['V_7'] }],
      }),
      '/r/libv.so': v('V_1'),
    },
    expected: ['/r/liba.so', '/r/libv.so'],
    versions: ['V_7'],
  },
  {
    title: 'the provider is found by any of its names: a link that was asked for',
    tree: {
      '/app': app({
        needed: ['libother.so'],
        runpath: '/r',
        verneed: [{ file: 'libother.so', versions: ['V_2'] }],
      }),
      '/r/libother.so': v('V_1'),
    },
    expected: ['/r/libother.so'],
    versions: ['V_2'],
  },
  {
    title: 'versions of a missing library are not told of',
    tree: { '/app': wants(['V_1']) },
    expected: [],
    missing: ['libv.so'],
  },
  {
    title: 'several libraries, several versions',
    tree: {
      '/app': app({
        needed: ['libv.so', 'libw.so'],
        runpath: '/r',
        verneed: [
          { file: 'libv.so', versions: ['V_1', 'V_2'] },
          { file: 'libw.so', versions: ['W_1'] },
        ],
      }),
      '/r/libv.so': v('V_1'),
      '/r/libw.so': lib({ soname: 'libw.so', verdef: ['W_2'] }),
    },
    expected: ['/r/libv.so', '/r/libw.so'],
    versions: ['V_2', 'W_1'],
  },
  {
    title: 'versions of the program itself, by its SONAME',
    tree: {
      '/app': app({ soname: 'me.so', verdef: ['ME_1'], needed: ['liba.so'], runpath: '/r' }),
      '/r/liba.so': lib({ needed: ['me.so'], verneed: [{ file: 'me.so', versions: ['ME_1', 'ME_2'] }] }),
    },
    expected: ['/r/liba.so'],
    versions: ['ME_2'],
  },
  {
    title: 'versions of the loader',
    tree: {
      '/app': app({
        needed: ['liba.so', 'ld-linux-x86-64.so.2'],
        runpath: '/r',
        verneed: [{ file: 'ld-linux-x86-64.so.2', versions: ['GLIBC_2.3', 'GLIBC_9.9'] }],
      }),
      '/r/liba.so': lib(),
    },
    oracle: 'trace',
    expected: ['/r/liba.so', '/lib64/ld-linux-x86-64.so.2'],
    versions: ['GLIBC_9.9'],
  },
  {
    title: 'DT_RELR with DT_VERNEED and libc must announce itself',
    tree: {
      '/app': app({
        relr: true,
        needed: ['libc.so.6'],
        runpath: '/r',
        verneed: [{ file: 'libc.so.6', versions: ['V_1'] }],
      }),
      '/r/libc.so.6': lib({ soname: 'libc.so.6', verdef: ['V_1'] }),
    },
    expected: ['/r/libc.so.6'],
    versions: [RELR],
    oracle: 'start',
  },
  {
    title: 'DT_RELR is held to the marker where the versions wanted are of another library',
    tree: {
      '/app': app({
        relr: true,
        needed: ['libv.so', 'libc.so.6'],
        runpath: '/r',
        verneed: [{ file: 'libv.so', versions: ['V_1'] }],
      }),
      '/r/libc.so.6': lib({ soname: 'libc.so.6' }),
      '/r/libv.so': v('V_1'),
    },
    expected: ['/r/libv.so', '/r/libc.so.6'],
    versions: [RELR],
    oracle: 'start',
  },
  {
    title: 'DT_RELR may announce itself to any library',
    tree: {
      '/app': app({
        relr: true,
        needed: ['libv.so', 'libc.so.6'],
        runpath: '/r',
        verneed: [{ file: 'libv.so', versions: ['GLIBC_ABI_DT_RELR'] }],
      }),
      '/r/libc.so.6': lib({ soname: 'libc.so.6' }),
      '/r/libv.so': v('GLIBC_ABI_DT_RELR'),
    },
    oracle: 'trace',
    expected: ['/r/libv.so', '/r/libc.so.6'],
  },
  {
    title: 'DT_RELR without DT_VERNEED is free',
    tree: {
      '/app': app({ relr: true, needed: ['libc.so.6'], runpath: '/r' }),
      '/r/libc.so.6': lib({ soname: 'libc.so.6' }),
    },
    oracle: 'trace',
    expected: ['/r/libc.so.6'],
  },
  {
    title: 'DT_RELR without libc is free',
    tree: {
      '/app': app({
        relr: true,
        needed: ['libv.so'],
        runpath: '/r',
        verneed: [{ file: 'libv.so', versions: ['V_1'] }],
      }),
      '/r/libv.so': v('V_1'),
    },
    expected: ['/r/libv.so'],
  },
  {
    title: 'GLIBC_ABI_DT_RELR is a version like others: an older libc lacks it',
    tree: {
      '/app': app({
        relr: true,
        needed: ['libc.so.6'],
        runpath: '/r',
        verneed: [{ file: 'libc.so.6', versions: ['GLIBC_ABI_DT_RELR'] }],
      }),
      '/r/libc.so.6': lib({ soname: 'libc.so.6', verdef: ['GLIBC_2.35'] }),
    },
    expected: ['/r/libc.so.6'],
    versions: ['GLIBC_ABI_DT_RELR'],
  },
  {
    title: 'versions of a library that nothing loads end the program',
    tree: {
      '/app': app({
        needed: ['liba.so'],
        runpath: '/r',
        verneed: [{ file: 'libgone.so', versions: ['V_1'] }],
      }),
      '/r/liba.so': lib(),
      '/r/libgone.so': lib(),
    },
    oracle: 'start',
    expected: ['/r/liba.so'],
    missing: ['libgone.so'],
  },
  {
    title: 'a file of the cache is checked too',
    tree: {
      '/app': app({ needed: ['libv.so'], verneed: [{ file: 'libv.so', versions: ['V_2'] }] }),
      '/c/libv.so': v('V_1'),
      '/etc/ld.so.conf': file('/c\n'),
    },
    ldconfig: true,
    expected: ['/c/libv.so'],
    versions: ['V_2'],
  },
]);
