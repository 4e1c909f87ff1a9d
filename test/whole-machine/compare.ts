import { spawnSync } from 'node:child_process';
import { hostCpu } from '../../src/build/host-cpu.ts';
import { bindSymbols } from '../../src/ldso/bind.ts';
import { Loader, type ProgramMap } from '../../src/ldso/loader.ts';
import { isSecure } from '../../src/ldso/secure.ts';
import { SymbolTables } from '../../src/ldso/symbol-tables.ts';
import { hostSysroot } from '../../src/sysroot/host.ts';
import { type FileStat, type RootPath, rootPath } from '../../src/sysroot/sysroot.ts';

/** What became of one file. */
export type Outcome =
  | { readonly kind: 'same' }
  /** Not dynamic, not ELF, or for a machine whose loader does not run here. */
  | { readonly kind: 'left-out'; readonly why: string }
  | { readonly kind: 'different'; readonly what: string };

/** What the loader, real or ours, says of a file. */
interface Said {
  /** In load order; the loader of the program itself only where it stands among them. */
  readonly objects: readonly string[];
  readonly missing: readonly string[];
  /** Missing versions, each with what lacks it. */
  readonly versions: readonly string[];
  /** `symbol file` of each symbol that nothing defines. */
  readonly unbound: readonly string[];
  /** Whether the loader refuses to go on. */
  readonly fatal: boolean;
}

const X86_64 = 62;
const I386 = 3;

/** Our resolution of this machine's files beside its own loaders. */
export class Comparison {
  readonly #loader: Loader = new Loader(hostSysroot(), { cpu: hostCpu() });
  readonly #tables: SymbolTables = new SymbolTables(hostSysroot());
  readonly #symbols: boolean;

  /** @param symbols whether the symbols are bound too, as `ldd -r` does */
  constructor(symbols: boolean) {
    this.#symbols = symbols;
  }

  /** @param path a real path: what `$ORIGIN` means for the loader run by hand is then what it means for us */
  of(path: string): Outcome {
    const { image } = this.#loader.files.open(rootPath(path), true);
    if (image === null) return leftOut('not ELF, or none that can be read');
    if (!image.dynamic || (image.type !== 'DYN' && image.type !== 'EXEC')) return leftOut('not dynamic');
    if (image.interpreter === null && image.requests.length === 0) return leftOut('needs nothing');
    const [map] = this.#loader.linkMaps(rootPath(path));
    if (map === undefined) return leftOut('no link map');
    const { machine, interpreter, libc } = map.profile;
    if (libc !== 'glibc') return leftOut(`for ${libc}`);
    const here = (machine === X86_64 && map.profile.class === 64) || machine === I386;
    if (!here) return leftOut('for another machine');
    if (!this.#loader.files.sysroot.exists(interpreter)) return leftOut('its loader is not installed');
    return differences(this.#real(path, interpreter, image.interpreter === null), this.#ours(map));
  }

  #ours(map: ProgramMap): Said {
    const named = new Set(map.objects.flatMap(({ bindings }) => bindings.map(({ path }) => path)));
    const shown = map.objects
      .slice(1)
      .filter(({ image, kind, path }) => image !== null && (kind !== 'interpreter' || named.has(path)));
    return {
      objects: shown.map(({ path }) => path),
      missing: map.missing.map(({ name }) => name),
      versions: map.missingVersions.map(({ version, requester }) => `${version} ${requester.path}`),
      unbound: this.#symbols
        ? bindSymbols(map, this.#tables).map(({ symbol, neededBy }) => `${symbol} ${neededBy}`)
        : [],
      fatal: map.missing.some(({ binding }) => binding.tried.some(({ verdict }) => FATAL.has(verdict))),
    };
  }

  #real(path: RootPath | string, interpreter: RootPath, asLibrary: boolean): Said {
    const binding = this.#symbols ? { LD_BIND_NOW: '1', LD_WARN: 'yes' } : {};
    // The kernel starts no file without an execute bit, and the loader traces none with more privileges.
    const { mode } = this.#loader.files.sysroot.stat(rootPath(path)) as FileStat;
    const byHand = asLibrary || (mode & 0o111) === 0 || isSecure({ mode });
    const env = { LD_TRACE_LOADED_OBJECTS: '1', ...binding };
    const start = (argv: readonly string[]): ReturnType<typeof spawnSync> =>
      spawnSync(argv[0] as string, argv.slice(1), { env, maxBuffer: 1 << 28, timeout: 60_000 });
    let ended = start(byHand ? [interpreter, path] : [path]);
    // File capabilities that this process may not give.
    if ((ended.error as NodeJS.ErrnoException | undefined)?.code === 'EPERM')
      ended = start([interpreter, path]);
    if (ended.error) throw new Error(`cannot start ${path}: ${ended.error.message}`);
    const [stdout, stderr] = [ended.stdout.toString(), ended.stderr.toString()];
    return parsed(stdout, stderr);
  }
}

const FATAL: ReadonlySet<string> = new Set(['not-elf', 'unusable']);

function parsed(stdout: string, stderr: string): Said {
  const objects: string[] = [];
  const missing: string[] = [];
  const unbound: string[] = [];
  for (const line of stdout.split('\n')) {
    const absent = /^\t(.*) => not found$/.exec(line)?.[1];
    if (absent !== undefined) missing.push(absent);
    const object = /^\t(?:.* => )?(.*) \(0x[0-9a-f]+\)$/.exec(line)?.[1];
    if (object !== undefined && !/^linux-(vdso|gate)\.so\.1$/.test(object)) objects.push(object);
  }
  for (const [, symbol, by] of stderr.matchAll(
    /^undefined symbol: ([^\t\n]*?)(?:, version [^\t\n]*)?\t\((.*)\)$/gm,
  )) {
    unbound.push(`${symbol} ${by}`);
  }
  const versions = [...stderr.matchAll(/version `([^']+)' not found \(required by (.*)\)/g)].map(
    ([, version, by]) => `${version} ${by}`,
  );
  return { objects, missing, versions, unbound, fatal: /error while loading shared libraries/.test(stderr) };
}

function leftOut(why: string): Outcome {
  return { kind: 'left-out', why };
}

function differences(real: Said, ours: Said): Outcome {
  if (real.fatal || ours.fatal) {
    return real.fatal === ours.fatal
      ? { kind: 'same' }
      : { kind: 'different', what: real.fatal ? 'only the loader refuses it' : 'only we refuse it' };
  }
  const set = (list: readonly string[]): string => [...new Set(list)].sort().join('\n');
  const wrong: string[] = [];
  if (real.objects.join('\n') !== ours.objects.join('\n')) {
    wrong.push(`objects\n  loader ${real.objects.join(' ')}\n  ours   ${ours.objects.join(' ')}`);
  }
  for (const part of ['missing', 'versions', 'unbound'] as const) {
    if (set(real[part]) === set(ours[part])) continue;
    const beyond = (a: readonly string[], b: readonly string[]): readonly string[] =>
      a.filter((x) => !b.includes(x));
    const onlyReal = beyond(real[part], ours[part]).slice(0, 8).join(', ');
    wrong.push(
      `${part}\n  loader only ${onlyReal}\n  ours only ${beyond(ours[part], real[part]).slice(0, 8).join(', ')}`,
    );
  }
  return wrong.length === 0 ? { kind: 'same' } : { kind: 'different', what: wrong.join('\n') };
}
