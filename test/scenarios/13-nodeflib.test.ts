import { app, file, lib, scenarios } from './harness.ts';

const NODEFLIB = 0x800;
const PIE = 0x08000000;
const x = lib({ soname: 'libx.so' });
const closed = app({ needed: ['libx.so'], flags1: PIE | NODEFLIB });
const conf = (directory: string): ReturnType<typeof file> => file(`${directory}\n`);

scenarios('G13: DF_1_NODEFLIB keeps its object from the default directories', [
  {
    title: 'default directories are not searched',
    tree: { '/app': closed, '/lib/libx.so': x, '/usr/lib/x86_64-linux-gnu/libx.so': x },
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: 'a cache hit in a default directory is discarded',
    tree: { '/app': closed, '/lib/x86_64-linux-gnu/libx.so': x },
    ldconfig: true,
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: 'a cache hit below a default directory is discarded too: the path has it as a prefix',
    tree: { '/app': closed, '/usr/lib/foo/libx.so': x, '/etc/ld.so.conf': conf('/usr/lib/foo') },
    ldconfig: true,
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: 'the prefix is of the string: /lib64 is none of /lib/',
    tree: { '/app': closed, '/lib64/libx.so': x, '/etc/ld.so.conf': conf('/lib64') },
    ldconfig: true,
    expected: ['/lib64/libx.so'],
  },
  {
    title: 'other cache hits are good',
    tree: { '/app': closed, '/c/libx.so': x, '/etc/ld.so.conf': conf('/c') },
    ldconfig: true,
    expected: ['/c/libx.so'],
  },
  {
    title: 'RUNPATH still serves',
    tree: {
      '/app': app({ needed: ['libx.so'], flags1: PIE | NODEFLIB, runpath: '/usr/lib' }),
      '/usr/lib/libx.so': x,
    },
    expected: ['/usr/lib/libx.so'],
  },
  {
    title: 'LD_LIBRARY_PATH still serves',
    tree: { '/app': closed, '/lib/libx.so': x },
    libraryPath: '/lib',
    expected: ['/lib/libx.so'],
  },
  {
    title: 'it is the flag of the requester: a library of such a program searches them',
    tree: {
      '/app': app({ needed: ['liba.so'], flags1: PIE | NODEFLIB, runpath: '/r' }),
      '/r/liba.so': lib({ needed: ['libx.so'] }),
      '/lib/libx.so': x,
    },
    expected: ['/r/liba.so', '/lib/libx.so'],
  },
  {
    title: 'it is the flag of the requester: such a library of an ordinary program does not',
    tree: {
      '/app': app({ needed: ['liba.so', 'liby.so'], runpath: '/r' }),
      '/r/liba.so': lib({ needed: ['libx.so'], flags1: NODEFLIB }),
      '/lib/libx.so': x,
      '/lib/liby.so': lib(),
    },
    expected: ['/r/liba.so', '/lib/liby.so'],
    missing: ['libx.so'],
  },
]);
