import { app, lib, link, scenarios } from './harness.ts';

const x = lib({ soname: 'libx.so' });
const TRIPLET = 'lib/x86_64-linux-gnu';

scenarios('G4: $ORIGIN, $LIB and $PLATFORM are expanded where the loader expands them', [
  {
    title: '$ORIGIN in RUNPATH is the directory of the program',
    tree: { '/o/bin/app': app({ needed: ['libx.so'], runpath: '$ORIGIN/../lib' }), '/o/lib/libx.so': x },
    program: '/o/bin/app',
    expected: ['/o/bin/../lib/libx.so'],
  },
  {
    title: '${ORIGIN} is the same in braces',
    tree: { '/o/bin/app': app({ needed: ['libx.so'], runpath: '${ORIGIN}/lib' }), '/o/bin/lib/libx.so': x },
    program: '/o/bin/app',
    expected: ['/o/bin/lib/libx.so'],
  },
  {
    title: '$ORIGIN in RPATH of a library is where that library was opened',
    tree: {
      '/o/app': app({ needed: ['liba.so'], rpath: '$ORIGIN/lib' }),
      '/o/lib/liba.so': lib({ needed: ['libx.so'], rpath: '$ORIGIN/deep' }),
      '/o/lib/deep/libx.so': x,
    },
    program: '/o/app',
    expected: ['/o/lib/liba.so', '/o/lib/deep/libx.so'],
  },
  {
    title: "$ORIGIN in an inherited RPATH stays its owner's",
    tree: {
      '/o/app': app({ needed: ['liba.so'], rpath: '$ORIGIN/lib:$ORIGIN' }),
      '/o/lib/liba.so': lib({ needed: ['libx.so'] }),
      '/o/libx.so': x,
    },
    program: '/o/app',
    expected: ['/o/lib/liba.so', '/o/libx.so'],
  },
  {
    title: '$ORIGIN of the executable has all links resolved',
    tree: {
      '/real/bin/app': app({ needed: ['libx.so'], runpath: '$ORIGIN/../lib' }),
      '/usr/bin/app': link('/real/bin/app'),
      '/real/lib/libx.so': x,
      '/usr/lib2/libx.so': x,
    },
    program: '/usr/bin/app',
    expected: ['/real/bin/../lib/libx.so'],
  },
  {
    title: '$ORIGIN of a library is where it was opened: its own link is not resolved',
    tree: {
      '/app': app({ needed: ['liba.so'], runpath: '/links' }),
      '/links/liba.so': link('/real/liba.so'),
      '/real/liba.so': lib({ needed: ['libx.so'], runpath: '$ORIGIN' }),
      '/links/libx.so': x,
      '/real/libx.so': x,
    },
    expected: ['/links/liba.so', '/links/libx.so'],
  },
  {
    title: '$ORIGIN of a library below a symlinked directory keeps the link',
    tree: {
      '/app': app({ needed: ['liba.so'], runpath: '/links' }),
      '/links': link('/real/deep'),
      '/real/deep/liba.so': lib({ needed: ['libx.so'], runpath: '$ORIGIN/../side' }),
      '/real/side/libx.so': x,
      '/side/libx.so': lib(),
    },
    expected: ['/links/liba.so', '/links/../side/libx.so'],
  },
  {
    title: '$ORIGIN of a relatively found library is absolute',
    tree: {
      '/app': app({ needed: ['liba.so'], runpath: 'sub' }),
      '/sub/liba.so': lib({ needed: ['libx.so'], runpath: '$ORIGIN/deep' }),
      '/sub/deep/libx.so': x,
    },
    expected: ['/sub/liba.so', '/sub/deep/libx.so'],
  },
  {
    title: 'for a program in the root directory $ORIGIN is /',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '$ORIGIN' }), '/libx.so': x },
    expected: ['/libx.so'],
  },
  {
    title: 'an object reached under two paths keeps the first as $ORIGIN',
    tree: {
      '/app': app({ needed: ['/one/liba.so', '/two/liba.so'] }),
      '/one/liba.so': lib({ needed: ['libx.so'], runpath: '$ORIGIN' }),
      '/two/liba.so': link('/one/liba.so'),
      '/one/libx.so': x,
      '/two/libx.so': x,
    },
    expected: ['/one/liba.so', '/one/libx.so'],
  },
  {
    title: '$LIB is compiled into the loader: lib/TRIPLET on Debian',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/o/$LIB' }), [`/o/${TRIPLET}/libx.so`]: x },
    expected: [`/o/${TRIPLET}/libx.so`],
  },
  {
    title: "$LIB follows the program's loader: lib32 with Debian's biarch i386",
    machine: 'i386',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/o/$LIB' }, 'i386'),
      '/o/lib32/libx.so': lib({}, 'i386'),
    },
    expected: ['/o/lib32/libx.so'],
  },
  {
    title: '$PLATFORM is the processor that the loader sees',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/o/$PLATFORM' }),
      '/o/x86_64/libx.so': x,
      '/o/haswell/libx.so': x,
    },
    expected: ({ platform }) => [`/o/${platform}/libx.so`],
  },
  {
    title: '$PLATFORM of a baseline processor is the architecture',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/o/${PLATFORM}' }),
      '/o/x86_64/libx.so': x,
    },
    cpu: { levels: [], platform: null },
    noOracle: 'the processor of the machine decides',
    expected: ['/o/x86_64/libx.so'],
  },
  {
    title: '$NAME counts only where no letter, digit or underscore follows',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so'], runpath: '/o/$LIBX:/o/$LIB-1' }),
      '/o/$LIBX/libx.so': x,
      [`/o/${TRIPLET}-1/liby.so`]: lib(),
    },
    expected: ['/o/$LIBX/libx.so', `/o/${TRIPLET}-1/liby.so`],
  },
  {
    title: '${ needs the closing brace',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/o/${LIB' }), '/o/${LIB/libx.so': x },
    expected: ['/o/${LIB/libx.so'],
  },
  {
    title: 'other names stay as they are, and case matters',
    tree: {
      '/app': app({ needed: ['libx.so', 'liby.so'], runpath: '/o/$FOO:/o/$lib' }),
      '/o/$FOO/libx.so': x,
      '/o/$lib/liby.so': lib(),
    },
    expected: ['/o/$FOO/libx.so', '/o/$lib/liby.so'],
  },
  {
    title: 'several tokens in one element, anywhere in it',
    tree: {
      '/o/app': app({ needed: ['libx.so'], runpath: '$ORIGIN/a$LIB/b${LIB}c' }),
      [`/o/a${TRIPLET}/b${TRIPLET}c/libx.so`]: x,
    },
    program: '/o/app',
    expected: [`/o/a${TRIPLET}/b${TRIPLET}c/libx.so`],
  },
  {
    title: 'two dollars are one that stays and one that may be a token',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/o/$$LIB' }), [`/o/$${TRIPLET}/libx.so`]: x },
    expected: [`/o/$${TRIPLET}/libx.so`],
  },
  {
    title: "in LD_LIBRARY_PATH tokens are the executable's",
    tree: {
      '/o/app': app({ needed: ['liba.so'] }),
      '/o/lib/liba.so': lib({ needed: ['libx.so'] }),
      '/o/lib/libx.so': x,
      '/o/lib/lib/libx.so': x,
    },
    program: '/o/app',
    libraryPath: '$ORIGIN/lib',
    expected: ['/o/lib/liba.so', '/o/lib/libx.so'],
  },
  {
    title: 'a DT_NEEDED with a token is expanded and opened',
    tree: { '/o/app': app({ needed: ['$ORIGIN/libx.so'] }), '/o/libx.so': x },
    program: '/o/app',
    expected: ['/o/libx.so'],
  },
  {
    title: 'a DT_NEEDED without a slash is expanded before it is searched',
    tree: {
      '/app': app({ needed: ['lib$PLATFORM.so'], runpath: '/r' }),
      '/r/libx86_64.so': lib(),
      '/r/libhaswell.so': lib(),
    },
    expected: ({ platform }) => [`/r/lib${platform}.so`],
  },
  {
    title: 'DT_AUXILIARY and DT_FILTER are expanded',
    tree: {
      '/app': app({ needed: ['liba.so'], runpath: '/r' }),
      '/r/liba.so': lib({ auxiliary: ['$ORIGIN/aux.so'], filter: ['${ORIGIN}/filter.so'] }),
      '/r/aux.so': lib(),
      '/r/filter.so': lib(),
    },
    expected: ['/r/filter.so', '/r/aux.so', '/r/liba.so'],
  },
  {
    title: 'a preload name with a slash is expanded',
    tree: { '/o/app': app({ needed: ['libx.so'], runpath: '/o' }), '/o/p/libp.so': lib(), '/o/libx.so': x },
    program: '/o/app',
    preload: '$ORIGIN/p/libp.so',
    expected: ['/o/p/libp.so', '/o/libx.so'],
  },
  {
    title: 'an RPATH element with a token that has no value is dropped',
    machine: 'riscv64',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/o/$PLATFORM:/b' }, 'riscv64'),
      '/o/libx.so': lib({}, 'riscv64'),
      '/b/libx.so': lib({}, 'riscv64'),
    },
    expected: ['/b/libx.so'],
  },
  {
    title: 'a DT_NEEDED with a token that has no value is passed over silently',
    machine: 'riscv64',
    tree: {
      '/app': app({ needed: ['/o/$PLATFORM/libx.so', 'liby.so'], runpath: '/b' }, 'riscv64'),
      '/b/liby.so': lib({}, 'riscv64'),
    },
    expected: ['/b/liby.so'],
  },
]);
