import { app, dir, file, lib, link, scenarios, unreadable } from './harness.ts';

const x = lib({ soname: 'libx.so' });
const LONG = `lib${'x'.repeat(260)}.so`;

scenarios('G3: lists of directories are split, trimmed and walked as the loader does', [
  {
    title: 'RUNPATH is split at a colon',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }), '/b/libx.so': x },
    expected: ['/b/libx.so'],
  },
  {
    title: 'a semicolon in RUNPATH is an ordinary byte',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so'], runpath: '/a;/b' }),
      '/b/libx.so': x,
      '/a;/b/liby.so': lib(),
    },
    expected: ['/a;/b/liby.so'],
    missing: ['libx.so'],
  },
  {
    title: 'a semicolon in RPATH is an ordinary byte',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so'], rpath: '/a;/b' }),
      '/b/libx.so': x,
      '/a;/b/liby.so': lib(),
    },
    expected: ['/a;/b/liby.so'],
    missing: ['libx.so'],
  },
  {
    title: 'LD_LIBRARY_PATH is split at a colon and at a semicolon',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so', 'libz.so'] }),
      '/a/libx.so': x,
      '/b/liby.so': lib(),
      '/c/libz.so': lib(),
    },
    libraryPath: '/a;/b:/c',
    expected: ['/a/libx.so', '/b/liby.so', '/c/libz.so'],
  },
  {
    title: 'a leading empty element of RUNPATH is the current directory',
    tree: { '/app': app({ needed: ['libx.so'], runpath: ':/b' }), '/libx.so': x, '/b/libx.so': x },
    expected: ['/libx.so'],
  },
  {
    title: 'a trailing empty element of RUNPATH is the current directory',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/b:' }), '/libx.so': x },
    expected: ['/libx.so'],
  },
  {
    title: 'a doubled separator in LD_LIBRARY_PATH is the current directory',
    tree: { '/app': app({ needed: ['libx.so'] }), '/libx.so': x, '/b/libx.so': x },
    libraryPath: '/a;:/b',
    expected: ['/libx.so'],
  },
  {
    title: 'a wholly empty RUNPATH adds nothing',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '' }), '/libx.so': x },
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: 'an empty LD_LIBRARY_PATH is the same as none',
    tree: { '/app': app({ needed: ['libx.so'] }), '/libx.so': x },
    libraryPath: '',
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: 'an LD_LIBRARY_PATH of one separator is the current directory',
    tree: { '/app': app({ needed: ['libx.so'] }), '/libx.so': x },
    libraryPath: ':',
    expected: ['/libx.so'],
  },
  {
    title: 'trailing slashes are trimmed and one is added',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/b///' }), '/b/libx.so': x },
    expected: ['/b/libx.so'],
  },
  {
    title: 'the root directory is a directory like others',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/' }), '/libx.so': x },
    expected: ['/libx.so'],
  },
  {
    title: 'a relative element is relative to the current directory',
    tree: { '/app': app({ needed: ['libx.so'], runpath: 'b/c' }), '/b/c/libx.so': x },
    expected: ['/b/c/libx.so'],
  },
  {
    title: 'blanks and tildes mean themselves',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so'], runpath: '/a b:~/lib' }),
      '/a b/libx.so': x,
      '/~/lib/liby.so': lib(),
    },
    expected: ['/a b/libx.so', '/~/lib/liby.so'],
  },
  {
    title: '.. is not normalised: a symlinked directory on the way matters',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/short/../lib' }),
      '/deep/er/none': file(),
      '/short': link('/deep/er'),
      '/deep/lib/libx.so': x,
      '/lib/libx.so': x,
    },
    expected: ['/short/../lib/libx.so'],
  },
  {
    title: 'elements that do not exist are skipped silently',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/none:/none/deeper:/b' }), '/b/libx.so': x },
    expected: ['/b/libx.so'],
  },
  {
    title: 'an element that is a file is skipped silently',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/f:/b' }),
      '/f': file('no directory'),
      '/b/libx.so': x,
    },
    expected: ['/b/libx.so'],
  },
  {
    title: 'EACCES goes to the next directory',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }),
      '/a/libx.so': unreadable(file('secret')),
      '/b/libx.so': x,
    },
    uid: 12345,
    expected: ['/b/libx.so'],
  },
  {
    title: 'a directory that may not be searched goes to the next',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }),
      '/a': unreadable(dir()),
      '/a/libx.so': x,
      '/b/libx.so': x,
    },
    uid: 12345,
    expected: ['/b/libx.so'],
  },
  {
    title: 'ELOOP ends the list, and the next source is asked',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }),
      '/a/libx.so': link('libx.so'),
      '/b/libx.so': x,
      '/usr/lib/libx.so': x,
    },
    expected: ['/usr/lib/libx.so'],
  },
  {
    title: 'ELOOP in RPATH does not hide LD_LIBRARY_PATH',
    tree: {
      '/app': app({ needed: ['libx.so'], rpath: '/a:/b' }),
      '/a/libx.so': link('libx.so'),
      '/b/libx.so': x,
      '/l/libx.so': x,
    },
    libraryPath: '/l',
    expected: ['/l/libx.so'],
  },
  {
    title: 'ENAMETOOLONG ends the list',
    tree: { '/app': app({ needed: [LONG, 'libx.so'], runpath: '/b' }), '/b/libx.so': x },
    expected: ['/b/libx.so'],
    missing: [LONG],
  },
  {
    title: 'a dangling link is not there',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }),
      '/a/libx.so': link('gone'),
      '/b/libx.so': x,
    },
    expected: ['/b/libx.so'],
  },
  {
    title: 'a directory that is named twice counts once, in its first place',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/b:/a:/b/' }),
      '/a/libx.so': x,
      '/b/libx.so': x,
    },
    expected: ['/b/libx.so'],
  },
]);
