import { app, dir, file, lib, link, scenarios } from './harness.ts';
import type { Tree } from './tree.ts';

const x = lib({ soname: 'libx.so' });

/** A chain of so many links, the last of which leads to the file. */
const chain = (count: number, target: string): Tree =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`/l/${i}`, link(i + 1 < count ? `/l/${i + 1}` : target)]),
  );

scenarios('S1: every path starts at the sysroot', [
  {
    title: 'an absolute link target starts at the sysroot',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r' }),
      '/r/libx.so': link('/real/libx.so'),
      '/real/libx.so': x,
    },
    expected: ['/r/libx.so'],
  },
  {
    title: 'an absolute link of a directory on the way starts at the sysroot',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r/lib' }),
      '/r': link('/etc/real'),
      '/etc/real/lib/libx.so': x,
    },
    expected: ['/r/lib/libx.so'],
  },
  {
    title: 'a library of the host is not there',
    tree: { '/app': app({ needed: ['libc.so.6', '/lib/x86_64-linux-gnu/libc.so.6'] }) },
    expected: [],
    missing: ['libc.so.6', '/lib/x86_64-linux-gnu/libc.so.6'],
  },
  {
    title: 'a link to a file of the host leads nowhere',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r' }),
      '/r/libx.so': link('/lib/x86_64-linux-gnu/libc.so.6'),
    },
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: '.. at the root stays there',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so'], runpath: '/../../../r:/q' }),
      '/r/libx.so': x,
      '/q/liby.so': link('../../../../../r/liby.so'),
      '/r/liby.so': lib(),
    },
    expected: ['/../../../r/libx.so', '/../../../r/liby.so'],
  },
  {
    title: "ld.so.cache is the sysroot's, by a link too",
    tree: {
      '/app': app({ needed: ['libx.so'] }),
      '/c/libx.so': x,
      '/etc/ld.so.conf': link('/conf/real'),
      '/conf/real': file('/c\n'),
    },
    ldconfig: true,
    expected: ['/c/libx.so'],
  },
  {
    title: 'forty hops of links are followed',
    tree: { '/app': app({ needed: ['/l/0'] }), ...chain(40, '/r/libx.so'), '/r/libx.so': x },
    expected: ['/l/0'],
  },
  {
    title: 'forty-one are too many',
    tree: { '/app': app({ needed: ['/l/0'] }), ...chain(41, '/r/libx.so'), '/r/libx.so': x },
    expected: [],
    missing: ['/l/0'],
  },
  {
    title: 'the working directory is the root',
    tree: { '/deep/app': app({ needed: ['r/libx.so'] }), '/r/libx.so': x, '/deep/r/libx.so': x },
    program: '/deep/app',
    expected: ['/r/libx.so'],
  },
  {
    title: 'the program may be a link into another place of the sysroot',
    tree: {
      '/app': link('/opt/v1/app'),
      '/opt/v1/app': app({ needed: ['libx.so'], runpath: '$ORIGIN' }),
      '/opt/v1/libx.so': x,
    },
    expected: ['/opt/v1/libx.so'],
  },
  {
    title: 'an empty directory of libraries changes nothing',
    tree: { '/app': app({ needed: ['libx.so'] }), '/usr/lib/x86_64-linux-gnu': dir(), '/usr/lib/libx.so': x },
    expected: ['/usr/lib/libx.so'],
  },
]);
