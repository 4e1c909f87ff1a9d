import { link, scenarios } from './harness.ts';
import { muslApp as app, muslLib as lib, muslLoader, onMusl } from './musl.ts';

const LOADER = '/lib/ld-musl-x86_64.so.1';
const x = lib();
const names = [
  'libc.so',
  'libc.musl-x86_64.so.1',
  'libpthread.so.0',
  'librt.so.1',
  'libm.so.6',
  'libdl.so.2',
  'libutil.so.1',
  'libxnet.so',
];

scenarios(
  'M3: names of libc are the loader',
  onMusl([
    ...names.map((name) => ({
      title: `${name} is the loader, whatever lies on the path`,
      tree: {
        '/app': app({ needed: [name, 'libx.so'], runpath: '/r' }),
        [`/r/${name}`]: lib({ soname: 'other' }),
        '/r/libx.so': x,
      },
      expected: [LOADER, '/r/libx.so'],
    })),
    {
      title: 'the PT_INTERP string is the loader',
      tree: { '/app': app({ needed: [LOADER, 'libx.so'], runpath: '/r' }), '/r/libx.so': x },
      expected: [LOADER, '/r/libx.so'],
    },
    {
      title: 'its bare file name is an ordinary name',
      tree: { '/app': app({ needed: ['ld-musl-x86_64.so.1'], runpath: '/r' }), '/r/ld-musl-x86_64.so.1': x },
      expected: ['/r/ld-musl-x86_64.so.1'],
    },
    {
      title: 'names that only begin alike are ordinary',
      tree: {
        '/app': app({ needed: ['libcc.so', 'libmagic.so', 'libc-2.so'], runpath: '/r' }),
        '/r/libcc.so': lib({ soname: 'a' }),
        '/r/libmagic.so': lib({ soname: 'b' }),
        '/r/libc-2.so': lib({ soname: 'c' }),
      },
      expected: ['/r/libcc.so', '/r/libmagic.so', '/r/libc-2.so'],
    },
    {
      title: 'the same file under another name is the loader',
      tree: {
        '/app': app({ needed: ['libfoo.so', 'libx.so'], runpath: '/r' }),
        '/r/libfoo.so': link(LOADER),
        '/r/libx.so': x,
      },
      expected: [LOADER, '/r/libx.so'],
    },
    {
      title: 'a copy of libc under another name is replaced by the loader',
      tree: {
        '/app': app({ needed: ['libfoo.so', 'libx.so'], runpath: '/r' }),
        '/r/libfoo.so': muslLoader(),
        '/r/libx.so': x,
      },
      expected: [LOADER, '/r/libx.so'],
    },
    {
      title: 'a library that defines __libc_start_main and stdin is taken for a libc',
      tree: {
        '/app': app({ needed: ['libfoo.so', 'libx.so'], runpath: '/r' }),
        '/r/libfoo.so': lib({ exports: ['__libc_start_main', { name: 'stdin', type: 'OBJECT' }] }),
        '/r/libx.so': x,
      },
      expected: [LOADER, '/r/libx.so'],
    },
    {
      title: 'a library that defines one of the two is not',
      tree: {
        '/app': app({ needed: ['libfoo.so'], runpath: '/r' }),
        '/r/libfoo.so': lib({ exports: ['__libc_start_main'], imports: ['stdin'] }),
      },
      oracle: 'trace',
      expected: ['/r/libfoo.so'],
    },
  ]),
);
