import { app, dir, file, lib, link, program } from './harness.ts';
import { loaderBytes, MACHINES, type Machine } from './machines.ts';
import { starts } from './starts.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
const bytes = loaderBytes(MACHINES.x86_64 as Machine) ?? new Uint8Array();
const x = lib({ soname: 'libx.so' });
const wanted = app({ needed: ['libx.so'], runpath: '/r' });
const named = (interpreter: string | Uint8Array): ReturnType<typeof app> =>
  app({ needed: ['libx.so'], runpath: '/r', interpreter });
const raw = (text: string): Uint8Array => Buffer.from(text, 'latin1');

starts('G21: the kernel starts PT_INTERP', [
  {
    title: 'the interpreter belongs to the closure',
    tree: { '/app': wanted, '/r/libx.so': x },
    objects: ['/app', '/r/libx.so', LOADER],
  },
  {
    title: 'links to it are followed',
    tree: {
      '/app': named('/l/loader'),
      '/l/loader': link('../real/ld.so'),
      '/real/ld.so': program(bytes),
      '/r/libx.so': x,
    },
    objects: ['/app', '/r/libx.so', '/l/loader'],
  },
  {
    title: 'a relative path is relative to the current directory',
    tree: { '/app': named('l/loader'), '/l/loader': program(bytes), '/r/libx.so': x },
    objects: ['/app', '/r/libx.so', '/l/loader'],
  },
  {
    title: 'an absent interpreter is missing: execve says ENOENT although the program is there',
    tree: { '/app': named('/none/ld.so'), '/r/libx.so': x },
    objects: ['/app', '/r/libx.so'],
    missing: ['/none/ld.so'],
    refused: /No such file or directory/,
  },
  {
    title: 'a dangling link to it is missing',
    tree: { '/app': named('/l/loader'), '/l/loader': link('/none'), '/r/libx.so': x },
    objects: ['/app', '/r/libx.so'],
    missing: ['/l/loader'],
    refused: /No such file or directory/,
  },
  {
    title: 'one that is not executable is missing',
    tree: { '/app': named('/l/loader'), '/l/loader': file(bytes), '/r/libx.so': x },
    objects: ['/app', '/r/libx.so', '/l/loader'],
    missing: ['/l/loader'],
    refused: /Permission denied/,
  },
  {
    title: 'one that is a directory is missing',
    tree: { '/app': named('/l'), '/l': dir(), '/r/libx.so': x },
    objects: ['/app', '/r/libx.so'],
    missing: ['/l'],
    refused: /Permission denied/,
  },
  {
    title: 'one that is no ELF file is missing',
    tree: { '/app': named('/l/loader'), '/l/loader': program('text '.repeat(40)), '/r/libx.so': x },
    objects: ['/app', '/r/libx.so'],
    missing: ['/l/loader'],
    refused: /(shared library|Accessing a corrupted|Exec format error)/,
  },
  {
    title: 'one of another machine is missing',
    tree: {
      '/app': named('/l/loader'),
      '/l/loader': lib({}, 'aarch64'),
      '/r/libx.so': x,
    },
    objects: ['/app', '/r/libx.so', '/l/loader'],
    missing: ['/l/loader'],
    refused: /(shared library|Accessing a corrupted|Exec format error)/,
  },
  {
    title: 'a path of a file that is no directory on the way is missing',
    tree: { '/app': named('/f/ld.so'), '/f': file(), '/r/libx.so': x },
    objects: ['/app', '/r/libx.so'],
    missing: ['/f/ld.so'],
    refused: /Not a directory/,
  },
  {
    title: 'PT_INTERP without its NUL cannot be started',
    tree: { '/app': named(raw(LOADER)) },
    error: /cannot start \/app: PT_INTERP does not end with a NUL byte/,
    refused: /Exec format error/,
  },
  {
    title: 'PT_INTERP of one byte cannot be started',
    tree: { '/app': named(raw('\0')) },
    error: /cannot start \/app: PT_INTERP has 1 bytes/,
    refused: /Exec format error/,
  },
  {
    title: 'PT_INTERP above PATH_MAX cannot be started',
    tree: { '/app': named(raw(`${'/'.repeat(4090)}${LOADER}\0`)) },
    error: /cannot start \/app: PT_INTERP has \d+ bytes/,
    refused: /Exec format error/,
  },
  {
    title: 'PT_INTERP beyond the end of the file cannot be started',
    tree: { '/app': app({ patch: [{ field: 'p_offset', segment: 'INTERP', value: 0x100000 }] }) },
    error: /cannot start \/app: PT_INTERP lies beyond the end of the file/,
    refused: /Exec format error|Input\/output error/,
  },
  {
    title: 'bytes behind the first NUL do not count',
    tree: { '/app': named(raw(`${LOADER}\0junk\0`)), '/r/libx.so': x },
    objects: ['/app', '/r/libx.so', LOADER],
  },
  {
    title: 'the first PT_INTERP counts',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r', segments: [{ type: 3, offset: 1, filesz: 2 }] }),
      '/r/libx.so': x,
    },
    objects: ['/app', '/r/libx.so', LOADER],
  },
  {
    title: 'PT_INTERP is read by p_offset, not by p_vaddr',
    tree: {
      '/app': app({
        needed: ['libx.so'],
        runpath: '/r',
        patch: [{ field: 'p_vaddr', segment: 'INTERP', value: 0 }],
      }),
      '/r/libx.so': x,
    },
    noOracle: 'the kernel reads by p_offset, ld.so its own name by p_vaddr',
    objects: ['/app', '/r/libx.so', LOADER],
  },
  {
    title: 'its own PT_INTERP is not followed',
    tree: {
      '/app': named('/l/loader'),
      '/l/loader': app({ interpreter: '/none', needed: ['libgone.so'] }),
      '/r/libx.so': x,
    },
    objects: ['/app', '/r/libx.so', '/l/loader'],
  },
]);
