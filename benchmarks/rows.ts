import type { Timed } from './pair.ts';
import { closureOf, elfFiles, fresh, listFile, MKROOTFS } from './subjects.ts';

/** One comparison with a peer. */
export interface Row {
  /** Number of the goal in docs/performance.md. */
  readonly goal: string;
  readonly title: string;
  /** Median of ours / peer that must hold. */
  readonly gate: number;
  readonly pairs: number;
  /** Debian packages that hold the peer and the subject. */
  readonly needs: readonly string[];
  readonly commands: () => { readonly ours: Timed; readonly peer: Timed };
}

const ours = (...args: readonly string[]): Timed => ({ argv: [process.execPath, MKROOTFS, ...args] });
const peer = (file: string, ...args: readonly string[]): Timed => ({ argv: [file, ...args] });
const NODE: Timed = { argv: [process.execPath, '-e', '0'] };

const programs = (): readonly string[] => elfFiles('/usr/bin', '/usr/sbin');
const everything = (): readonly string[] => elfFiles('/usr/bin', '/usr/sbin', '/usr/lib');

function bulk(files: readonly string[], command: Timed): { ours: Timed; peer: Timed } {
  return { ours: ours('resolve', '--paths', '--from', listFile('programs', files)), peer: command };
}

/** The files of ffmpeg and node as a tree with their paths, about 350 MB. */
const LARGE = ['/usr/bin/ffmpeg', process.execPath] as const;

function archive(format: string, ...tar: readonly string[]): { ours: Timed; peer: Timed } {
  const [mine, theirs] = [fresh(`ours.${format}`), fresh(`theirs.${format}`)];
  const files = listFile(
    'files',
    closureOf(LARGE).map((path) => path.slice(1)),
  );
  return {
    ours: { ...ours('build', ...LARGE, '--discover', 'none', '-o', mine.path), before: mine.clear },
    peer: { ...peer('tar', '-C', '/', ...tar, '-cf', theirs.path, '-T', files), before: theirs.clear },
  };
}

function directory(command: (destination: string, files: readonly string[]) => Timed): {
  ours: Timed;
  peer: Timed;
} {
  const [mine, theirs] = [fresh('ours'), fresh('theirs')];
  return {
    ours: { ...ours('build', ...LARGE, '--discover', 'none', '-o', mine.path), before: mine.clear },
    peer: { ...command(theirs.path, closureOf(LARGE)), before: theirs.clear },
  };
}

/** Every row; a new comparison is one line here. */
export const ROWS: readonly Row[] = [
  {
    goal: 'P1',
    title: '--help / node -e 0',
    gate: 1.1,
    pairs: 40,
    needs: [],
    commands: () => ({ ours: ours('--help'), peer: NODE }),
  },
  {
    goal: 'P1',
    title: 'resolve /bin/echo / node -e 0',
    gate: 1.1,
    pairs: 40,
    needs: [],
    commands: () => ({ ours: ours('resolve', '/bin/echo'), peer: NODE }),
  },
  {
    goal: 'P1',
    title: 'resolve /bin/echo / ldd',
    gate: 4,
    pairs: 30,
    needs: ['libc-bin'],
    commands: () => ({ ours: ours('resolve', '/bin/echo'), peer: peer('ldd', '/bin/echo') }),
  },
  {
    goal: 'P2',
    title: 'resolve gdb / node -e 0',
    gate: 1.2,
    pairs: 30,
    needs: ['gdb'],
    commands: () => ({ ours: ours('resolve', '/usr/bin/gdb'), peer: NODE }),
  },
  {
    goal: 'P2',
    title: 'resolve ffmpeg / node -e 0',
    gate: 1.4,
    pairs: 30,
    needs: ['ffmpeg'],
    commands: () => ({ ours: ours('resolve', '/usr/bin/ffmpeg'), peer: NODE }),
  },
  {
    goal: 'P3',
    title: 'resolve ffmpeg / lddtree',
    gate: 1 / 8,
    pairs: 10,
    needs: ['ffmpeg', 'pax-utils'],
    commands: () => ({
      ours: ours('resolve', '/usr/bin/ffmpeg'),
      peer: peer('/usr/bin/python3', '/usr/bin/lddtree', '/usr/bin/ffmpeg'),
    }),
  },
  {
    goal: 'P4',
    title: '/usr/bin + /usr/sbin / libtree -vv',
    gate: 1.6,
    pairs: 15,
    needs: ['libtree'],
    commands: () => bulk(programs(), peer('libtree', '-vv', ...programs())),
  },
  {
    goal: 'P5',
    title: '/usr/{bin,sbin,lib} / libtree -vv',
    gate: 1.05,
    pairs: 15,
    needs: ['libtree'],
    commands: () => bulk(everything(), peer('libtree', '-vv', ...everything())),
  },
  {
    goal: 'P6',
    title: '/usr/bin + /usr/sbin / lddtree',
    gate: 1 / 60,
    pairs: 3,
    needs: ['pax-utils'],
    commands: () => bulk(programs(), peer('/usr/bin/python3', '/usr/bin/lddtree', ...programs())),
  },
  {
    goal: 'P8',
    title: 'tar / GNU tar',
    gate: 1.05,
    pairs: 10,
    needs: ['ffmpeg'],
    commands: () => archive('tar'),
  },
  {
    goal: 'P10',
    title: 'tar.zst / tar -I zstd -3 -T2',
    gate: 1.1,
    pairs: 5,
    needs: ['ffmpeg', 'zstd'],
    commands: () => archive('tar.zst', '-I', 'zstd -3 -T2'),
  },
  {
    goal: 'P11',
    title: 'tar.gz / tar -I pigz -6 -p2',
    gate: 0.8,
    pairs: 3,
    needs: ['ffmpeg', 'pigz'],
    commands: () => archive('tar.gz', '-I', 'pigz -6 -p2'),
  },
  {
    goal: 'P12',
    title: 'resolve and copy ffmpeg / dracut-install',
    gate: 0.45,
    pairs: 5,
    needs: ['ffmpeg', 'dracut-core'],
    commands: dracut,
  },
  {
    goal: 'P13',
    title: 'directory on tmpfs / cp -a',
    gate: 0.75,
    pairs: 10,
    needs: ['ffmpeg'],
    commands: () =>
      directory((to, files) => ({
        argv: ['sh', '-c', 'mkdir "$0" && exec cp -a --parents -t "$0" "$@"', to, ...files],
      })),
  },
];

function dracut(): { ours: Timed; peer: Timed } {
  const [mine, theirs] = [fresh('ours'), fresh('theirs')];
  const install = ['-D', theirs.path, '--ldd', '/usr/bin/ffmpeg'];
  return {
    ours: { ...ours('build', '/usr/bin/ffmpeg', '--discover', 'none', '-o', mine.path), before: mine.clear },
    peer: { ...peer('/usr/lib/dracut/dracut-install', ...install), before: theirs.clear },
  };
}
