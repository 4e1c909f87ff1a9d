import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { app, type Case, dir, fifo, file, lib, link, scenarios } from './harness.ts';
import type { Node } from './tree.ts';

const x = lib({ soname: 'libx.so' });
const PIE = 0x08000000;

/** A first candidate that is passed over for the second. */
function passedOver(title: string, first: Node, more: Partial<Case> = {}): Case {
  return {
    title: `passed over: ${title}`,
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }), '/a/libx.so': first, '/b/libx.so': x },
    expected: ['/b/libx.so'],
    ...more,
  };
}

/** A first candidate that ends the program, whatever the second is. */
function fatal(title: string, first: Node, message: RegExp, more: Partial<Case> = {}): Case {
  return {
    title: `fatal: ${title}`,
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }), '/a/libx.so': first, '/b/libx.so': x },
    expected: [],
    missing: ['libx.so'],
    fatal: message,
    ...more,
  };
}

const patched = (patch: ElfSpec['patch'], more: ElfSpec = {}): Node =>
  lib({ soname: 'libx.so', ...more, patch: patch ?? [] });

scenarios('G9: some files are passed over, others end the program', [
  passedOver('a file of the other class', lib({ class: 32, machine: 3 })),
  passedOver('a file of another machine', lib({ machine: 183 })),
  passedOver('an x32 file: it is of the other class', lib({ class: 32, machine: 62 })),
  passedOver('a 64-bit file marked i386', lib({ machine: 3 })),
  passedOver('a big-endian file of another machine', lib({ machine: 22, byteOrder: 'BE' }), {
    oracle: 'trace',
  }),
  passedOver('a dangling link', link('/none')),
  passedOver(
    'a damaged file of another machine',
    lib({ machine: 183, patch: [{ field: 'e_phentsize', value: 1 }] }),
  ),
  passedOver(
    'a file of the other class that is damaged in every other way',
    patched([
      { field: 'ei_class', value: 1 },
      { field: 'ei_data', value: 7 },
      { field: 'ei_version', value: 9 },
    ]),
  ),
  {
    title: 'passed over: a file of another machine that the cache names',
    tree: {
      '/app': app({ needed: ['libx.so'] }),
      '/c/libx.so': x,
      '/lib/libx.so': x,
      '/etc/ld.so.conf': file('/c\n'),
    },
    ldconfig: true,
    later: { '/c/libx.so': lib({ machine: 183 }) },
    expected: ['/lib/libx.so'],
  },
  {
    title: 'passed over: a file of the other class under a name with a slash, which is then missing',
    tree: {
      '/app': app({ needed: ['/a/libx.so', 'liby.so'], runpath: '/a' }),
      '/a/libx.so': lib({ class: 32, machine: 3 }),
      '/a/liby.so': lib(),
    },
    expected: ['/a/liby.so'],
    missing: ['/a/libx.so'],
  },
  {
    title: 'passed over: files of the other class everywhere, and the name is missing',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/a' }),
      '/a/libx.so': lib({ class: 32, machine: 3 }),
    },
    expected: [],
    missing: ['libx.so'],
  },
  fatal('a text file', file(`/* GNU ld script */\n${' '.repeat(64)}`), /invalid ELF header/),
  fatal('a file shorter than an ELF header', file('\x7fELF'), /file too short/),
  fatal('an empty file', file(), /file too short/),
  fatal('a directory', dir(), /cannot read file data/),
  fatal(
    'the right machine with the wrong EI_DATA byte',
    patched([{ field: 'ei_data', value: 2 }]),
    /ELF file data encoding not little-endian/,
  ),
  fatal(
    'another EI_VERSION',
    patched([{ field: 'ei_version', value: 2 }]),
    /ELF file version ident does not match/,
  ),
  fatal('another e_version', patched([{ field: 'e_version', value: 2 }]), /ELF file version does not match/),
  fatal('another OS ABI', lib({ osAbi: 9 }), /ELF file OS ABI invalid/),
  fatal(
    'padding of e_ident that is not zero',
    patched([{ offset: 12, bytes: [1] }]),
    /nonzero padding in e_ident/,
  ),
  fatal(
    'an ABI version above the highest that the loader knows',
    lib({ osAbi: 3, abiVersion: 4 }),
    /ELF file ABI version invalid/,
  ),
  fatal(
    'an ABI version of the SYSV OS ABI',
    lib({ osAbi: 0, abiVersion: 1 }),
    /ELF file ABI version invalid/,
  ),
  {
    title: 'good: the GNU OS ABI with every ABI version that the loader knows',
    tree: {
      '/app': app({ needed: ['lib0.so', 'lib1.so', 'lib2.so', 'lib3.so'], runpath: '/r' }),
      ...Object.fromEntries([0, 1, 2, 3].map((i) => [`/r/lib${i}.so`, lib({ osAbi: 3, abiVersion: i })])),
    },
    expected: ['/r/lib0.so', '/r/lib1.so', '/r/lib2.so', '/r/lib3.so'],
  },
  fatal('an object file that is not linked', lib({ type: 'REL' }), /only ET_DYN and ET_EXEC can be loaded/),
  fatal('a core file', lib({ type: 'CORE' }), /only ET_DYN and ET_EXEC can be loaded/),
  fatal(
    'program headers of another size',
    patched([{ field: 'e_phentsize', value: 57 }]),
    /phentsize not the expected size/,
  ),
  fatal(
    'a program at a fixed address',
    lib({ type: 'EXEC', interpreter: '/lib64/ld-linux-x86-64.so.2' }),
    /cannot dynamically load executable/,
  ),
  fatal(
    'a position-independent program',
    lib({ flags1: PIE, interpreter: '/lib64/ld-linux-x86-64.so.2' }),
    /cannot dynamically load position-independent executable/,
  ),
  fatal('a file without PT_DYNAMIC', lib({ dynamic: false }), /object file has no dynamic section/),
  fatal(
    'a separate debug file, whose PT_DYNAMIC has no bytes',
    patched([{ field: 'p_filesz', segment: 'DYNAMIC', value: 0 }]),
    /object file has no dynamic section/,
  ),
  fatal(
    'a file without PT_LOAD',
    patched([{ field: 'e_phnum', value: 0 }]),
    /object file has no loadable segments/,
  ),
  fatal(
    'a PT_LOAD whose address and offset do not fit a page',
    patched([{ field: 'p_vaddr', segment: 'LOAD', value: 0x10 }]),
    /address\/offset not page-aligned/,
  ),
  fatal(
    'program headers beyond the end of the file',
    patched([{ field: 'e_phoff', value: 0x100000 }]),
    /cannot read file data/,
  ),
  {
    title: 'good: a PT_LOAD with p_align 0, 1, 16 or none of two',
    tree: {
      '/app': app({ needed: ['lib0.so', 'lib1.so', 'lib16.so', 'lib24.so'], runpath: '/r' }),
      ...Object.fromEntries(
        [0, 1, 16, 24].map((value) => [
          `/r/lib${value}.so`,
          lib({ patch: [{ field: 'p_align', segment: 'LOAD', value }] }),
        ]),
      ),
    },
    expected: ['/r/lib0.so', '/r/lib1.so', '/r/lib16.so', '/r/lib24.so'],
  },
  {
    title: 'good: two megabytes of p_align',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r' }),
      '/r/libx.so': lib({ patch: [{ field: 'p_align', segment: 'LOAD', value: 0x200000 }] }),
    },
    expected: ['/r/libx.so'],
  },
  {
    title: 'a fifo does not block',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/a' }), '/a/libx.so': fifo() },
    noOracle: 'the loader would wait for ever',
    expected: [],
    missing: ['libx.so'],
  },
]);
