import { app, lib, scenarios } from './harness.ts';

const x = lib({ soname: 'libx.so' });
const y = lib({ soname: 'liby.so' });

scenarios('G1: the dynamic table is read by address, up to the first DT_NULL', [
  {
    title: 'nothing behind the first DT_NULL counts',
    tree: {
      '/app': app({
        needed: ['libx.so'],
        runpath: '/r',
        tagsAfterNull: [
          { tag: 'NEEDED', value: 'libgone.so' },
          { tag: 'RUNPATH', value: '/elsewhere' },
        ],
      }),
      '/r/libx.so': x,
    },
    expected: ['/r/libx.so'],
  },
  {
    title: 'of a scalar tag the last occurrence wins: RUNPATH',
    tree: {
      '/app': app({
        needed: ['libx.so'],
        tags: [
          { tag: 'RUNPATH', value: '/a' },
          { tag: 'RUNPATH', value: '/b' },
        ],
      }),
      '/a/libx.so': x,
      '/b/libx.so': x,
    },
    expected: ['/b/libx.so'],
  },
  {
    title: 'of a scalar tag the last occurrence wins: RPATH',
    tree: {
      '/app': app({
        needed: ['libx.so'],
        tags: [
          { tag: 'RPATH', value: '/a' },
          { tag: 'RPATH', value: '/b' },
        ],
      }),
      '/a/libx.so': x,
      '/b/libx.so': x,
    },
    expected: ['/b/libx.so'],
  },
  {
    title: 'of a scalar tag the last occurrence wins: SONAME',
    tree: {
      '/app': app({ needed: ['libx.so', 'first.so', 'second.so'], runpath: '/r' }),
      '/r/libx.so': lib({
        tags: [
          { tag: 'SONAME', value: 'first.so' },
          { tag: 'SONAME', value: 'second.so' },
        ],
      }),
    },
    expected: ['/r/libx.so'],
    missing: ['first.so'],
  },
  {
    title: 'of a scalar tag the last occurrence wins: FLAGS_1',
    tree: {
      '/app': app({
        flags1: 0x800,
        needed: ['libx.so'],
        tags: [{ tag: 'FLAGS_1', value: 0 }],
      }),
      '/lib/libx.so': x,
    },
    expected: ['/lib/libx.so'],
  },
  {
    title: 'DT_NEEDED is multi-valued and handled in table order, between other tags',
    tree: {
      '/app': app({
        needed: ['liby.so'],
        tags: [
          { tag: 'RUNPATH', value: '/r' },
          { tag: 'NEEDED', value: 'libx.so' },
        ],
      }),
      '/r/libx.so': x,
      '/r/liby.so': y,
    },
    expected: ['/r/liby.so', '/r/libx.so'],
  },
  {
    title: 'a repeated DT_NEEDED enters its object once',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so', 'libx.so'], runpath: '/r' }),
      '/r/libx.so': x,
      '/r/liby.so': y,
    },
    expected: ['/r/libx.so', '/r/liby.so'],
  },
  {
    title: 'an object that has both RPATH and RUNPATH forgets its RPATH',
    tree: { '/app': app({ needed: ['libx.so'], rpath: '/a', runpath: '/b' }), '/a/libx.so': x },
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: 'an empty RUNPATH forgets the RPATH all the same',
    tree: { '/app': app({ needed: ['libx.so'], rpath: '/a', runpath: '' }), '/a/libx.so': x },
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: 'section headers may be absent',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r', sections: false }),
      '/r/libx.so': lib({ sections: false }),
    },
    expected: ['/r/libx.so'],
  },
  {
    title: 'section headers may lie',
    tree: {
      '/app': app({
        needed: ['libx.so'],
        runpath: '/r',
        patch: [
          { field: 'e_shoff', value: 0x7fffffff },
          { field: 'e_shnum', value: 0xffff },
        ],
      }),
      '/r/libx.so': x,
    },
    expected: ['/r/libx.so'],
  },
  {
    title: 'DT_STRSZ is not used for bounds',
    tree: {
      '/app': app({
        needed: ['libx.so'],
        runpath: '/r',
        patch: [{ field: 'd_val', entry: 'STRSZ', value: 1 }],
      }),
      '/r/libx.so': x,
    },
    expected: ['/r/libx.so'],
  },
  {
    title: 'p_filesz of PT_DYNAMIC is not used for bounds',
    tree: {
      '/app': app({
        needed: ['libx.so'],
        runpath: '/r',
        patch: [{ field: 'p_filesz', segment: 'DYNAMIC', value: 16 }],
      }),
      '/r/libx.so': lib({
        soname: 'libx.so',
        needed: ['liby.so'],
        runpath: '$ORIGIN',
        patch: [{ field: 'p_filesz', segment: 'DYNAMIC', value: 16 }],
      }),
      '/r/liby.so': y,
    },
    expected: ['/r/libx.so', '/r/liby.so'],
  },
  {
    title: 'PT_DYNAMIC is located by p_vaddr, not by p_offset',
    tree: {
      '/app': app({
        needed: ['libx.so'],
        runpath: '/r',
        patch: [{ field: 'p_offset', segment: 'DYNAMIC', value: 0 }],
      }),
      '/r/libx.so': lib({
        soname: 'libx.so',
        needed: ['liby.so'],
        runpath: '/r',
        patch: [{ field: 'p_offset', segment: 'DYNAMIC', value: 0x123456 }],
      }),
      '/r/liby.so': y,
    },
    expected: ['/r/libx.so', '/r/liby.so'],
  },
]);
