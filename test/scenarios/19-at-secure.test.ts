import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { app, type Case, file, lib, scenarios } from './harness.ts';
import type { Node } from './tree.ts';

const PROGRAM = '/usr/lib/x86_64-linux-gnu/app';
const x = lib({ soname: 'libx.so' });
const setUid = (spec: ElfSpec): Node => ({ ...app(spec), mode: 0o4755 });
const bad = lib({ needed: ['libgone.so'] });

/** A case that an ordinary user starts: the set-user-ID bit is root's. */
const started = (one: Omit<Case, 'uid' | 'oracle'>): Case => ({ ...one, uid: 12345, oracle: 'start' });

scenarios('G19: a set-user-ID program trusts little', [
  started({
    title: 'LD_LIBRARY_PATH is dropped',
    tree: { '/app': setUid({ needed: ['libx.so'] }), '/l/libx.so': x },
    libraryPath: '/l',
    expected: [],
    missing: ['libx.so'],
  }),
  started({
    title: 'an ordinary program keeps it',
    tree: { '/app': app({ needed: ['libx.so'] }), '/l/libx.so': x },
    libraryPath: '/l',
    expected: ['/l/libx.so'],
  }),
  started({
    title: 'set-group-ID with the group execute bit is secure too',
    tree: { '/app': { ...app({ needed: ['libx.so'] }), mode: 0o2755 }, '/l/libx.so': x },
    libraryPath: '/l',
    expected: [],
    missing: ['libx.so'],
  }),
  started({
    title: 'set-group-ID without the group execute bit is mandatory locking, not secure',
    tree: { '/app': { ...app({ needed: ['libx.so'] }), mode: 0o2745 }, '/l/libx.so': x },
    libraryPath: '/l',
    expected: ['/l/libx.so'],
  }),
  started({
    title: 'LD_PRELOAD names with a slash are ignored',
    tree: { '/app': setUid({ needed: ['libx.so'], runpath: '/r' }), '/r/libx.so': x, '/p/bad.so': bad },
    preload: '/p/bad.so',
    expected: ['/r/libx.so'],
  }),
  started({
    title: 'other LD_PRELOAD names are ignored where the file found is not set-user-ID',
    tree: { '/app': setUid({ needed: ['libx.so'], runpath: '/r' }), '/r/libx.so': x, '/lib/bad.so': bad },
    preload: 'bad.so',
    expected: ['/r/libx.so'],
  }),
  started({
    title: 'other LD_PRELOAD names count where the file found is set-user-ID',
    tree: {
      '/app': setUid({ needed: ['libx.so'], runpath: '/r' }),
      '/r/libx.so': x,
      '/lib/bad.so': { ...bad, mode: 0o4755 },
    },
    preload: 'bad.so',
    expected: ['/lib/bad.so', '/r/libx.so'],
    missing: ['libgone.so'],
  }),
  started({
    title: 'the search for a preload goes on behind a file that is not set-user-ID',
    tree: {
      '/app': setUid({ needed: ['libx.so'], runpath: '/r' }),
      '/r/libx.so': x,
      '/r/bad.so': lib(),
      '/usr/lib/bad.so': { ...bad, mode: 0o4755 },
    },
    preload: 'bad.so',
    expected: ['/usr/lib/bad.so', '/r/libx.so'],
    missing: ['libgone.so'],
  }),
  started({
    title: '/etc/ld.so.preload is honoured',
    tree: {
      '/app': setUid({ needed: ['libx.so'], runpath: '/r' }),
      '/r/libx.so': x,
      '/p/bad.so': bad,
      '/etc/ld.so.preload': file('/p/bad.so\n'),
    },
    expected: ['/p/bad.so', '/r/libx.so'],
    missing: ['libgone.so'],
  }),
  started({
    title: 'an element of RUNPATH without a token is used',
    tree: { '/app': setUid({ needed: ['libx.so'], runpath: '/r' }), '/r/libx.so': x },
    expected: ['/r/libx.so'],
  }),
  started({
    title: 'a relative element is not filtered',
    tree: { '/app': setUid({ needed: ['libx.so'], runpath: 'r' }), '/r/libx.so': x },
    expected: ['/r/libx.so'],
  }),
  started({
    title: "$ORIGIN in the program's RUNPATH is dropped outside the default directories",
    tree: { '/o/app': setUid({ needed: ['libx.so'], runpath: '$ORIGIN/sub' }), '/o/sub/libx.so': x },
    program: '/o/app',
    expected: [],
    missing: ['libx.so'],
  }),
  started({
    title: "$ORIGIN in the program's RUNPATH is used below a default directory",
    tree: {
      [PROGRAM]: setUid({ needed: ['libx.so'], runpath: '$ORIGIN/sub' }),
      '/usr/lib/x86_64-linux-gnu/sub/libx.so': x,
    },
    program: PROGRAM,
    expected: ['/usr/lib/x86_64-linux-gnu/sub/libx.so'],
  }),
  started({
    title: 'the path is normalised first: .. leads out of the default directory',
    tree: { [PROGRAM]: setUid({ needed: ['libx.so'], runpath: '$ORIGIN/../../../o' }), '/o/libx.so': x },
    program: PROGRAM,
    expected: [],
    missing: ['libx.so'],
  }),
  started({
    title: 'the path is normalised first: .. leads from one default directory to another',
    tree: {
      [PROGRAM]: setUid({ needed: ['libx.so'], runpath: '${ORIGIN}/.././sub' }),
      '/usr/lib/sub/libx.so': x,
    },
    program: PROGRAM,
    expected: ['/usr/lib/x86_64-linux-gnu/.././sub/libx.so'],
  }),
  started({
    title: '$ORIGIN that is not the first component is dropped',
    tree: {
      [PROGRAM]: setUid({ needed: ['libx.so'], runpath: '/r$ORIGIN' }),
      '/r/usr/lib/x86_64-linux-gnu/libx.so': x,
    },
    program: PROGRAM,
    expected: [],
    missing: ['libx.so'],
  }),
  started({
    title: '$ORIGIN that is not the whole first component is dropped',
    tree: {
      [PROGRAM]: setUid({ needed: ['libx.so'], runpath: '$ORIGIN-sub' }),
      '/usr/lib/x86_64-linux-gnu-sub/libx.so': x,
    },
    program: PROGRAM,
    expected: [],
    missing: ['libx.so'],
  }),
  started({
    title: 'a second $ORIGIN in one element drops it',
    tree: {
      [PROGRAM]: setUid({ needed: ['libx.so'], runpath: '$ORIGIN/$ORIGIN' }),
      '/usr/lib/x86_64-linux-gnu/usr/lib/x86_64-linux-gnu/libx.so': x,
    },
    program: PROGRAM,
    expected: [],
    missing: ['libx.so'],
  }),
  started({
    title: '$ORIGIN of a library is used wherever it lies',
    tree: {
      '/app': setUid({ needed: ['liba.so'], runpath: '/o' }),
      '/o/liba.so': lib({ needed: ['libx.so'], runpath: '$ORIGIN/sub' }),
      '/o/sub/libx.so': x,
    },
    expected: ['/o/liba.so', '/o/sub/libx.so'],
  }),
  started({
    title: '$LIB is used',
    tree: {
      '/app': setUid({ needed: ['libx.so'], runpath: '/o/$LIB' }),
      '/o/lib/x86_64-linux-gnu/libx.so': x,
    },
    expected: ['/o/lib/x86_64-linux-gnu/libx.so'],
  }),
  started({
    title: 'a token in DT_NEEDED is fatal',
    tree: { '/o/app': setUid({ needed: ['$ORIGIN/libx.so'] }), '/o/libx.so': x },
    program: '/o/app',
    expected: [],
    missing: ['$ORIGIN/libx.so'],
  }),
  started({
    title: "a token in a library's DT_NEEDED is fatal too",
    tree: {
      '/o/app': setUid({ needed: ['/o/liba.so'] }),
      '/o/liba.so': lib({ needed: ['/o/$LIB/libx.so'] }),
      '/o/lib/x86_64-linux-gnu/libx.so': x,
    },
    program: '/o/app',
    expected: ['/o/liba.so'],
    missing: ['/o/$LIB/libx.so'],
  }),
]);
