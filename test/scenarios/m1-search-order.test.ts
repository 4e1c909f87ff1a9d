import { type Case, dir, file, scenarios, unreadable } from './harness.ts';
import { muslApp as app, muslLib as lib, muslLoader, onMusl } from './musl.ts';

const x = lib();
const cases: readonly Omit<Case, 'machine'>[] = [
  {
    title: 'LD_LIBRARY_PATH comes before RUNPATH',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/r' }), '/r/libx.so': x, '/l/libx.so': x },
    libraryPath: '/l',
    expected: ['/l/libx.so'],
  },
  {
    title: 'RUNPATH comes before the system path',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/r' }), '/r/libx.so': x, '/lib/libx.so': x },
    expected: ['/r/libx.so'],
  },
  {
    title: 'without a path file: /lib, /usr/local/lib, /usr/lib',
    tree: {
      '/app': app({ needed: ['liba.so', 'libb.so', 'libz.so'] }),
      '/lib/liba.so': x,
      '/usr/local/lib/liba.so': x,
      '/usr/local/lib/libb.so': lib({ soname: 'b' }),
      '/usr/lib/libb.so': x,
      '/usr/lib/libz.so': lib({ soname: 'z' }),
    },
    expected: ['/lib/liba.so', '/usr/local/lib/libb.so', '/usr/lib/libz.so'],
  },
  {
    title: 'no multiarch directory, no /lib64',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so'] }),
      '/lib/x86_64-linux-gnu/libx.so': x,
      '/lib64/liby.so': x,
    },
    expected: [],
    missing: ['libx.so', 'liby.so'],
  },
  {
    title: 'the path file takes the place of the built-in list',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so'] }),
      '/p/libx.so': x,
      '/lib/liby.so': x,
      '/etc/ld-musl-x86_64.path': file('/p\n'),
    },
    expected: ['/p/libx.so'],
    missing: ['liby.so'],
  },
  {
    title: 'the path file is split at colons and newlines',
    tree: {
      '/app': app({ needed: ['liba.so', 'libb.so', 'libz.so'] }),
      '/a/liba.so': lib({ soname: 'a' }),
      '/b/libb.so': lib({ soname: 'b' }),
      '/z/libz.so': lib({ soname: 'z' }),
      '/etc/ld-musl-x86_64.path': file('/a:/b\n\n/z'),
    },
    expected: ['/a/liba.so', '/b/libb.so', '/z/libz.so'],
  },
  {
    title: 'an empty path file leaves nothing',
    tree: { '/app': app({ needed: ['libx.so'] }), '/lib/libx.so': x, '/etc/ld-musl-x86_64.path': file() },
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: 'a path file that cannot be read leaves nothing',
    tree: {
      '/app': app({ needed: ['libx.so'] }),
      '/lib/libx.so': x,
      '/etc/ld-musl-x86_64.path': unreadable(file('/lib')),
    },
    uid: 12345,
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: 'a path file that is a directory leaves nothing',
    tree: { '/app': app({ needed: ['libx.so'] }), '/lib/libx.so': x, '/etc/ld-musl-x86_64.path': dir() },
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: '/etc that is a file leaves nothing: only ENOENT means the built-in list',
    tree: { '/app': app({ needed: ['libx.so'] }), '/lib/libx.so': x, '/etc': file() },
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: 'the path file lies below the prefix of PT_INTERP',
    tree: {
      '/opt/m/lib/ld-musl-x86_64.so.1': muslLoader(),
      '/app': app({ needed: ['libx.so'], interpreter: '/opt/m/lib/ld-musl-x86_64.so.1' }),
      '/opt/m/etc/ld-musl-x86_64.path': file('/p'),
      '/p/libx.so': x,
      '/lib/libx.so': x,
    },
    oracle: 'start',
    expected: ['/p/libx.so'],
  },
  {
    title: 'ld.so.cache and glibc-hwcaps mean nothing',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so'], runpath: '/r' }),
      '/r/libx.so': x,
      '/r/glibc-hwcaps/x86-64-v2/libx.so': x,
      '/c/liby.so': lib({ soname: 'liby.so' }),
      '/etc/ld.so.conf': file('/c\n'),
    },
    ldconfig: true,
    expected: ['/r/libx.so'],
    missing: ['liby.so'],
  },
  {
    title: 'NODEFLIB means nothing',
    tree: { '/app': app({ needed: ['libx.so'], flags1: 0x08000800 }), '/lib/libx.so': x },
    expected: ['/lib/libx.so'],
  },
  {
    title: 'FILTER, AUXILIARY and AUDIT mean nothing',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r', audit: '/r/liby.so' }),
      '/r/libx.so': lib({ filter: ['liby.so'], auxiliary: ['liby.so'] }),
      '/r/liby.so': x,
    },
    expected: ['/r/libx.so'],
  },
];

scenarios('M1: musl searches LD_LIBRARY_PATH, the inherited paths, then its system path', onMusl(cases));
