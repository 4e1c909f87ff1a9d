import { app, type Case, lib, link, program, scenarios } from './harness.ts';
import { loaderBytes, MACHINES, type Machine, type MachineName } from './machines.ts';

/** What each of Debian's loaders has compiled in. */
const DIRECTORIES: Readonly<Record<Exclude<MachineName, 'musl'>, readonly string[]>> = {
  x86_64: ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib', '/usr/lib'],
  i386: ['/lib32', '/usr/lib32', '/lib', '/usr/lib'],
  aarch64: ['/lib/aarch64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/lib', '/usr/lib'],
  armhf: ['/lib/arm-linux-gnueabihf', '/usr/lib/arm-linux-gnueabihf', '/lib', '/usr/lib'],
  riscv64: ['/lib/riscv64-linux-gnu', '/usr/lib/riscv64-linux-gnu', '/lib', '/usr/lib'],
  s390x: ['/lib/s390x-linux-gnu', '/usr/lib/s390x-linux-gnu', '/lib', '/usr/lib'],
  ppc64le: ['/lib/powerpc64le-linux-gnu', '/usr/lib/powerpc64le-linux-gnu', '/lib', '/usr/lib'],
  mips64el: ['/lib/mips64el-linux-gnuabi64', '/usr/lib/mips64el-linux-gnuabi64', '/lib', '/usr/lib'],
  mips: ['/lib/mips-linux-gnu', '/usr/lib/mips-linux-gnu', '/lib', '/usr/lib'],
};

/** Four libraries, of which the n-th lies in the n-th directory and in all that come later. */
function eachDirectory(machine: Exclude<MachineName, 'musl'>): Case {
  const directories = DIRECTORIES[machine];
  const names = directories.map((_, i) => `libin${i}.so`);
  const tree = names.flatMap((name, i) =>
    directories.slice(i).map((directory) => [`${directory}/${name}`, lib({}, machine)] as const),
  );
  return {
    title: `${machine}: ${directories.join(', ')}`,
    machine,
    tree: { '/app': app({ needed: names }, machine), ...Object.fromEntries(tree) },
    expected: directories.map((directory, i) => `${directory}/${names[i]}`),
  };
}

/** A loader of x86-64 whose four directories are renamed, in as many bytes. */
function otherLoader(): Uint8Array {
  const bytes = Buffer.from(loaderBytes(MACHINES.x86_64 as Machine) ?? Buffer.alloc(0));
  const at = bytes.indexOf('/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0');
  bytes.write('/opt/some-vendor-lib0/', at, 'latin1');
  return bytes;
}

const x = lib({ soname: 'libx.so' });

scenarios('G10: the default directories are those compiled into the loader of the tree', [
  ...(Object.keys(DIRECTORIES) as (keyof typeof DIRECTORIES)[]).map(eachDirectory),
  {
    title: 'they are read out of the loader that the program names',
    tree: {
      '/lib64/ld-linux-x86-64.so.2': program(otherLoader()),
      '/app': app({ needed: ['libx.so', 'liby.so'] }),
      '/opt/some-vendor-lib0/libx.so': x,
      '/lib/x86_64-linux-gnu/liby.so': lib(),
    },
    expected: ['/opt/some-vendor-lib0/libx.so'],
    missing: ['liby.so'],
  },
  {
    title: '/lib64 is none of them on Debian',
    tree: { '/app': app({ needed: ['libx.so'] }), '/lib64/libx.so': x },
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: '/usr/local/lib is none of them',
    tree: { '/app': app({ needed: ['libx.so'] }), '/usr/local/lib/libx.so': x },
    expected: [],
    missing: ['libx.so'],
  },
  {
    title: 'the path reported is the one composed, though the directory is a link',
    tree: {
      '/app': app({ needed: ['libx.so'] }),
      '/lib': link('usr/lib'),
      '/usr/lib/x86_64-linux-gnu/libx.so': x,
    },
    expected: ['/lib/x86_64-linux-gnu/libx.so'],
  },
  {
    title: "without a loader to read, Debian's directories where the tree has them",
    tree: {
      '/lib64/ld-linux-x86-64.so.2': program('no loader'),
      '/app': app({ needed: ['libx.so'] }),
      '/usr/lib/x86_64-linux-gnu/libx.so': x,
    },
    noOracle: 'no loader is no oracle',
    expected: ['/usr/lib/x86_64-linux-gnu/libx.so'],
  },
  {
    title: "without a loader to read, upstream's directories elsewhere",
    tree: {
      '/lib64/ld-linux-x86-64.so.2': program('no loader'),
      '/app': app({ needed: ['libx.so'] }),
      '/usr/lib64/libx.so': x,
    },
    noOracle: 'no loader is no oracle',
    expected: ['/usr/lib64/libx.so'],
  },
]);
