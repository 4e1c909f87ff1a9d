import { app, lib, scenarios } from './harness.ts';

scenarios('G7: the walk is breadth-first', [
  {
    title: 'every direct need comes before any indirect one',
    tree: {
      '/app': app({ needed: ['liba.so', 'libb.so'], rpath: '/r' }),
      '/r/liba.so': lib({ needed: ['libc.so', 'libd.so'] }),
      '/r/libb.so': lib({ needed: ['libe.so'] }),
      '/r/libc.so': lib({ needed: ['libf.so'] }),
      '/r/libd.so': lib(),
      '/r/libe.so': lib(),
      '/r/libf.so': lib(),
    },
    expected: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `/r/lib${name}.so`),
  },
  {
    title: 'an object is entered once, where it is first met',
    tree: {
      '/app': app({ needed: ['liba.so', 'libb.so', 'libc.so'], rpath: '/r' }),
      '/r/liba.so': lib({ needed: ['libc.so', 'libd.so'] }),
      '/r/libb.so': lib({ needed: ['libd.so', 'liba.so'] }),
      '/r/libc.so': lib({ needed: ['libd.so'] }),
      '/r/libd.so': lib(),
    },
    expected: ['a', 'b', 'c', 'd'].map((name) => `/r/lib${name}.so`),
  },
  {
    title: 'cycles are harmless',
    tree: {
      '/app': app({ needed: ['liba.so'], rpath: '/r' }),
      '/r/liba.so': lib({ needed: ['libb.so'] }),
      '/r/libb.so': lib({ needed: ['libc.so'] }),
      '/r/libc.so': lib({ needed: ['liba.so', 'libb.so'] }),
    },
    expected: ['a', 'b', 'c'].map((name) => `/r/lib${name}.so`),
  },
  {
    title: 'a library that needs itself is harmless',
    tree: { '/app': app({ needed: ['liba.so'], rpath: '/r' }), '/r/liba.so': lib({ needed: ['liba.so'] }) },
    expected: ['/r/liba.so'],
  },
  {
    title: 'a diamond forty levels deep costs no more than its objects',
    tree: {
      '/app': app({ needed: ['l0.so', 'r0.so'], rpath: '/r' }),
      ...Object.fromEntries(
        Array.from({ length: 40 }, (_, i) => i).flatMap((i) => {
          const needed = i < 39 ? [`l${i + 1}.so`, `r${i + 1}.so`] : [];
          return [
            [`/r/l${i}.so`, lib({ needed })],
            [`/r/r${i}.so`, lib({ needed })],
          ];
        }),
      ),
    },
    expected: Array.from({ length: 40 }, (_, i) => [`/r/l${i}.so`, `/r/r${i}.so`]).flat(),
  },
]);
