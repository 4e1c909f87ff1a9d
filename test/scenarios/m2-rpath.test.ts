import { link, scenarios } from './harness.ts';
import { muslApp as app, muslLib as lib, onMusl } from './musl.ts';

const x = lib();

scenarios(
  'M2: RPATH and RUNPATH are one field, and both are inherited',
  onMusl([
    {
      title: 'LD_LIBRARY_PATH precedes even RPATH',
      tree: { '/app': app({ needed: ['libx.so'], rpath: '/r' }), '/r/libx.so': x, '/l/libx.so': x },
      libraryPath: '/l',
      expected: ['/l/libx.so'],
    },
    {
      title: 'RUNPATH overrides RPATH where both are there',
      tree: {
        '/app': app({ needed: ['libx.so', 'liby.so'], rpath: '/a', runpath: '/b' }),
        '/a/libx.so': x,
        '/a/liby.so': x,
        '/b/libx.so': x,
      },
      expected: ['/b/libx.so'],
      missing: ['liby.so'],
    },
    {
      title: 'RUNPATH is inherited',
      tree: {
        '/app': app({ needed: ['liba.so'], runpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libx.so'] }),
        '/r/libx.so': x,
      },
      expected: ['/r/liba.so', '/r/libx.so'],
    },
    {
      title: 'RPATH is inherited past a RUNPATH',
      tree: {
        '/app': app({ needed: ['liba.so'], rpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libb.so'], runpath: '/s' }),
        '/s/libb.so': lib({ needed: ['libx.so'] }),
        '/r/libx.so': x,
      },
      expected: ['/r/liba.so', '/s/libb.so', '/r/libx.so'],
    },
    {
      title: "the requester's own path comes before its parent's",
      tree: {
        '/app': app({ needed: ['liba.so'], runpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libx.so'], runpath: '/s' }),
        '/r/libx.so': x,
        '/s/libx.so': x,
      },
      expected: ['/r/liba.so', '/s/libx.so'],
    },
    {
      title: 'lists are split at a colon and a newline, never at a semicolon',
      tree: {
        '/app': app({ needed: ['libx.so', 'liby.so', 'libz.so'], runpath: '/a;/b:/c\n/d' }),
        '/a;/b/libx.so': x,
        '/b/liby.so': x,
        '/d/libz.so': lib({ soname: 'z' }),
      },
      expected: ['/a;/b/libx.so', '/d/libz.so'],
      missing: ['liby.so'],
    },
    {
      title: 'LD_LIBRARY_PATH is not split at a semicolon',
      tree: { '/app': app({ needed: ['libx.so'] }), '/b/libx.so': x },
      libraryPath: '/a;/b',
      expected: [],
      missing: ['libx.so'],
    },
    {
      title: 'empty elements are skipped',
      tree: { '/app': app({ needed: ['libx.so'], runpath: ':/b:' }), '/libx.so': x },
      expected: [],
      missing: ['libx.so'],
    },
    {
      title: '$ORIGIN and ${ORIGIN} are expanded',
      tree: {
        '/o/app': app({ needed: ['libx.so', 'liby.so'], runpath: '$ORIGIN/a:${ORIGIN}/b' }),
        '/o/a/libx.so': x,
        '/o/b/liby.so': lib({ soname: 'y' }),
      },
      program: '/o/app',
      expected: ['/o/a/libx.so', '/o/b/liby.so'],
    },
    {
      title: '$ORIGIN needs no end: what follows is part of the path',
      tree: { '/o/app': app({ needed: ['libx.so'], runpath: '$ORIGINAL' }), '/oAL/libx.so': x },
      program: '/o/app',
      expected: ['/oAL/libx.so'],
    },
    {
      title: "any other $ voids the object's whole path",
      tree: {
        '/o/app': app({ needed: ['libx.so'], runpath: '/r:$ORIGIN:/o/$LIB' }),
        '/r/libx.so': x,
        '/o/libx.so': x,
      },
      program: '/o/app',
      expected: [],
      missing: ['libx.so'],
    },
    {
      title: "a voided path does not hide the parent's",
      tree: {
        '/app': app({ needed: ['liba.so'], runpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libx.so'], runpath: '$PLATFORM' }),
        '/r/libx.so': x,
      },
      expected: ['/r/liba.so', '/r/libx.so'],
    },
    {
      title: '$ORIGIN of a library is the directory of the path opened, unresolved',
      tree: {
        '/app': app({ needed: ['liba.so'], runpath: '/links' }),
        '/links/liba.so': link('/real/liba.so'),
        '/real/liba.so': lib({ needed: ['libx.so'], runpath: '$ORIGIN/sub' }),
        '/links/sub/libx.so': x,
        '/real/sub/libx.so': x,
      },
      expected: ['/links/liba.so', '/links/sub/libx.so'],
    },
    {
      title: '$ORIGIN of the program has its links resolved',
      tree: {
        '/app': link('/o/app'),
        '/o/app': app({ needed: ['libx.so'], runpath: '$ORIGIN/sub' }),
        '/o/sub/libx.so': x,
      },
      oracle: 'start',
      expected: ['/o/sub/libx.so'],
    },
    {
      title: 'for a program in the root directory $ORIGIN is the root',
      tree: { '/app': app({ needed: ['libx.so'], runpath: '$ORIGIN/sub' }), '/sub/libx.so': x },
      expected: ['/sub/libx.so'],
    },
    {
      title: 'DT_NEEDED is not expanded',
      tree: { '/o/app': app({ needed: ['$ORIGIN/libx.so'] }), '/o/libx.so': x },
      program: '/o/app',
      expected: [],
      missing: ['$ORIGIN/libx.so'],
    },
    {
      title: 'ELOOP inhibits all further search',
      tree: {
        '/app': app({ needed: ['libx.so'], runpath: '/a' }),
        '/a/libx.so': link('libx.so'),
        '/lib/libx.so': x,
      },
      expected: [],
      missing: ['libx.so'],
    },
    {
      title: 'ENOTDIR and absence do not',
      tree: { '/app': app({ needed: ['libx.so'], runpath: '/app:/none' }), '/lib/libx.so': x },
      expected: ['/lib/libx.so'],
    },
    {
      title: 'a path above 511 bytes is passed over',
      tree: {
        '/app': app({ needed: ['libx.so'], runpath: `/${'a/'.repeat(252)}` }),
        [`/${'a/'.repeat(252)}libx.so`]: x,
        '/lib/libx.so': x,
      },
      expected: ['/lib/libx.so'],
    },
    {
      title: 'a set-user-ID program ignores the environment and its own $ORIGIN',
      tree: {
        '/o/app': { ...app({ needed: ['libx.so', 'liby.so'], runpath: '$ORIGIN' }), mode: 0o4755 },
        '/o/libx.so': x,
        '/l/liby.so': x,
      },
      program: '/o/app',
      libraryPath: '/l',
      preload: '/o/libx.so',
      uid: 12345,
      oracle: 'start',
      expected: [],
      missing: ['libx.so', 'liby.so'],
    },
    {
      title: 'a set-user-ID program trusts its other paths',
      tree: { '/o/app': { ...app({ needed: ['libx.so'], runpath: '/o' }), mode: 0o4755 }, '/o/libx.so': x },
      program: '/o/app',
      uid: 12345,
      oracle: 'start',
      expected: ['/o/libx.so'],
    },
  ]),
);
