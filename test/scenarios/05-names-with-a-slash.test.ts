import { app, lib, link, scenarios } from './harness.ts';

const x = lib({ soname: 'libx.so' });

scenarios('G5: a name with a slash is opened as it is', [
  {
    title: 'an absolute name is opened, not searched',
    tree: { '/app': app({ needed: ['/deep/libx.so'], runpath: '/r' }), '/deep/libx.so': x, '/r/libx.so': x },
    expected: ['/deep/libx.so'],
  },
  {
    title: 'a relative name is relative to the current directory',
    tree: {
      '/o/app': app({ needed: ['sub/libx.so'], runpath: '/o' }),
      '/sub/libx.so': x,
      '/o/sub/libx.so': x,
    },
    program: '/o/app',
    expected: ['/sub/libx.so'],
  },
  {
    title: './ counts as a slash',
    tree: { '/o/app': app({ needed: ['./libx.so'], runpath: '/o' }), '/libx.so': x },
    program: '/o/app',
    expected: ['/./libx.so'],
  },
  {
    title: 'it is never searched elsewhere',
    tree: { '/app': app({ needed: ['/deep/libx.so'], runpath: '/r' }), '/r/libx.so': x, '/lib/libx.so': x },
    expected: [],
    missing: ['/deep/libx.so'],
  },
  {
    title: 'no hwcaps subdirectory is tried',
    tree: {
      '/app': app({ needed: ['/r/libx.so'] }),
      '/r/libx.so': x,
      '/r/glibc-hwcaps/x86-64-v2/libx.so': x,
    },
    expected: ['/r/libx.so'],
  },
  {
    title: 'a link is followed and the name kept',
    tree: {
      '/app': app({ needed: ['/deep/libx.so'] }),
      '/deep/libx.so': link('../real/libx.so'),
      '/real/libx.so': x,
    },
    expected: ['/deep/libx.so'],
  },
  {
    title: 'spaces, quotes, dashes and UTF-8 are ordinary bytes',
    tree: {
      '/app': app({ needed: ['-l evil"; rm.so', "/ö/lib ü'.so", 'lib=>x.so'], runpath: '/r' }),
      '/r/-l evil"; rm.so': lib(),
      "/ö/lib ü'.so": lib(),
      '/r/lib=>x.so': lib(),
    },
    expected: ['/r/-l evil"; rm.so', "/ö/lib ü'.so", '/r/lib=>x.so'],
  },
  {
    title: 'a colon in a name is literal',
    tree: {
      '/app': app({ needed: ['/a:/b.so', 'c:d.so'], runpath: '/r' }),
      '/a:/b.so': lib(),
      '/r/c:d.so': lib(),
    },
    expected: ['/a:/b.so', '/r/c:d.so'],
  },
]);
