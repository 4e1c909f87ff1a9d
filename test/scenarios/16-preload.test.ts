import { app, file, lib, scenarios } from './harness.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
const x = lib({ soname: 'libx.so' });
const wanted = app({ needed: ['libx.so'], runpath: '/r' });
const preload = (text: string): ReturnType<typeof file> => file(text);

scenarios('G16: preloads come right behind the program', [
  {
    title: 'LD_PRELOAD is split at spaces and colons, in order',
    tree: { '/app': wanted, '/r/libx.so': x, '/p/a.so': lib(), '/p/b.so': lib(), '/p/c.so': lib() },
    preload: ' /p/b.so:/p/a.so  /p/c.so:',
    expected: ['/p/b.so', '/p/a.so', '/p/c.so', '/r/libx.so'],
  },
  {
    title: "a name without a slash is searched with the program's paths",
    tree: { '/app': wanted, '/r/libx.so': x, '/r/libp.so': lib() },
    preload: 'libp.so',
    expected: ['/r/libp.so', '/r/libx.so'],
  },
  {
    title: '/etc/ld.so.preload comes behind LD_PRELOAD',
    tree: {
      '/app': wanted,
      '/r/libx.so': x,
      '/p/a.so': lib(),
      '/p/b.so': lib(),
      '/etc/ld.so.preload': preload('/p/a.so\n'),
    },
    preload: '/p/b.so',
    expected: ['/p/b.so', '/p/a.so', '/r/libx.so'],
  },
  {
    title: '/etc/ld.so.preload is split at blanks, tabs, newlines and colons; # begins a comment',
    tree: {
      '/app': wanted,
      '/r/libx.so': x,
      ...Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`/p/${name}.so`, lib()])),
      '/etc/ld.so.preload': preload('/p/a.so /p/b.so\t/p/c.so:/p/d.so#/p/e.so\n'),
    },
    expected: ['/p/a.so', '/p/b.so', '/p/c.so', '/p/d.so', '/r/libx.so'],
  },
  {
    title: 'a comment at the start of /etc/ld.so.preload ends at its newline',
    tree: {
      '/app': wanted,
      '/r/libx.so': x,
      '/p/a.so': lib(),
      '/etc/ld.so.preload': preload('# /p/b.so\n/p/a.so\n'),
    },
    expected: ['/p/a.so', '/r/libx.so'],
  },
  {
    title: 'behind a comment a # in the last bytes of /etc/ld.so.preload is an ordinary byte',
    tree: {
      '/app': wanted,
      '/r/libx.so': x,
      '/p/a.so': lib(),
      '/p/b.so': lib(),
      '/etc/ld.so.preload': preload('# nine by\n/p/a.so #/p/b.so\n'),
    },
    expected: ['/p/a.so', '/r/libx.so'],
  },
  {
    title: 'behind a comment a # late in /etc/ld.so.preload does not hide the next word',
    tree: {
      '/app': wanted,
      '/r/libx.so': x,
      '/p/a.so': lib(),
      '/p/b.so': lib(),
      '/etc/ld.so.preload': preload('# twelve bytes\n/p/a.so # /p/b.so\n'),
    },
    expected: ['/p/a.so', '/p/b.so', '/r/libx.so'],
  },
  {
    title: 'the last name of /etc/ld.so.preload may lack its newline',
    tree: {
      '/app': wanted,
      '/r/libx.so': x,
      '/p/a.so': lib(),
      '/p/b.so': lib(),
      '/etc/ld.so.preload': preload('/p/a.so\n/p/b.so'),
    },
    expected: ['/p/a.so', '/p/b.so', '/r/libx.so'],
  },
  {
    title: 'an /etc/ld.so.preload of one name without a newline',
    tree: { '/app': wanted, '/r/libx.so': x, '/p/a.so': lib(), '/etc/ld.so.preload': preload('/p/a.so') },
    expected: ['/p/a.so', '/r/libx.so'],
  },
  {
    title: 'a comment that ends /etc/ld.so.preload hides nothing else',
    tree: {
      '/app': wanted,
      '/r/libx.so': x,
      '/p/a.so': lib(),
      '/etc/ld.so.preload': preload('/p/a.so # last'),
    },
    expected: ['/p/a.so', '/r/libx.so'],
  },
  {
    title: 'a preload that cannot be found is ignored',
    tree: { '/app': wanted, '/r/libx.so': x },
    preload: '/p/gone.so libgone.so',
    expected: ['/r/libx.so'],
  },
  {
    title: 'a preload that is no ELF file is ignored',
    tree: {
      '/app': wanted,
      '/r/libx.so': x,
      '/p/a.so': file('text that is long enough for a header'.repeat(3)),
    },
    preload: '/p/a.so',
    expected: ['/r/libx.so'],
  },
  {
    title: 'what a preload needs is followed, behind what the program needs',
    tree: {
      '/app': wanted,
      '/r/libx.so': x,
      '/p/a.so': lib({ needed: ['liby.so'], runpath: '/p' }),
      '/p/liby.so': lib(),
    },
    preload: '/p/a.so',
    expected: ['/p/a.so', '/r/libx.so', '/p/liby.so'],
  },
  {
    title: 'a preload that lacks something is fatal',
    tree: { '/app': wanted, '/r/libx.so': x, '/p/a.so': lib({ needed: ['libgone.so'] }) },
    preload: '/p/a.so',
    expected: ['/p/a.so', '/r/libx.so'],
    missing: ['libgone.so'],
  },
  {
    title: "a preload's SONAME satisfies a later need",
    tree: { '/app': wanted, '/r/libx.so': x, '/p/a.so': lib({ soname: 'libx.so' }) },
    preload: '/p/a.so',
    expected: ['/p/a.so'],
  },
  {
    title: "a preload's bare name satisfies a later need",
    tree: { '/app': wanted, '/r/libx.so': x, '/l/libx.so': lib() },
    preload: 'libx.so',
    libraryPath: '/l',
    expected: ['/l/libx.so'],
  },
  {
    title: 'the same preload twice is one object',
    tree: { '/app': wanted, '/r/libx.so': x, '/p/a.so': lib() },
    preload: '/p/a.so /p/a.so /p/../p/a.so',
    expected: ['/p/a.so', '/r/libx.so'],
  },
  {
    title: 'a preload of the loader changes nothing',
    tree: { '/app': wanted, '/r/libx.so': x },
    preload: LOADER,
    expected: ['/r/libx.so'],
  },
  {
    title: 'a preload of the loader does not give it an early place',
    tree: {
      '/app': wanted,
      '/r/libx.so': lib({ needed: ['ld-linux-x86-64.so.2'] }),
    },
    preload: 'ld-linux-x86-64.so.2',
    oracle: 'trace',
    expected: ['/r/libx.so', LOADER],
  },
]);
