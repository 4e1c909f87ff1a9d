import { readFileSync } from 'node:fs';
import type { DeviceEntry, Entry, FileEntry, RootfsPlan } from '../../../src/plan/entry.ts';
import { rootPath, type Sysroot } from '../../../src/sysroot/sysroot.ts';

const common = {
  mode: 0o644,
  uid: 0,
  gid: 0,
  xattrs: {},
  evidence: { by: 'generated', rule: 'test' },
  neededBy: null,
} as const;

type Extra = Partial<Pick<Entry, 'mode' | 'uid' | 'gid' | 'xattrs'>>;

export function directory(path: string, extra: Extra = {}): Entry {
  return { ...common, mode: 0o755, type: 'directory', path: rootPath(path), ...extra };
}

/** A file whose bytes are in the plan itself. */
export function file(path: string, text: string | Uint8Array, extra: Extra = {}): FileEntry {
  const bytes = Buffer.from(text as string);
  return {
    ...common,
    type: 'file',
    path: rootPath(path),
    size: bytes.length,
    content: { from: 'inline', base64: bytes.toString('base64') },
    ...extra,
  };
}

/** A file whose bytes lie in the sysroot at `source`. */
export function fileFrom(path: string, source: string, size: number, extra: Extra = {}): FileEntry {
  return {
    ...common,
    type: 'file',
    path: rootPath(path),
    size,
    content: { from: 'sysroot', path: rootPath(source) },
    ...extra,
  };
}

export function symlink(path: string, target: string, extra: Extra = {}): Entry {
  return { ...common, mode: 0o777, type: 'symlink', path: rootPath(path), target, ...extra };
}

export function hardlink(path: string, target: string, extra: Extra = {}): Entry {
  return { ...common, type: 'hardlink', path: rootPath(path), target: rootPath(target), ...extra };
}

export function device(
  path: string,
  kind: DeviceEntry['kind'],
  major: number,
  minor: number,
  extra: Extra = {},
): Entry {
  return { ...common, type: 'device', path: rootPath(path), kind, major, minor, ...extra };
}

/** A plan of the entries, the root directory put before them. */
export function planOf(entries: readonly Entry[], epoch = 0): RootfsPlan {
  const root = entries[0]?.path === '/' ? [] : [directory('/')];
  return {
    entries: [...root, ...entries],
    machine: 62,
    epoch,
    command: ['/bin/true'],
    closure: {
      programs: [],
      nodes: [],
      edges: [],
      generated: [],
      suggestions: [],
      libc: 'none',
      defaultDirectories: [],
      machine: 62,
      problems: [],
    },
  };
}

/** The part of a sysroot that emitters use, over the host's own tree or a directory of it. */
export function hostFiles(top = ''): Sysroot {
  const refuse = (): never => {
    throw new Error('emitters read contents only');
  };
  return {
    lstat: refuse,
    stat: refuse,
    readlink: refuse,
    readdir: refuse,
    realpath: refuse,
    exists: refuse,
    open: (path) => {
      const bytes = readFileSync(`${top}${path}`);
      return {
        read: (offset, length) => bytes.subarray(offset, offset + length),
        size: () => bytes.length,
        close: () => {},
      };
    },
    hostPath: (path) => `${top}${path}`,
  };
}
