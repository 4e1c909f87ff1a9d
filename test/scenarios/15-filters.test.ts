import { app, lib, scenarios } from './harness.ts';

scenarios('G15: DT_FILTER and DT_AUXILIARY are loaded before their filter', [
  {
    title: 'a filtee stands before its filter',
    tree: {
      '/app': app({ needed: ['liba.so', 'libb.so'], runpath: '/r' }),
      '/r/liba.so': lib({ filter: ['libf.so'], runpath: '/r' }),
      '/r/libb.so': lib(),
      '/r/libf.so': lib(),
    },
    expected: ['/r/libf.so', '/r/liba.so', '/r/libb.so'],
  },
  {
    title: 'an auxiliary object stands before its filter',
    tree: {
      '/app': app({ needed: ['libb.so', 'liba.so'], runpath: '/r' }),
      '/r/liba.so': lib({ auxiliary: ['libf.so'], runpath: '/r' }),
      '/r/libb.so': lib(),
      '/r/libf.so': lib(),
    },
    expected: ['/r/libb.so', '/r/libf.so', '/r/liba.so'],
  },
  {
    title: 'several keep their order before the filter, mixed with needs',
    tree: {
      '/app': app({ needed: ['liba.so'], runpath: '/r' }),
      '/r/liba.so': lib({
        needed: ['libn.so'],
        filter: ['libf.so', 'libg.so'],
        auxiliary: ['libh.so'],
        runpath: '/r',
      }),
      '/r/libf.so': lib({ needed: ['libm.so'], runpath: '/r' }),
      '/r/libg.so': lib(),
      '/r/libh.so': lib(),
      '/r/libm.so': lib(),
      '/r/libn.so': lib(),
    },
    expected: ['/r/libf.so', '/r/libg.so', '/r/libh.so', '/r/liba.so', '/r/libn.so', '/r/libm.so'],
  },
  {
    title: "the filtee's own needs are served next",
    tree: {
      '/app': app({ needed: ['liba.so', 'libb.so'], runpath: '/r' }),
      '/r/liba.so': lib({ filter: ['libf.so'], runpath: '/r' }),
      '/r/libb.so': lib({ needed: ['libd.so'], runpath: '/r' }),
      '/r/libf.so': lib({ needed: ['libe.so'], runpath: '/r' }),
      '/r/libd.so': lib(),
      '/r/libe.so': lib(),
    },
    expected: ['/r/libf.so', '/r/liba.so', '/r/libb.so', '/r/libe.so', '/r/libd.so'],
  },
  {
    title: 'a filtee that stands later in the list moves before its filter',
    tree: {
      '/app': app({ needed: ['liba.so', 'libb.so', 'libf.so'], runpath: '/r' }),
      '/r/liba.so': lib({ filter: ['libf.so'], runpath: '/r' }),
      '/r/libb.so': lib(),
      '/r/libf.so': lib({ needed: ['libc.so'], runpath: '/r' }),
      '/r/libc.so': lib(),
    },
    expected: ['/r/libf.so', '/r/liba.so', '/r/libb.so', '/r/libc.so'],
  },
  {
    title: 'a filtee that stands earlier stays where it is',
    tree: {
      '/app': app({ needed: ['libf.so', 'libb.so', 'liba.so'], runpath: '/r' }),
      '/r/liba.so': lib({ filter: ['libf.so'], runpath: '/r' }),
      '/r/libb.so': lib(),
      '/r/libf.so': lib(),
    },
    expected: ['/r/libf.so', '/r/libb.so', '/r/liba.so'],
  },
  {
    title: 'a filter of itself is harmless',
    tree: {
      '/app': app({ needed: ['liba.so'], runpath: '/r' }),
      '/r/liba.so': lib({ soname: 'liba.so', filter: ['liba.so'] }),
    },
    expected: ['/r/liba.so'],
  },
  {
    title: 'the object that carries the tag is the requester',
    tree: {
      '/app': app({ needed: ['liba.so'], runpath: '/r' }),
      '/r/liba.so': lib({ filter: ['libf.so'], auxiliary: ['libg.so'], runpath: '/f' }),
      '/f/libf.so': lib(),
      '/r/libg.so': lib(),
    },
    expected: ['/f/libf.so', '/r/liba.so'],
    optional: ['libg.so'],
  },
  {
    title: 'a missing filtee is an error',
    tree: {
      '/app': app({ needed: ['liba.so'], runpath: '/r' }),
      '/r/liba.so': lib({ filter: ['libgone.so'] }),
    },
    expected: ['/r/liba.so'],
    missing: ['libgone.so'],
  },
  {
    title: 'a missing auxiliary object is ignored at a real start',
    tree: {
      '/app': app({ needed: ['liba.so', 'libb.so'], runpath: '/r' }),
      '/r/liba.so': lib({ auxiliary: ['libgone.so'] }),
      '/r/libb.so': lib(),
    },
    expected: ['/r/liba.so', '/r/libb.so'],
    optional: ['libgone.so'],
  },
  {
    title: 'a filtee of the program itself is loaded, and out of its list',
    tree: {
      '/app': app({ needed: ['liba.so'], filter: ['libf.so'], runpath: '/r' }),
      '/r/liba.so': lib({ needed: ['libg.so'], runpath: '/r' }),
      '/r/libf.so': lib({ needed: ['libg.so'], runpath: '/r' }),
      '/r/libg.so': lib(),
    },
    oracle: 'start',
    expected: ['/r/libf.so', '/r/liba.so', '/r/libg.so'],
  },
]);
