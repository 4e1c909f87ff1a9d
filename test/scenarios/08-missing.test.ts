import { app, lib, scenarios } from './harness.ts';

scenarios('G8: a missing name does not satisfy a later request', [
  {
    title: 'the walk goes on behind a missing library',
    tree: {
      '/app': app({ needed: ['libgone.so', 'liba.so'], runpath: '/r' }),
      '/r/liba.so': lib({ needed: ['libb.so'], runpath: '/r' }),
      '/r/libb.so': lib(),
    },
    expected: ['/r/liba.so', '/r/libb.so'],
    missing: ['libgone.so'],
  },
  {
    title: "one name can be missing for one requester and found for another by that one's RUNPATH",
    tree: {
      '/app': app({ needed: ['libx.so', 'liba.so'], runpath: '/r' }),
      '/r/liba.so': lib({ needed: ['libx.so'], runpath: '/other' }),
      '/other/libx.so': lib(),
    },
    expected: ['/r/liba.so', '/other/libx.so'],
    missing: ['libx.so'],
  },
  {
    title: 'each requester that misses a name counts',
    tree: {
      '/app': app({ needed: ['libx.so', 'liba.so', 'libb.so'], runpath: '/r' }),
      '/r/liba.so': lib({ needed: ['libx.so'] }),
      '/r/libb.so': lib({ needed: ['libx.so', 'libx.so'] }),
    },
    expected: ['/r/liba.so', '/r/libb.so'],
    missing: ['libx.so', 'libx.so', 'libx.so', 'libx.so'],
  },
  {
    title: 'a name found first for another requester is there for all that come later',
    tree: {
      '/app': app({ needed: ['liba.so', 'libb.so'], runpath: '/r' }),
      '/r/liba.so': lib({ needed: ['libx.so'], runpath: '/other' }),
      '/r/libb.so': lib({ needed: ['libx.so'] }),
      '/other/libx.so': lib(),
    },
    expected: ['/r/liba.so', '/r/libb.so', '/other/libx.so'],
  },
  {
    title: 'a missing path is missing under its own name',
    tree: { '/app': app({ needed: ['/none/libx.so', 'libx.so'], runpath: '/r' }), '/r/libx.so': lib() },
    expected: ['/r/libx.so'],
    missing: ['/none/libx.so'],
  },
]);
