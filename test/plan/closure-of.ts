import type { Closure, Edge, Evidence, Node, Role } from '../../src/closure/types.ts';
import type { ElfImage } from '../../src/elf/image.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import type { Via } from '../../src/ldso/types.ts';
import { type RootPath, rootPath, type Sysroot } from '../../src/sysroot/sysroot.ts';

/** One file of a closure, as a test writes it; the first is the program. */
export interface Want {
  readonly path: string;
  readonly role?: Role;
  readonly evidence?: Evidence;
  readonly from?: string;
}

/** The closure that wants these files of a sysroot, each image read from its bytes. */
export function closureOf(
  sysroot: Sysroot,
  wants: readonly (string | Want)[],
  more: Partial<Closure> = {},
): Closure {
  const list = wants.map((want) => (typeof want === 'string' ? { path: want } : want));
  const program = rootPath(list[0]?.path ?? '/none');
  const nodes = list.map((want, i) => nodeOf(sysroot, want, i === 0 ? 'program' : 'data'));
  const edges = list.slice(1).map(({ path, evidence, from }): Edge => {
    const why: Evidence = evidence ?? { by: 'runtime', rule: 'test' };
    const want = why.by === 'needed' ? why.name : path;
    return { from: from ? rootPath(from) : program, to: rootPath(path), want, evidence: why };
  });
  return {
    programs: list.length > 0 ? [program] : [],
    nodes,
    edges,
    generated: [],
    suggestions: [],
    libc: 'glibc',
    defaultDirectories: ['/lib/x86_64-linux-gnu/', '/usr/lib/x86_64-linux-gnu/', '/lib/', '/usr/lib/'],
    machine: 62,
    problems: [],
    ...more,
  };
}

/** A library that the loader found. */
export function needed(path: string, via: Via, name: string = path.slice(path.lastIndexOf('/') + 1)): Want {
  return { path, role: 'library', evidence: { by: 'needed', name, via, tried: [] } };
}

function nodeOf(sysroot: Sysroot, { path, role }: Want, otherwise: Role): Node {
  const at = rootPath(path);
  const real = sysroot.realpath(at);
  const place = typeof real === 'string' ? { path: at, hops: [] } : real;
  const image = imageOf(sysroot, place.path);
  return { path: at, realPath: place.path, hops: place.hops, role: role ?? otherwise, image };
}

function imageOf(sysroot: Sysroot, path: RootPath): ElfImage | null {
  const source = sysroot.open(path);
  if (typeof source === 'string') return null;
  const isElf = Buffer.from(source.read(0, 4)).toString('latin1') === '\x7fELF';
  const image = isElf ? readElf(source, path) : null;
  source.close();
  return image;
}
