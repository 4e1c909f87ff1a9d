import { Loader, type LoaderOptions } from '../ldso/loader.ts';
import { openProgram } from '../ldso/program.ts';
import { type RootPath, rootPath, type Sysroot } from '../sysroot/sysroot.ts';
import type { Finder, FinderContext } from './finder.ts';
import { mergeGenerated } from './generated.ts';
import type { Problem } from './problems.ts';
import { Strings } from './strings.ts';
import { Symbols } from './symbols.ts';
import type { Closure, Edge, GeneratedFile, Node, Role, Suggestion } from './types.ts';

/** Options of {@link findClosure}. */
export interface ClosureOptions extends LoaderOptions {
  readonly finders: readonly Finder[];
  /** Files that are in anyway: what they need comes in too. */
  readonly included?: readonly Included[];
  /** Name of the time zone that programs shall know, `Europe/Paris`; else the one of the sysroot. */
  readonly timezone?: string;
  /** Name of the locale that programs shall have, `fr_FR.UTF-8`. */
  readonly locale?: string;
}

/** A regular file that somebody asked for. */
export interface Included {
  readonly path: RootPath;
  readonly pattern: string;
  readonly executable: boolean;
}

/**
 * Everything that some programs need, each file with the evidence that put it there: a work list that asks every
 * finder about every file until no new one turns up.
 * @throws RootfsError for a program that cannot be used at all (see `resolve`); what a usable one lacks is a
 *   problem in the result.
 */
export function findClosure(programs: readonly string[], sysroot: Sysroot, options: ClosureOptions): Closure {
  const roots = programs.map(rootPath);
  const work = new WorkList(sysroot, roots, options);
  for (const root of roots) {
    openProgram(work.context.loader.files, root);
    work.add(root, 'program');
  }
  for (const file of options.included ?? []) work.include(file, roots[0] ?? file.path);
  return work.run();
}

const NONE: ReadonlySet<string> = new Set();

/** Whether a file is the loader, or the C library, which asks nobody but the loader: their tables are long and tell nothing. */
function isBottom({ image, path, role }: Node, loader: Loader): boolean {
  if (image === null || role === 'interpreter') return true;
  const [name, ...others] = image.needed;
  if (role !== 'library' || name === undefined || others.length > 0) return false;
  return loader.profile(path)?.interpreter.endsWith(`/${name}`) ?? false;
}

/**
 * The object that defines a symbol for a node, in the first link map that has one: first among what the node asks
 * for itself, where nearly every symbol is, then in load order.
 */
function provider(node: Node, symbol: string, loader: Loader, symbols: Symbols): RootPath | null {
  for (const { map, object } of loader.holders(node.path)) {
    const asked = object.bindings.flatMap(({ path }) => path ?? []);
    const paths = new Set([...asked, ...map.objects.map(({ path }) => path)]);
    paths.delete(node.path);
    for (const path of paths) if (symbols.defines(path, symbol)) return path;
  }
  return null;
}

class WorkList {
  readonly context: FinderContext;
  readonly #finders: readonly Finder[];
  readonly #nodes = new Map<RootPath, Node>();
  readonly #edges: Edge[] = [];
  readonly #problems: Problem[] = [];
  readonly #generated = new Map<RootPath, GeneratedFile>();
  readonly #suggestions = new Map<string, Suggestion>();

  constructor(sysroot: Sysroot, programs: readonly RootPath[], options: ClosureOptions) {
    this.#finders = options.finders;
    const symbols = new Symbols(sysroot);
    const strings = new Strings(sysroot);
    const included = new Set(options.included?.map(({ path }) => path));
    const loader = new Loader(sysroot, options);
    this.context = {
      sysroot,
      programs,
      loader,
      timezone: options.timezone ?? null,
      locale: options.locale ?? null,
      problem: (problem) => void this.#problems.push(problem),
      imports: (node) => (isBottom(node, loader) ? NONE : symbols.imports(node.realPath)),
      defines: (node, symbol) => node.image !== null && symbols.defines(node.realPath, symbol),
      provider: (node, symbol) => provider(node, symbol, loader, symbols),
      strings: (path, needle) => strings.containing(path, needle),
      isIncluded: (path) => included.has(path),
      generate: (file) =>
        this.#generated.set(file.path, mergeGenerated(this.#generated.get(file.path), file)),
      suggest: (suggestion) => void this.#suggestions.set(suggestion.to, suggestion),
    };
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

  /** A program, plugin or script among the included files; anything else needs nothing. */
  include({ path, pattern, executable }: Included, from: RootPath): void {
    const role = this.#roleOf(path, executable);
    if (role === null || this.#nodes.has(path)) return;
    this.add(path, role);
    this.#edges.push({ from, to: path, want: pattern, evidence: { by: 'include', pattern } });
  }

  #roleOf(path: RootPath, executable: boolean): Role | null {
    const { image, head } = this.context.loader.files.open(path, true);
    if (image?.type === 'EXEC' || image?.type === 'DYN')
      return image.interpreter === null ? 'plugin' : 'program';
    return executable && head !== null && head[0] === 0x23 && head[1] === 0x21 ? 'script' : null;
  }

  run(): Closure {
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
      programs: this.context.programs,
      nodes,
      edges: this.#edges,
      generated: [...this.#generated.values()],
      suggestions: [...this.#suggestions.values()].filter(({ to }) => !this.#nodes.has(to)),
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
