import { app, hardlink, lib, link, scenarios } from './harness.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';

scenarios('G6: a name that is already satisfied is not searched', [
  {
    title: 'a file whose SONAME differs from its name satisfies a later request for that SONAME',
    tree: {
      '/app': app({ needed: ['libA.so', 'libB.so.1'], runpath: '/r' }),
      '/r/libA.so': lib({ soname: 'libB.so.1' }),
      '/r/libB.so.1': lib({ soname: 'libB.so.1' }),
    },
    expected: ['/r/libA.so'],
  },
  {
    title: 'in the other order both are loaded',
    tree: {
      '/app': app({ needed: ['libB.so.1', 'libA.so'], runpath: '/r' }),
      '/r/libA.so': lib({ soname: 'libB.so.1' }),
      '/r/libB.so.1': lib({ soname: 'libB.so.1' }),
    },
    expected: ['/r/libB.so.1', '/r/libA.so'],
  },
  {
    title: 'one bare name is one file: the first requester decides',
    tree: {
      '/app': app({ needed: ['liba.so', 'libb.so'], runpath: '/r' }),
      '/r/liba.so': lib({ needed: ['libx.so'], runpath: '/one' }),
      '/r/libb.so': lib({ needed: ['libx.so'], runpath: '/two' }),
      '/one/libx.so': lib({ needed: ['liby.so'], runpath: '/one' }),
      '/two/libx.so': lib(),
      '/one/liby.so': lib(),
    },
    expected: ['/r/liba.so', '/r/libb.so', '/one/libx.so', '/one/liby.so'],
  },
  {
    title: 'the full path that an object was opened by satisfies a name with a slash',
    tree: {
      '/app': app({ needed: ['libx.so', '/r/libx.so'], runpath: '/r' }),
      '/r/libx.so': lib(),
    },
    expected: ['/r/libx.so'],
  },
  {
    title: "the executable's SONAME counts",
    tree: {
      '/app': app({ soname: 'me.so', needed: ['libx.so', 'me.so'], runpath: '/r' }),
      '/r/libx.so': lib({ needed: ['me.so'] }),
      '/r/me.so': lib(),
    },
    expected: ['/r/libx.so'],
  },
  {
    title: 'an empty DT_NEEDED is the executable itself',
    tree: { '/app': app({ needed: ['', 'libx.so'], runpath: '/r' }), '/r/libx.so': lib({ needed: [''] }) },
    expected: ['/r/libx.so'],
  },
  {
    title: "the loader's file name is never searched",
    tree: {
      '/app': app({ needed: ['ld-linux-x86-64.so.2', 'libx.so'], runpath: '/r' }),
      '/r/ld-linux-x86-64.so.2': lib(),
      '/r/libx.so': lib(),
    },
    oracle: 'trace',
    expected: [LOADER, '/r/libx.so'],
  },
  {
    title: "the loader's PT_INTERP path is never opened again",
    tree: { '/app': app({ needed: ['libx.so', LOADER], runpath: '/r' }), '/r/libx.so': lib() },
    oracle: 'trace',
    expected: ['/r/libx.so', LOADER],
  },
  {
    title: 'the loader stands where the search list first has it',
    tree: {
      '/app': app({ needed: ['liba.so', 'libb.so'], runpath: '/r' }),
      '/r/liba.so': lib({ needed: ['ld-linux-x86-64.so.2', 'libc.so'], runpath: '/r' }),
      '/r/libb.so': lib({ needed: ['libd.so'], runpath: '/r' }),
      '/r/libc.so': lib(),
      '/r/libd.so': lib(),
    },
    oracle: 'trace',
    expected: ['/r/liba.so', '/r/libb.so', LOADER, '/r/libc.so', '/r/libd.so'],
  },
  {
    title: "the loader's SONAME is never searched, whatever PT_INTERP calls it; the file name there is",
    tree: {
      '/opt/my-loader.so': link(LOADER),
      '/app': app({
        interpreter: '/opt/my-loader.so',
        needed: ['libx.so', 'ld-linux-x86-64.so.2', 'my-loader.so'],
        runpath: '/r',
      }),
      '/r/libx.so': lib({ needed: ['my-loader.so'] }),
      '/r/ld-linux-x86-64.so.2': lib(),
      '/r/my-loader.so': lib(),
    },
    oracle: 'trace',
    expected: ['/r/libx.so', '/opt/my-loader.so', '/r/my-loader.so'],
  },
  {
    title: 'a second name of one inode by a symbolic link is the same object',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so', 'libz.so'], runpath: '/r' }),
      '/r/libx.so': lib({ needed: ['libz.so'], runpath: '/none' }),
      '/r/liby.so': link('libx.so'),
      '/r/libz.so': lib(),
    },
    expected: ['/r/libx.so', '/r/libz.so'],
  },
  {
    title: 'a second name of one inode by a hard link is the same object',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so'], runpath: '/r' }),
      '/r/libx.so': lib(),
      '/r/liby.so': hardlink('/r/libx.so'),
    },
    expected: ['/r/libx.so'],
  },
  {
    title: 'the name that led to a loaded inode satisfies later requests',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so', 'liba.so'], runpath: '/r' }),
      '/r/libx.so': lib(),
      '/r/liby.so': link('libx.so'),
      '/r/liba.so': lib({ needed: ['liby.so'], runpath: '/other' }),
      '/other/liby.so': lib(),
    },
    expected: ['/r/libx.so', '/r/liba.so'],
  },
  {
    title: 'the executable has no recorded inode: its file under another name is another object',
    tree: {
      '/app': app({ flags1: 0, needed: ['libme.so'], runpath: '/r' }),
      '/r/libme.so': link('/app'),
    },
    expected: ['/r/libme.so'],
  },
  {
    title: "the loader's file under another name is another object",
    tree: { '/app': app({ needed: ['liblink.so'], runpath: '/r' }), '/r/liblink.so': link(LOADER) },
    oracle: 'trace',
    expected: ['/r/liblink.so'],
  },
  {
    title: 'two files with the same SONAME both load when opened by path',
    tree: {
      '/app': app({ needed: ['/a/libx.so', '/b/libx.so'] }),
      '/a/libx.so': lib({ soname: 'libx.so' }),
      '/b/libx.so': lib({ soname: 'libx.so', needed: ['liby.so'] }),
      '/lib/liby.so': lib(),
    },
    expected: ['/a/libx.so', '/b/libx.so', '/lib/liby.so'],
  },
  {
    title: 'the earlier of two objects with one SONAME answers',
    tree: {
      '/app': app({ needed: ['liba.so', 'libb.so', 'libsame.so'], runpath: '/r' }),
      '/r/liba.so': lib({ soname: 'libsame.so' }),
      '/r/libb.so': lib({ soname: 'libsame.so' }),
    },
    expected: ['/r/liba.so', '/r/libb.so'],
  },
  {
    title: 'names are compared byte by byte: no case, no normalisation of paths',
    tree: {
      '/app': app({ needed: ['/r/libx.so', '/r/./libx.so', 'LIBX.so'], runpath: '/r' }),
      '/r/libx.so': lib({ soname: 'libx.so' }),
      '/r/LIBX.so': lib({ soname: 'LIBX.so' }),
    },
    expected: ['/r/libx.so', '/r/LIBX.so'],
  },
  {
    title: "the kernel's own object is there under its name",
    tree: {
      '/app': app({ needed: ['linux-vdso.so.1', 'libx.so'], runpath: '/r' }),
      '/r/libx.so': lib(),
      '/r/linux-vdso.so.1': lib(),
    },
    expected: ['/r/libx.so'],
  },
  {
    title: "another machine's kernel object is an ordinary name",
    tree: {
      '/app': app({ needed: ['linux-gate.so.1', 'linux-vdso64.so.1'], runpath: '/r' }),
      '/r/linux-gate.so.1': lib(),
    },
    expected: ['/r/linux-gate.so.1'],
    missing: ['linux-vdso64.so.1'],
  },
  {
    title: 'on i386 the kernel object is linux-gate.so.1',
    machine: 'i386',
    tree: { '/app': app({ needed: ['linux-gate.so.1', 'linux-vdso.so.1'], runpath: '/r' }, 'i386') },
    expected: [],
    missing: ['linux-vdso.so.1'],
  },
]);
