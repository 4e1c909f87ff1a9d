import { machineName } from '../elf/constants.ts';
import { RootfsError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { type RootPath, rootPath, type Sysroot } from '../sysroot/sysroot.ts';
import { bindSymbols, type Unbound } from './bind.ts';
import { interpreterFault } from './interpreter-check.ts';
import { Loader, type LoaderOptions, type ProgramMap } from './loader.ts';
import type { LoadedObject } from './object.ts';
import { openProgram } from './program.ts';
import type { Binding, Missing, ObjectKind, Resolution, ResolvedObject } from './resolution.ts';
import type { Shebang } from './script.ts';
import { scriptRequests } from './script-chain.ts';
import { SymbolTables } from './symbol-tables.ts';
import type { Attempt } from './types.ts';

/** Options of {@link resolve}. */
export interface ResolutionOptions extends LoaderOptions {
  /** Bind every symbol too, and tell of those that nothing defines. @default false */
  readonly symbols?: boolean;
}

/**
 * What the loader would load for some programs, without running anything: for each the link map of its own
 * process, for scripts the chain of interpreters.
 *
 * @throws RootfsError ERR_NOT_FOUND, ERR_NOT_READABLE, ERR_NOT_A_PROGRAM, ERR_MALFORMED_ELF for a program that
 *   cannot be used; what a usable program lacks is reported in `missing`.
 */
export function resolve(
  programs: string | readonly string[],
  sysroot: Sysroot,
  options: ResolutionOptions = {},
): Resolution {
  const tables = options.symbols === true ? new SymbolTables(sysroot) : null;
  const union = new Union(new Loader(sysroot, options), tables);
  const roots = (typeof programs === 'string' ? [programs] : programs).map(rootPath);
  for (const root of roots) union.addProgram(root, 0);
  return union.resolution(roots);
}

/** Objects of many link maps, each once. */
class Union {
  readonly #loader: Loader;
  readonly #objects = new Map<RootPath, { object: ResolvedObject; needed: Binding[] }>();
  readonly #missing = new Map<string, Missing>();
  readonly #checked = new Set<string>();
  /** Why a loader cannot start anything, by profile; null where it can. */
  readonly #interpreterFaults = new Map<string, string | null>();
  /** Null: symbols are not bound. */
  readonly #tables: SymbolTables | null;
  readonly #unbound = new Map<string, Unbound>();

  constructor(loader: Loader, tables: SymbolTables | null) {
    this.#loader = loader;
    this.#tables = tables;
  }

  resolution(roots: readonly RootPath[]): Resolution {
    const first = new Set(roots);
    const all = [...this.#objects.values()].map(({ object }) => object);
    const objects = [...first]
      .map((path) => this.#objects.get(path)?.object)
      .filter((object) => object !== undefined);
    objects.push(...all.filter((object) => !first.has(object.path)));
    const missing = [...this.#missing.values()];
    return this.#tables === null
      ? { roots, objects, missing }
      : { roots, objects, missing, unbound: [...this.#unbound.values()] };
  }

  addProgram(path: RootPath, depth: number): void {
    const known = this.#objects.get(path)?.object;
    // A script that interprets a script is walked again: the kernel counts the levels of each start.
    if (known?.kind === 'executable' || (known?.kind === 'script' && depth === 0)) return;
    const program = openProgram(this.#loader.files, path);
    if (program.kind === 'script') {
      this.#addScript(path, program.shebang, depth);
    } else if (program.linked) {
      const { image } = program.record;
      for (const map of this.#loader.freshLinkMaps(path)) this.#addMap(map, image?.interpreter ?? null);
    } else {
      this.#add(path, 'executable', [], null);
    }
  }

  #addMap(map: ProgramMap, interpreter: string | null): void {
    const level = map.cpu.levels[0] ?? null;
    for (const object of map.objects) {
      // A loader that is not there is told of as missing; one that nobody names is no part of a shared object.
      const loads =
        object.image !== null &&
        (object.kind !== 'interpreter' || interpreter !== null || isNamed(map, object));
      if (loads) this.#add(object.path, object.kind, object.bindings, level);
    }
    const program = map.objects[0] as LoadedObject;
    if (interpreter !== null) this.#checkInterpreter(map, program.path);
    for (const { requester, name, binding } of map.missing) {
      this.#lack({ name, neededBy: requester.path, tried: binding.tried });
    }
    for (const { requester, file, version } of map.missingVersions) {
      this.#lack({ name: file, neededBy: requester.path, tried: [], version });
    }
    this.#bind(map);
  }

  /** One symbol is told of once for each object that wants it, however many programs load that. */
  #bind(map: ProgramMap): void {
    if (this.#tables === null) return;
    for (const unbound of bindSymbols(map, this.#tables)) {
      const { symbol, version, neededBy } = unbound;
      this.#unbound.set([symbol, version ?? '', neededBy].join('\0'), unbound);
    }
  }

  #checkInterpreter({ profile }: ProgramMap, program: RootPath): void {
    let why = this.#interpreterFaults.get(profile.id);
    if (why === undefined) {
      why = interpreterFault(this.#loader.files, profile, profile.interpreter);
      this.#interpreterFaults.set(profile.id, why);
    }
    const key = `${profile.id} ${program}`;
    if (why === null || this.#checked.has(key)) return;
    this.#checked.add(key);
    const verdict = why === 'no such file' ? 'absent' : 'unusable';
    this.#lack({
      name: profile.interpreter,
      neededBy: program,
      tried: [direct(profile.interpreter, verdict, why)],
    });
  }

  #addScript(path: RootPath, shebang: Shebang, depth: number): void {
    if (depth >= LIMITS.scriptDepth) {
      throw new RootfsError(
        'ERR_NOT_A_PROGRAM',
        `cannot resolve ${path}: more than ${LIMITS.scriptDepth} levels of #!`,
        {
          path,
        },
      );
    }
    const needed: Binding[] = [];
    this.#add(path, 'script', needed, null);
    const requests = scriptRequests(this.#loader.files.sysroot, shebang);
    for (const [i, { name, path: to, tried }] of requests.entries()) {
      needed.push({ name, path: to, via: to === null ? null : 'direct', tried });
      if (to === null) this.#lack({ name, neededBy: path, tried });
      // What env(1) starts is a start of its own.
      else this.addProgram(to, i === 0 ? depth + 1 : 0);
    }
  }

  #lack(missing: Missing): void {
    const key = [missing.name, missing.neededBy, missing.version ?? ''].join('\0');
    if (!this.#missing.has(key)) this.#missing.set(key, missing);
  }

  #add(path: RootPath, kind: ObjectKind, bindings: Binding[], level: string | null): void {
    const known = this.#objects.get(path);
    if (known !== undefined) {
      merge(known.needed, bindings);
      return;
    }
    const { sysroot } = this.#loader.files;
    const image = this.#loader.files.open(path, true).image;
    const object: ResolvedObject = {
      path,
      // Following links costs a system call or two a file, and few forms of output tell where they lead.
      get realpath(): RootPath {
        const real = sysroot.realpath(path);
        return typeof real === 'string' ? path : real.path;
      },
      kind,
      class: image?.class ?? null,
      machine: image === null ? null : machineName(image.machine),
      soname: image?.soname ?? null,
      interp: image?.interpreter ?? null,
      needed: bindings,
      ...(level === null ? {} : { hwcaps: level }),
    };
    this.#objects.set(path, { object, needed: bindings });
  }
}

/** Adds bindings of another process that went elsewhere. */
function merge(known: Binding[], others: readonly Binding[]): void {
  if (known === others) return;
  for (let i = 0; i < others.length; i++) {
    const other = others[i] as Binding;
    if (!isSame(known[i], other) && !known.some((binding) => isSame(binding, other))) known.push(other);
  }
}

function isSame(binding: Binding | undefined, other: Binding): boolean {
  return binding?.name === other.name && binding.path === other.path;
}

function isNamed(map: ProgramMap, object: LoadedObject): boolean {
  return map.objects.some(({ bindings }) => bindings.some((binding) => binding.path === object.path));
}

function direct(path: RootPath, verdict: Attempt['verdict'], why: string | null): Attempt {
  return { path, via: 'direct', verdict, why };
}
