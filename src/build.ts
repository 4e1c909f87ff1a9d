import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuOf } from './build/host-cpu.ts';
import { includedFiles } from './build/included-files.ts';
import { readInclusions } from './build/inclusions.ts';
import { planXattrs } from './build/plan-xattrs.ts';
import { findClosure } from './closure/closure.ts';
import { type Problem, problemTitle } from './closure/problems.ts';
import type { EmitReport } from './emit/emitter.ts';
import { emit, formatOf } from './emit/index.ts';
import { RootfsError } from './errors.ts';
import { selectFinders } from './finders/index.ts';
import type { BuildOptions, Format, ImageOptions } from './options.ts';
import type { RootfsPlan } from './plan/entry.ts';
import { planRootfs } from './plan/plan.ts';
import { planSysroot } from './plan/plan-sysroot.ts';
import { validatePlan } from './plan/validate.ts';
import { hostSysroot } from './sysroot/host.ts';
import type { Sysroot } from './sysroot/sysroot.ts';
import { verify } from './verify/verify.ts';

/** What a build did. */
export interface BuildReport {
  /** Absolute path of what was written, `-` for standard output, null for a dry run. */
  readonly output: string | null;
  readonly format: Format;
  readonly plan: RootfsPlan;
  /** What was written; null for a dry run. */
  readonly emitted: EmitReport | null;
}

/**
 * Builds the smallest root filesystem in which some programs still run.
 *
 * @param programs absolute paths inside the sysroot
 * @returns what was planned and written
 * @throws RootfsError: ERR_NOT_FOUND, ERR_NOT_READABLE, ERR_NOT_A_PROGRAM, ERR_MALFORMED_ELF for an input,
 *   ERR_INCOMPLETE where a library, version or interpreter is missing, ERR_OUTPUT_EXISTS, ERR_OUTPUT, ERR_MACHINE
 *   or ERR_INTERRUPTED while writing. Nothing is left behind then.
 */
export async function buildRootfs(
  programs: string | readonly string[],
  options: BuildOptions = {},
): Promise<BuildReport> {
  const sysroot = openSysroot(options.sysroot);
  const plan = await planPrograms(typeof programs === 'string' ? [programs] : programs, sysroot, options);
  const format = options.format ?? (options.output === undefined ? 'dir' : formatOf(options.output));
  if (options.dryRun === true) return { output: null, format, plan, emitted: null };
  const output = options.output ?? mkdtempSync(join(tmpdir(), 'mkrootfs-'));
  const image = imageOf(options);
  const emitted = await emit(plan, sysroot, {
    format,
    output,
    ...(image !== undefined && { image }),
    ...(options.force !== undefined && { force: options.force }),
    ...(options.signal !== undefined && { signal: options.signal }),
    ...(options.onProgress !== undefined && { onProgress: options.onProgress }),
  });
  return { output: emitted.output, format, plan, emitted };
}

/** What is said of an image; undefined where nothing is. */
function imageOf(options: BuildOptions): ImageOptions | undefined {
  const { entrypoint, cmd, env, workdir, user, label, tag, layers, compression } = options;
  const image = { entrypoint, cmd, env, workdir, user, label, tag, layers, compression };
  const given = Object.entries(image).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : (Object.fromEntries(given) as ImageOptions);
}

/** Everything before the first byte is written. */
async function planPrograms(
  programs: readonly string[],
  sysroot: Sysroot,
  options: BuildOptions,
): Promise<RootfsPlan> {
  const inclusions = await readInclusions(options.include ?? [], sysroot, {
    tree: hostSysroot(),
    cwd: process.cwd(),
  });
  const closure = findClosure(programs, sysroot, {
    finders: selectFinders(options.discover),
    attempts: true,
    cpu: cpuOf(options.hwcaps),
    plainToo: true,
    included: includedFiles(inclusions, sysroot, options.exclude),
    ...(options.libraryPath !== undefined && { libraryPath: options.libraryPath }),
    ...(options.preload !== undefined && { preload: options.preload }),
    ...wishesOf(options),
  });
  const problems = closure.problems.filter((problem) => !isAllowed(problem, options.allowMissing ?? []));
  if (problems.length > 0) throw incomplete(programs, problems);
  const planOptions = {
    include: inclusions,
    exclude: options.exclude ?? [],
    epoch: options.epoch ?? 0,
    keepOwners: options.keepOwners ?? false,
  };
  const draft = planRootfs(closure, sysroot, planOptions);
  const { xattrs, unreadable } = planXattrs(draft, sysroot);
  const plan = xattrs.size === 0 ? draft : planRootfs(closure, sysroot, { ...planOptions, xattrs });
  validatePlan(plan);
  if (options.verify !== false) prove(programs, plan, sysroot, options);
  return unreadable === null ? plan : { ...plan, notes: [...(plan.notes ?? []), unreadable] };
}

/** The zone and locale asked for, by name or by the environment that an image gives its programs. */
function wishesOf({ timezone, locale, env = {} }: BuildOptions): { timezone?: string; locale?: string } {
  // tzset(3): a name may follow a colon.
  const zone = (timezone ?? env.TZ ?? '').replace(/^:/, '');
  const language = [locale, env.LC_ALL, env.LC_CTYPE, env.LANG].find(
    (name) => name !== undefined && name !== '',
  );
  return { ...(zone !== '' && { timezone: zone }), ...(language !== undefined && { locale: language }) };
}

/** The closed-world check, over the tree as it will be: `verify` reads a written one back. */
function prove(
  programs: readonly string[],
  plan: RootfsPlan,
  sysroot: Sysroot,
  { libraryPath, preload, allowMissing = [] }: BuildOptions,
): void {
  const { problems } = verify(planSysroot(plan, sysroot), {
    programs: plan.closure.programs,
    // Binding them takes longer than all the rest of a small build: the command verify does it.
    symbols: false,
    ...(libraryPath !== undefined && { libraryPath }),
    ...(preload !== undefined && { preload }),
  });
  const open = problems.filter((problem) => !isAllowed(problem, allowMissing));
  if (open.length > 0) throw incomplete(programs, open);
}

function openSysroot(sysroot: BuildOptions['sysroot']): Sysroot {
  return sysroot === undefined || typeof sysroot === 'string' ? hostSysroot(sysroot) : sysroot;
}

function isAllowed(problem: Problem, names: readonly string[]): boolean {
  return problem.kind === 'missing-library' && names.includes(problem.name);
}

function incomplete(programs: readonly string[], problems: readonly Problem[]): RootfsError {
  const [only, ...more] = problems;
  const tried =
    only !== undefined && more.length === 0
      ? triedLines(only)
      : problems.flatMap((problem) => [
          problemTitle(problem),
          ...triedLines(problem).map((line) => `  ${line}`),
        ]);
  const libraries = problems.some((problem) => problem.kind === 'missing-library');
  return new RootfsError(
    'ERR_INCOMPLETE',
    `cannot build ${programs.join(', ')}: ${problemTitle(problems[0] as Problem)}`,
    {
      tried,
      ...(libraries && {
        hint: 'name its directory with --library-path, or do without it with --allow-missing NAME',
      }),
    },
  );
}

function triedLines(problem: Problem): readonly string[] {
  if (problem.kind !== 'missing-library') return [];
  return problem.tried.map(({ path, via, verdict, why }) => `${via}: ${path}: ${why ?? verdict}`);
}
