import { app, file, lib, scenarios } from './harness.ts';

const x = lib({ soname: 'libx.so' });
const conf = file('/c\n');

scenarios(
  'G2: a name without a slash is searched in RPATH, LD_LIBRARY_PATH, RUNPATH, cache, default directories',
  [
    {
      title: 'RPATH comes before LD_LIBRARY_PATH',
      tree: { '/app': app({ needed: ['libx.so'], rpath: '/r' }), '/r/libx.so': x, '/l/libx.so': x },
      libraryPath: '/l',
      expected: ['/r/libx.so'],
    },
    {
      title: 'LD_LIBRARY_PATH comes before RUNPATH',
      tree: { '/app': app({ needed: ['libx.so'], runpath: '/r' }), '/r/libx.so': x, '/l/libx.so': x },
      libraryPath: '/l',
      expected: ['/l/libx.so'],
    },
    {
      title: 'RUNPATH comes before the cache',
      tree: {
        '/app': app({ needed: ['libx.so'], runpath: '/r' }),
        '/r/libx.so': x,
        '/c/libx.so': x,
        '/etc/ld.so.conf': conf,
      },
      ldconfig: true,
      expected: ['/r/libx.so'],
    },
    {
      title: 'the cache comes before the default directories',
      tree: {
        '/app': app({ needed: ['libx.so'] }),
        '/c/libx.so': x,
        '/lib/libx.so': x,
        '/etc/ld.so.conf': conf,
      },
      ldconfig: true,
      expected: ['/c/libx.so'],
    },
    {
      title: 'the default directories come last',
      tree: { '/app': app({ needed: ['libx.so'], runpath: '/r' }), '/lib/libx.so': x },
      libraryPath: '/l',
      expected: ['/lib/libx.so'],
    },
    {
      title: 'a lookup that fails in one source goes to the next',
      tree: {
        '/app': app({ needed: ['liba.so', 'libb.so', 'libc.so', 'libd.so', 'libe.so'], runpath: '/run' }),
        '/path/libb.so': lib({ soname: 'libb.so' }),
        '/run/libc.so': lib({ soname: 'libc.so' }),
        '/c/libd.so': lib({ soname: 'libd.so' }),
        '/usr/lib/libe.so': lib({ soname: 'libe.so' }),
        '/etc/ld.so.conf': conf,
      },
      libraryPath: '/path',
      ldconfig: true,
      expected: ['/path/libb.so', '/run/libc.so', '/c/libd.so', '/usr/lib/libe.so'],
      missing: ['liba.so'],
    },
    {
      title: 'the RPATH of what caused the requester to be loaded serves it too, and so on up',
      tree: {
        '/app': app({ needed: ['liba.so'], rpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libb.so'], rpath: '/s' }),
        '/s/libb.so': lib({ needed: ['libc.so', 'libd.so'] }),
        '/r/libc.so': lib(),
        '/s/libd.so': lib(),
      },
      expected: ['/r/liba.so', '/s/libb.so', '/r/libc.so', '/s/libd.so'],
    },
    {
      title: "the requester's own RPATH comes before its parent's",
      tree: {
        '/app': app({ needed: ['liba.so'], rpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libx.so'], rpath: '/s' }),
        '/s/libx.so': x,
        '/r/libx.so': x,
      },
      expected: ['/r/liba.so', '/s/libx.so'],
    },
    {
      title: 'a requester that has a RUNPATH inherits no RPATH',
      tree: {
        '/app': app({ needed: ['liba.so'], rpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libx.so'], runpath: '/s' }),
        '/r/libx.so': x,
      },
      expected: ['/r/liba.so'],
      missing: ['libx.so'],
    },
    {
      title: 'even an empty-string RUNPATH cancels the RPATH chain',
      tree: {
        '/app': app({ needed: ['liba.so'], rpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libx.so'], runpath: '' }),
        '/r/libx.so': x,
      },
      expected: ['/r/liba.so'],
      missing: ['libx.so'],
    },
    {
      title: 'an ancestor that has RUNPATH contributes nothing and does not stop the climb',
      tree: {
        '/app': app({ needed: ['liba.so'], rpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libb.so'], runpath: '/s' }),
        '/s/libb.so': lib({ needed: ['libx.so', 'liby.so'] }),
        '/r/libx.so': x,
        '/s/liby.so': lib(),
      },
      expected: ['/r/liba.so', '/s/libb.so', '/r/libx.so'],
      missing: ['liby.so'],
    },
    {
      title: 'RUNPATH of the executable does not serve its libraries',
      tree: {
        '/app': app({ needed: ['liba.so'], runpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libx.so'] }),
        '/r/libx.so': x,
      },
      expected: ['/r/liba.so'],
      missing: ['libx.so'],
    },
    {
      title: 'RUNPATH of a library serves that library alone',
      tree: {
        '/app': app({ needed: ['liba.so'], runpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libb.so'], runpath: '/s' }),
        '/s/libb.so': lib({ needed: ['libx.so'] }),
        '/s/libx.so': x,
      },
      expected: ['/r/liba.so', '/s/libb.so'],
      missing: ['libx.so'],
    },
    {
      title: 'LD_LIBRARY_PATH serves every requester',
      tree: {
        '/app': app({ needed: ['liba.so'], runpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libx.so'], runpath: '/s' }),
        '/s/libx.so': x,
        '/l/libx.so': x,
      },
      libraryPath: '/l',
      expected: ['/r/liba.so', '/l/libx.so'],
    },
    {
      title: "the executable's RPATH serves what an unrelated preload needs",
      tree: {
        '/app': app({ needed: ['liba.so'], rpath: '/r' }),
        '/p/libp.so': lib({ needed: ['libx.so'] }),
        '/r/liba.so': lib(),
        '/r/libx.so': x,
      },
      preload: '/p/libp.so',
      expected: ['/p/libp.so', '/r/liba.so', '/r/libx.so'],
    },
    {
      title: 'the parent is fixed at the first load: a later requester with another RPATH does not matter',
      tree: {
        '/app': app({ needed: ['liba.so', 'libb.so'], rpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libc.so'], rpath: '/r' }),
        '/r/libb.so': lib({ needed: ['libc.so'], rpath: '/s' }),
        '/r/libc.so': lib({ needed: ['libx.so'] }),
        '/s/libx.so': x,
      },
      expected: ['/r/liba.so', '/r/libb.so', '/r/libc.so'],
      missing: ['libx.so'],
    },
    {
      title: 'inheritance has no depth limit',
      tree: {
        '/app': app({ needed: ['lib0.so'], rpath: '/r' }),
        ...Object.fromEntries(
          Array.from({ length: 40 }, (_, i) => [
            `/r/lib${i}.so`,
            lib(i < 39 ? { needed: [`lib${i + 1}.so`] } : {}),
          ]),
        ),
      },
      expected: Array.from({ length: 40 }, (_, i) => `/r/lib${i}.so`),
    },
  ],
);
