import type { Node, Role } from '../../../src/closure/types.ts';
import type { Entry, RootfsPlan } from '../../../src/plan/entry.ts';
import { rootPath } from '../../../src/sysroot/sysroot.ts';
import { directory, file, hardlink, planOf, symlink } from './plan.ts';

/** A program with its loader, C library and one more library, on a tree whose /lib leads to /usr/lib. */
export function linkedPlan(extra: readonly Entry[] = [], epoch = 0): RootfsPlan {
  const entries = [
    directory('/bin'),
    file('/bin/app', 'the program', { mode: 0o755 }),
    directory('/etc'),
    file('/etc/app.conf', 'data'),
    symlink('/lib', 'usr/lib'),
    symlink('/lib64', 'usr/lib'),
    directory('/proc'),
    directory('/tmp', { mode: 0o1777 }),
    directory('/usr'),
    directory('/usr/lib'),
    file('/usr/lib/ld-linux-x86-64.so.2', 'the loader', { mode: 0o755 }),
    file('/usr/lib/libc.so.6', 'the C library', { mode: 0o755 }),
    symlink('/usr/lib/libx.so.1', 'libx.so.1.2'),
    file('/usr/lib/libx.so.1.2', 'a library'),
    hardlink('/usr/lib/same.so.1', '/usr/lib/libx.so.1.2'),
    ...extra,
  ];
  const plan = planOf(
    entries.sort((a, b) => (a.path < b.path ? -1 : 1)),
    epoch,
  );
  const nodes = [
    node('program', '/bin/app', '/bin/app'),
    node('interpreter', '/lib64/ld-linux-x86-64.so.2', '/usr/lib/ld-linux-x86-64.so.2', '/lib64'),
    node('library', '/lib/libc.so.6', '/usr/lib/libc.so.6', '/lib'),
    node('library', '/lib/libx.so.1', '/usr/lib/libx.so.1.2', '/lib', '/usr/lib/libx.so.1'),
  ];
  return { ...plan, command: ['/bin/app'], closure: { ...plan.closure, nodes } };
}

function node(role: Role, path: string, realPath: string, ...hops: string[]): Node {
  return {
    role,
    path: rootPath(path),
    realPath: rootPath(realPath),
    hops: hops.map((hop) => rootPath(hop)),
    image: null,
  };
}
