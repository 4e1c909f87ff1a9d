import type { Problem } from '../closure/problems.ts';
import { machineName } from '../elf/constants.ts';
import { bindSymbols } from '../ldso/bind.ts';
import { interpreterFault } from '../ldso/interpreter-check.ts';
import type { Loader, ProgramMap } from '../ldso/loader.ts';
import type { SymbolTables } from '../ldso/symbol-tables.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';
import type { Tree } from './walk-tree.ts';

type Report = (problem: Problem) => void;
type ElfObject = Tree['objects'][number];

/**
 * Resolves every ELF file: programs first, then the shared objects that none of them loads, each by itself as
 * dlopen(3) would. A name that a plugin lacks is no fault where the programs have it loaded before.
 */
export function checkObjects(
  { objects }: Tree,
  loader: Loader,
  symbols: SymbolTables | null,
  report: Report,
): void {
  const linked = objects.filter(({ header }) => header.type === 'EXEC' || header.type === 'DYN');
  const programs = linked.filter(
    ({ path, executable }) => executable && interpreterOf(loader, path) !== null,
  );
  const once = withoutRepetitions(report);
  checkMachines(linked, programs, once);
  const loaded = new Loaded(loader.files.sysroot);
  for (const { path } of programs) {
    for (const map of loader.linkMaps(path)) {
      checkInterpreter(path, map, loader, once);
      checkMap(map, new Set(), once);
      if (symbols !== null && map.missing.length === 0) checkSymbols(map, path, symbols, once);
      loaded.add(map);
    }
  }
  for (const { path } of linked) {
    if (loaded.paths.has(path)) continue;
    for (const map of loader.linkMaps(path)) checkMap(map, loaded.sonames, once);
  }
}

/** What the programs of a tree have loaded between them. */
class Loaded {
  readonly paths = new Set<RootPath>();
  readonly sonames = new Set<string>();
  readonly #sysroot: Sysroot;

  constructor(sysroot: Sysroot) {
    this.#sysroot = sysroot;
  }

  add({ objects }: ProgramMap): void {
    for (const { path, image } of objects) {
      const real = this.#sysroot.realpath(path);
      if (typeof real !== 'string') this.paths.add(real.path);
      if (image?.soname != null) this.sonames.add(image.soname);
    }
  }
}

/** A library that many programs load lacks the same thing in each. */
function withoutRepetitions(report: Report): Report {
  const seen = new Set<string>();
  return (problem) => {
    const version = problem.kind === 'missing-version' ? problem.version : '';
    const key = JSON.stringify([problem.kind, problem.name, version, problem.neededBy]);
    if (!seen.has(key)) report(problem);
    seen.add(key);
  };
}

function interpreterOf(loader: Loader, path: RootPath): string | null {
  return loader.files.open(path, true).image?.interpreter ?? null;
}

function checkInterpreter(path: RootPath, { profile }: ProgramMap, loader: Loader, report: Report): void {
  const why = interpreterFault(loader.files, profile, profile.interpreter);
  if (why === null) return;
  report({ kind: 'missing-interpreter', name: profile.interpreter, neededBy: path, why });
}

function checkMap(
  { missing, missingVersions }: ProgramMap,
  present: ReadonlySet<string>,
  report: Report,
): void {
  for (const { requester, name, binding } of missing) {
    if (present.has(name)) continue;
    report({ kind: 'missing-library', name, neededBy: requester.path, tried: binding.tried });
  }
  for (const { requester, provider, file, version } of missingVersions) {
    const [neededBy, at] = [requester.path, provider.path];
    report({ kind: 'missing-version', name: file, version, neededBy, provider: at });
  }
}

/** Of programs alone: what a plugin asks for, the program that opens it may define. */
function checkSymbols(map: ProgramMap, program: RootPath, tables: SymbolTables, report: Report): void {
  for (const { symbol, version, neededBy } of bindSymbols(map, tables)) {
    const name = version === null ? symbol : `${symbol}@${version}`;
    report({ kind: 'unbound-symbol', name, neededBy, why: `nothing that ${program} loads defines it` });
  }
}

/** Nothing may be for a machine that no program of the tree is for: it could never be loaded. */
function checkMachines(objects: readonly ElfObject[], programs: readonly ElfObject[], report: Report): void {
  const kind = ({ header }: ElfObject): string =>
    `${machineName(header.machine)} ${header.class}-bit ${header.byteOrder}`;
  const executables = programs.length > 0 ? programs : objects.filter(({ executable }) => executable);
  const machines = new Set(executables.map(kind));
  if (machines.size === 0) return;
  for (const object of objects) {
    if (machines.has(kind(object))) continue;
    const why = `it is for ${kind(object)}, the programs are for ${[...machines].join(', ')}`;
    report({ kind: 'unusable-file', name: object.path, neededBy: object.path, why });
  }
}
