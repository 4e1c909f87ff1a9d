import { parseHeader } from '../../src/elf/header.ts';
import { readSegments } from '../../src/elf/program-headers.ts';
import { buildElf } from '../../src/testing/build-elf.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { app, lib, scenarios } from './harness.ts';

/** A library with a second PT_DYNAMIC, which begins one entry later than the first. */
function twoTables(spec: ElfSpec): ElfSpec {
  const second = (vaddr: number): ElfSpec => ({
    ...spec,
    segments: [{ type: PT_DYNAMIC, vaddr, filesz: 16, memsz: 16 }],
  });
  const head = buildElf(second(0));
  const source = {
    read: (at: number, length: number) => head.subarray(at, at + length),
    size: () => 0,
    close: () => {},
  };
  const table = readSegments(source, head, parseHeader(head, ''), '').find(({ type }) => type === PT_DYNAMIC);
  return second((table?.vaddr ?? 0) + 16);
}

const PT_DYNAMIC = 2;
const x = lib({ soname: 'libx.so' });

scenarios('G24: tables may lie anywhere', [
  {
    title: 'program headers at the end of the file',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r', programHeaders: 'end' }),
      '/r/libx.so': lib({ programHeaders: 'end' }),
    },
    expected: ['/r/libx.so'],
  },
  {
    title: 'the string table in a PT_LOAD of its own',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r', placement: { dynstr: 2 } }),
      '/r/libx.so': lib({
        soname: 'libx.so',
        needed: ['liby.so'],
        runpath: '/r',
        placement: { dynstr: 3, dynamic: 1 },
      }),
      '/r/liby.so': lib(),
    },
    expected: ['/r/libx.so', '/r/liby.so'],
  },
  {
    title: 'addresses far from file offsets',
    tree: {
      '/app': app({ type: 'EXEC', flags1: 0, base: 0x10000000, needed: ['libx.so'], runpath: '/r' }),
      '/r/libx.so': lib({ soname: 'libx.so', needed: ['liby.so'], runpath: '/r', base: 0x7000000 }),
      '/r/liby.so': lib(),
    },
    expected: ['/r/libx.so', '/r/liby.so'],
  },
  {
    title: 'large pages',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r', pageSize: 0x200000 }),
      '/r/libx.so': lib({ pageSize: 0x10000, needed: ['liby.so'], runpath: '/r' }),
      '/r/liby.so': lib(),
    },
    expected: ['/r/libx.so', '/r/liby.so'],
  },
  {
    title: 'a file of a gigabyte that is nearly all hole is read in a few places',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/r', size: 1 << 26 }), '/r/libx.so': x },
    expected: ['/r/libx.so'],
  },
  {
    title: 'version tables in segments of their own',
    tree: {
      '/app': app({
        needed: ['libx.so'],
        runpath: '/r',
        verneed: [{ file: 'libx.so', versions: ['X_1', 'X_2'] }],
        placement: { verneed: 2, dynstr: 3 },
      }),
      '/r/libx.so': lib({ soname: 'libx.so', verdef: ['X_1'], placement: { verdef: 3, dynstr: 2 } }),
    },
    expected: ['/r/libx.so'],
    versions: ['X_2'],
  },
  {
    title: 'of several PT_DYNAMIC the last counts',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r' }),
      '/r/libx.so': {
        elf: twoTables({ soname: 'libx.so', needed: ['libskipped.so', 'liby.so'], runpath: '/r' }),
      },
      '/r/liby.so': lib(),
    },
    expected: ['/r/libx.so', '/r/liby.so'],
  },
  {
    title: 'a name above four kilobytes from the others',
    tree: {
      '/app': app({
        needed: ['libx.so', ...Array.from({ length: 300 }, (_, i) => `lib-with-a-long-name-${i}.so`)],
        runpath: '/r',
      }),
      '/r/libx.so': x,
      ...Object.fromEntries(
        Array.from({ length: 300 }, (_, i) => [`/r/lib-with-a-long-name-${i}.so`, lib()]),
      ),
    },
    expected: ['/r/libx.so', ...Array.from({ length: 300 }, (_, i) => `/r/lib-with-a-long-name-${i}.so`)],
  },
]);
