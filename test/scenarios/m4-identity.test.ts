import { file, hardlink, link, scenarios } from './harness.ts';
import { muslApp as app, muslLib as lib, onMusl } from './musl.ts';

const x = lib();

scenarios(
  'M4: identity is the bare name, then device and inode',
  onMusl([
    {
      title: 'SONAME plays no part',
      tree: {
        '/app': app({ needed: ['libA.so', 'libB.so.1'], runpath: '/r' }),
        '/r/libA.so': lib({ soname: 'libB.so.1' }),
        '/r/libB.so.1': lib({ soname: 'other' }),
      },
      expected: ['/r/libA.so', '/r/libB.so.1'],
    },
    {
      title: 'a bare name that was found is not searched again',
      tree: {
        '/app': app({ needed: ['libx.so', 'liba.so'], runpath: '/r' }),
        '/r/libx.so': x,
        '/r/liba.so': lib({ needed: ['libx.so'], runpath: '/s' }),
        '/s/libx.so': lib({ soname: 'other' }),
      },
      expected: ['/r/libx.so', '/r/liba.so'],
    },
    {
      title: 'a second name of one inode is the same object',
      tree: {
        '/app': app({ needed: ['libx.so', 'liby.so', 'libz.so'], runpath: '/r' }),
        '/r/libx.so': x,
        '/r/liby.so': link('libx.so'),
        '/r/libz.so': hardlink('/r/libx.so'),
      },
      expected: ['/r/libx.so'],
    },
    {
      title: 'the second name is not kept: another requester may find another file',
      tree: {
        '/app': app({ needed: ['libx.so', 'liby.so', 'liba.so'], runpath: '/r' }),
        '/r/libx.so': x,
        '/r/liby.so': link('libx.so'),
        '/r/liba.so': lib({ needed: ['liby.so'], runpath: '/s' }),
        '/s/liby.so': lib({ soname: 'other' }),
      },
      expected: ['/r/libx.so', '/r/liba.so', '/s/liby.so'],
    },
    {
      title: 'an object opened by path has no bare name until a search finds it',
      tree: {
        '/app': app({ needed: ['/r/libx.so', 'libx.so'], runpath: '/s' }),
        '/r/libx.so': x,
        '/s/libx.so': lib({ soname: 'other' }),
      },
      expected: ['/r/libx.so', '/s/libx.so'],
    },
    {
      title: 'an object opened by path gets the name of that path when a search finds it',
      tree: {
        '/app': app({ needed: ['/r/libx.so', 'liby.so', 'libx.so'], runpath: '/s' }),
        '/r/libx.so': x,
        '/s/liby.so': link('/r/libx.so'),
        '/s/libx.so': lib({ soname: 'other' }),
      },
      expected: ['/r/libx.so'],
    },
    {
      title: 'the walk is breadth-first',
      tree: {
        '/app': app({ needed: ['liba.so', 'libb.so'], runpath: '/r' }),
        '/r/liba.so': lib({ needed: ['libe.so'] }),
        '/r/libb.so': lib({ needed: ['libd.so'] }),
        '/r/libd.so': lib({ soname: 'd' }),
        '/r/libe.so': lib({ needed: ['libf.so'] }),
        '/r/libf.so': lib({ soname: 'f' }),
      },
      expected: ['a', 'b', 'e', 'd', 'f'].map((name) => `/r/lib${name}.so`),
    },
    {
      title: 'LD_PRELOAD is split at blanks and colons and comes first',
      tree: {
        '/app': app({ needed: ['libx.so'], runpath: '/r' }),
        '/r/libx.so': x,
        '/p/a.so': lib({ soname: 'a' }),
        '/p/b.so': lib({ soname: 'b' }),
        '/p/d.so': lib({ soname: 'd' }),
      },
      preload: ' /p/b.so:/p/a.so\t/p/d.so',
      expected: ['/p/b.so', '/p/a.so', '/p/d.so', '/r/libx.so'],
    },
    {
      title: "a preload has no requester: the program's paths do not serve it",
      tree: {
        '/app': app({ needed: ['libx.so'], runpath: '/r' }),
        '/r/libx.so': x,
        '/r/libp.so': lib({ soname: 'p' }),
      },
      preload: 'libp.so',
      expected: ['/r/libx.so'],
    },
    {
      title: "the program's paths do not serve what a preload needs",
      tree: {
        '/app': app({ needed: ['libx.so'], runpath: '/r' }),
        '/r/libx.so': x,
        '/p/a.so': lib({ needed: ['liby.so'] }),
        '/r/liby.so': lib({ soname: 'y' }),
      },
      preload: '/p/a.so',
      expected: ['/p/a.so', '/r/libx.so'],
      missing: ['liby.so'],
    },
    {
      title: 'a preload with a bare name is searched on the system path',
      tree: {
        '/app': app({ needed: ['libx.so'], runpath: '/r' }),
        '/r/libx.so': x,
        '/lib/libp.so': lib({ soname: 'p' }),
      },
      preload: 'libp.so',
      expected: ['/lib/libp.so', '/r/libx.so'],
    },
    {
      title: '/etc/ld.so.preload means nothing',
      tree: {
        '/app': app({ needed: ['libx.so'], runpath: '/r' }),
        '/r/libx.so': x,
        '/p/a.so': lib(),
        '/etc/ld.so.preload': file('/p/a.so\n'),
      },
      expected: ['/r/libx.so'],
    },
    {
      title: "the program's own file under a library's name is another object",
      tree: { '/app': app({ needed: ['libme.so'], runpath: '/r' }), '/r/libme.so': link('/app') },
      expected: ['/r/libme.so'],
    },
  ]),
);
