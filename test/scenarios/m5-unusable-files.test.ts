import { dir, file, scenarios } from './harness.ts';
import { muslApp as app, muslLib as lib, onMusl } from './musl.ts';

const x = lib();

scenarios(
  'M5: the first file that opens is taken',
  onMusl([
    {
      title: 'a text file is an error, and no other is looked for',
      tree: {
        '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }),
        '/a/libx.so': file('INPUT(libreal.so) '.repeat(10)),
        '/b/libx.so': x,
      },
      expected: [],
      missing: ['libx.so'],
    },
    {
      title: 'an empty file is an error',
      tree: { '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }), '/a/libx.so': file(), '/b/libx.so': x },
      expected: [],
      missing: ['libx.so'],
    },
    {
      title: 'a directory is an error',
      tree: { '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }), '/a/libx.so': dir(), '/b/libx.so': x },
      expected: [],
      missing: ['libx.so'],
    },
    {
      title: 'a file of the other class is an error',
      tree: {
        '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }),
        '/a/libx.so': lib({ class: 32, machine: 3 }),
        '/b/libx.so': x,
      },
      noOracle: 'it reads the header in its own class and maps what comes of it',
      expected: [],
      missing: ['libx.so'],
    },
    {
      title: 'a file of another machine is an error',
      tree: {
        '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }),
        '/a/libx.so': lib({ machine: 183 }),
        '/b/libx.so': x,
      },
      noOracle: 'it fails at the first relocation, of which a made-up file has none',
      expected: [],
      missing: ['libx.so'],
    },
    {
      title: 'a file without PT_DYNAMIC is an error',
      tree: {
        '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }),
        '/a/libx.so': lib({ dynamic: false }),
        '/b/libx.so': x,
      },
      expected: [],
      missing: ['libx.so'],
    },
    {
      title: 'an object file is an error',
      tree: {
        '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }),
        '/a/libx.so': lib({ type: 'REL' }),
        '/b/libx.so': x,
      },
      expected: [],
      missing: ['libx.so'],
    },
    {
      title: 'a position-independent program is as good as a library',
      tree: { '/app': app({ needed: ['libx.so'], runpath: '/a' }), '/a/libx.so': app({ soname: 'x' }) },
      expected: ['/a/libx.so'],
    },
    {
      title: 'all missing names are reported',
      tree: {
        '/app': app({ needed: ['libgone.so', 'liba.so', 'libgone.so'], runpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libgone2.so', 'libgone.so'] }),
      },
      expected: ['/r/liba.so'],
      missing: ['libgone.so', 'libgone.so', 'libgone2.so', 'libgone.so'],
    },
    {
      title: 'an empty name is missing',
      tree: { '/app': app({ needed: ['', 'libx.so'], runpath: '/r' }), '/r/libx.so': x },
      expected: ['/r/libx.so'],
      missing: [''],
    },
    {
      title: 'versions are not checked',
      tree: {
        '/app': app({
          needed: ['libx.so'],
          runpath: '/r',
          verneed: [{ file: 'libx.so', versions: ['X_9'] }],
        }),
        '/r/libx.so': lib({ soname: 'libx.so', verdef: ['X_1'] }),
      },
      expected: ['/r/libx.so'],
    },
    {
      title: 'DT_RELR needs no marker',
      tree: {
        '/app': app({
          needed: ['libx.so'],
          runpath: '/r',
          relr: true,
          verneed: [{ file: 'libx.so', versions: ['X_1'] }],
        }),
        '/r/libx.so': x,
      },
      oracle: 'trace',
      expected: ['/r/libx.so'],
    },
  ]),
);
