import { app, dir, file, lib, link, program } from './harness.ts';
import { starts } from './starts.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
const PIE = 0x08000000;
const NOT_STARTED = 'the kernel would start its first byte';

starts('G22: what a program is decides what is resolved', [
  {
    title: 'a static program needs itself alone',
    tree: { '/app': { elf: { type: 'EXEC', dynamic: false } } },
    objects: ['/app'],
  },
  {
    title: 'a static position-independent program needs itself alone',
    tree: { '/app': { elf: { code: 'exit', flags1: PIE } } },
    objects: ['/app'],
  },
  {
    title: 'a program with PT_INTERP and no needs wants the loader alone',
    tree: { '/app': app() },
    objects: ['/app', LOADER],
  },
  {
    title: 'the loader itself needs itself alone',
    tree: {},
    program: LOADER,
    objects: [LOADER],
    status: 1,
  },
  {
    title: 'a shared object is resolved as `ld.so FILE` would: its RUNPATH serves it',
    tree: { '/o/liba.so': lib({ needed: ['libx.so'], runpath: '$ORIGIN/sub' }), '/o/sub/libx.so': lib() },
    program: '/o/liba.so',
    noOracle: NOT_STARTED,
    objects: ['/o/liba.so', '/o/sub/libx.so'],
  },
  {
    title: 'a shared object is the executable of the search: its RPATH serves all',
    tree: {
      '/o/liba.so': lib({ needed: ['libx.so'], rpath: '$ORIGIN' }),
      '/o/libx.so': lib({ needed: ['liby.so'] }),
      '/o/liby.so': lib(),
    },
    program: '/o/liba.so',
    noOracle: NOT_STARTED,
    objects: ['/o/liba.so', '/o/libx.so', '/o/liby.so'],
  },
  {
    title: 'a shared object through a link: $ORIGIN is the directory of the path given',
    tree: {
      '/l/liba.so': link('/o/liba.so'),
      '/o/liba.so': lib({ needed: ['libx.so'], runpath: '$ORIGIN' }),
      '/l/libx.so': lib(),
      '/o/libx.so': lib(),
    },
    program: '/l/liba.so',
    noOracle: NOT_STARTED,
    objects: ['/l/liba.so', '/l/libx.so'],
  },
  {
    title: 'a shared object that has a PT_INTERP is a program too',
    tree: {
      '/lib.so': app({ flags1: 0, soname: 'lib.so', needed: ['libx.so'], runpath: '/r', code: 'exit' }),
      '/r/libx.so': lib(),
    },
    program: '/lib.so',
    objects: ['/lib.so', '/r/libx.so', LOADER],
  },
  {
    title: 'an ET_EXEC program with PT_INTERP',
    tree: {
      '/app': app({ type: 'EXEC', flags1: 0, needed: ['libx.so'], runpath: '/r' }),
      '/r/libx.so': lib(),
    },
    objects: ['/app', '/r/libx.so', LOADER],
  },
  {
    title: 'an object file cannot be started',
    tree: { '/app': lib({ type: 'REL' }) },
    error: /cannot resolve \/app: an object file that is not linked yet/,
    refused: /Exec format error/,
  },
  {
    title: 'a core file cannot be started',
    tree: { '/app': lib({ type: 'CORE' }) },
    error: /cannot resolve \/app: ELF type CORE/,
    refused: /Exec format error/,
  },
  {
    title: 'a directory cannot be started',
    tree: { '/app': dir() },
    error: /cannot resolve \/app: it is a directory/,
    refused: /Permission denied/,
  },
  {
    title: 'an empty file cannot be started',
    tree: { '/app': program('') },
    error: /cannot resolve \/app: the file is empty/,
    refused: /Exec format error/,
  },
  {
    title: 'text without #! cannot be started',
    tree: { '/app': program('echo hello\n') },
    error: /cannot resolve \/app: it is neither ELF nor a script/,
    refused: /Exec format error/,
  },
  {
    title: 'a program that is not there',
    tree: { '/other': file() },
    error: /cannot find \/app: no such file/,
    refused: /No such file/,
  },
  {
    title: 'a link loop',
    tree: { '/app': link('app') },
    error: /cannot find \/app: too many symbolic links/,
    refused: /Too many levels of symbolic links/,
  },
  {
    title: 'a truncated ELF file',
    tree: { '/app': app({ truncate: 40 }) },
    error: /cannot read ELF file \/app: file size at offset 0 is 0x28, shorter than an ELF header/,
    refused: /Exec format error/,
  },
]);
