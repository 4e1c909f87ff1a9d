import { Loader, type LoaderOptions } from '../ldso/loader.ts';
import { openProgram } from '../ldso/program.ts';
import { type RootPath, rootPath, type Sysroot } from '../sysroot/sysroot.ts';
import type { Finder, FinderContext } from './finder.ts';
import type { Problem } from './problems.ts';
import type { Closure, Edge, Node, Role } from './types.ts';

/** Options of {@link findClosure}. */
export interface ClosureOptions extends LoaderOptions {
  readonly finders: readonly Finder[];
}

/**
 * Everything that some programs need, each file with the evidence that put it there: a work list that asks every
 * finder about every file until no new one turns up.
 * @throws RootfsError for a program that cannot be used at all (see `resolve`); what a usable one lacks is a
 *   problem in the result.
 */
export function findClosure(programs: readonly string[], sysroot: Sysroot, options: ClosureOptions): Closure {
  const work = new WorkList(sysroot, options);
  const roots = programs.map(rootPath);
  for (const root of roots) {
    openProgram(work.context.loader.files, root);
    work.add(root, 'program');
  }
  return work.run(roots);
}

class WorkList {
  readonly context: FinderContext;
  readonly #finders: readonly Finder[];
  readonly #nodes = new Map<RootPath, Node>();
  readonly #edges: Edge[] = [];
  readonly #problems: Problem[] = [];

  constructor(sysroot: Sysroot, options: ClosureOptions) {
    this.#finders = options.finders;
    const problem = (one: Problem): void => void this.#problems.push(one);
    this.context = { sysroot, loader: new Loader(sysroot, options), problem };
  }

  add(path: RootPath, role: Role): void {
    if (this.#nodes.has(path)) return;
    const { sysroot, loader } = this.context;
    const real = sysroot.realpath(path);
    // A finder only names what it saw; a link that broke since then is the plan's to tell.
    const { path: realPath, hops } = typeof real === 'string' ? { path, hops: [] } : real;
    const image = role === 'data' ? null : loader.files.open(path, true).image;
    const actual = role === 'program' && image === null ? 'script' : role;
    this.#nodes.set(path, { path, realPath, hops, role: actual, image });
  }

  run(programs: readonly RootPath[]): Closure {
    // A Map hands out what is added while it is walked.
    for (const node of this.#nodes.values()) {
      for (const finder of this.#finders) {
        for (const { role, ...edge } of finder.find(node, this.context)) {
          this.#edges.push(edge);
          if (edge.to !== null) this.add(edge.to, role);
        }
      }
    }
    const nodes = [...this.#nodes.values()];
    const profile = this.#profile(nodes);
    return {
      programs,
      nodes,
      edges: this.#edges,
      libc: profile?.libc ?? 'none',
      defaultDirectories: profile?.libc === 'glibc' ? profile.compiled().defaultDirectories : [],
      machine: nodes.find((node) => node.image !== null)?.image?.machine ?? 0,
      problems: this.#problems,
    };
  }

  /** The loader of the first program that has one. */
  #profile(nodes: readonly Node[]): ReturnType<Loader['profile']> {
    const linked = nodes.find(
      ({ image }) => image !== null && (image.interpreter !== null || image.requests.length > 0),
    );
    return linked === undefined ? null : this.context.loader.profile(linked.path);
  }
}
