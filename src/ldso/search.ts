import { dirname } from 'node:path/posix';
import { DF_1_NODEFLIB } from '../elf/constants.ts';
import { type RootPath, rootPath } from '../sysroot/sysroot.ts';
import type { LegacyTest, LoaderCache } from './cache.ts';
import { cacheFlags } from './cache-format.ts';
import { type Judgement, judge } from './compatible.ts';
import type { FileRecord, Files } from './files.ts';
import { type Cpu, legacyEntries, legacySubdirectories } from './hwcaps.ts';
import type { LoadedObject } from './object.ts';
import type { Profile } from './profile.ts';
import { type SearchPath, searchPath } from './search-path.ts';
import { mayPreload, trustedOrigin } from './secure.ts';
import { expandTokens, type TokenValues } from './tokens.ts';
import type { Attempt, Via } from './types.ts';

/** What a search ends with: a file to load, a file that ends the program, or nothing. */
export type Found =
  | { readonly record: FileRecord; readonly via: Via; readonly fault: null }
  | { readonly record: FileRecord; readonly via: Via; readonly fault: string }
  | null;

/** What all searches of one process have in common. */
export interface SearchContext {
  readonly files: Files;
  readonly profile: Profile;
  readonly cpu: Cpu;
  readonly cache: LoaderCache | null;
  /** Directories of ld.so.conf, in a tree that has no cache. */
  readonly confDirectories: SearchPath;
  /** LD_LIBRARY_PATH, expanded. */
  readonly libraryPath: SearchPath;
}

/** glibc's search for a name without a slash (elf/dl-load.c: _dl_map_object). */
export class Search {
  readonly context: SearchContext;
  /** Whether a directory that was searched, or the cache, holds variants for other processors. */
  sawVariants = false;
  readonly #cacheFlags: readonly number[];
  readonly #legacyEntries: LegacyTest;
  /** Answers for requesters whose own paths play no part, and for those with a DT_RUNPATH alone. */
  readonly #plain = new Map<string, Found>();
  readonly #byRequester = new Map<number, Map<string, Found>>();
  /** Set while a set-user-ID program's preload is searched. */
  #mayLoad: ((record: FileRecord) => boolean) | null = null;
  readonly #subdirectories = new Map<string, readonly string[]>();

  constructor(context: SearchContext) {
    this.context = context;
    const { profile, cache, cpu } = context;
    this.#legacyEntries = legacyEntries(profile, cpu);
    this.#cacheFlags = cacheFlags(profile.machine, profile.class, profile.flags);
    this.sawVariants = cache?.hasVariants ?? false;
  }

  /**
   * Searches a library for an object.
   * @param program the object that counts as executable
   * @param tried filled with every candidate and every step left out, in order; null: not wanted, and the answer
   *   may come from an earlier search
   */
  find(requester: LoadedObject, program: LoadedObject, name: string, tried: Attempt[] | null): Found {
    const memo = tried === null ? this.#memo(requester, program) : null;
    const known = memo?.get(name);
    if (known !== undefined) return known;
    const found = this.#steps(requester, program, name, tried);
    memo?.set(name, found);
    return found;
  }

  /** Opens a name with a slash: tokens are expanded, nothing is searched. */
  direct(requester: LoadedObject, name: string, tried: Attempt[] | null): Found {
    const { files, profile } = this.context;
    const expanded = expandTokens(name, this.tokens(requester));
    if (expanded === null) return null;
    const record = files.open(rootPath(expanded), false);
    const { action, verdict, why } = judge(record, profile);
    tried?.push(attempt(record.path, 'direct', verdict, why));
    if (action === 'load') return { record, via: 'direct', fault: null };
    return action === 'fatal' ? { record, via: 'direct', fault: why ?? 'unusable' } : null;
  }

  /**
   * Searches a preload. That of a set-user-ID program must be set-user-ID itself, any other file is passed over,
   * and the cache is not asked (elf/dl-load.c: __RTLD_SECURE).
   */
  findPreload(program: LoadedObject, name: string, tried: Attempt[] | null): Found {
    if (!program.secure()) return this.find(program, program, name, tried);
    this.#mayLoad = (record) => mayPreload(this.context.files.sysroot.stat(record.path));
    const found = this.#steps(program, program, name, tried);
    this.#mayLoad = null;
    return found;
  }

  /** DST values for an object: $ORIGIN is where it was opened, for the program where it really lies. */
  tokens(object: LoadedObject): TokenValues {
    const { files, profile, cpu } = this.context;
    return {
      get ORIGIN(): string {
        if (object.kind !== 'executable') return dirname(object.path);
        const real = files.sysroot.realpath(object.path);
        return dirname(typeof real === 'string' ? object.path : real.path);
      },
      get LIB(): string {
        return profile.compiled().lib;
      },
      PLATFORM: cpu.platform ?? profile.platform,
    };
  }

  #memo(requester: LoadedObject, program: LoadedObject): Map<string, Found> | null {
    const image = requester.image;
    if (image === null || (image.flags1 & DF_1_NODEFLIB) !== 0) return null;
    if (image.runpath !== null) {
      // The record stands for the path opened, hence for $ORIGIN too; only a program's is another, and a
      // set-user-ID program may trust other elements than the next one does.
      if (requester === program || (image.runpath.includes('$') && program.secure())) return null;
      const memo = this.#byRequester.get(requester.record.id) ?? new Map<string, Found>();
      this.#byRequester.set(requester.record.id, memo);
      return memo;
    }
    return requester.climbs || program.climbs ? null : this.#plain;
  }

  #steps(requester: LoadedObject, program: LoadedObject, name: string, tried: Attempt[] | null): Found {
    const { libraryPath, confDirectories } = this.context;
    return (
      this.#rpathChain(requester, program, name, tried) ??
      this.#directories(libraryPath, 'library-path', name, tried) ??
      this.#directories(this.#runpathOf(requester, program), 'runpath', name, tried) ??
      this.#cached(requester, name, tried) ??
      this.#directories(confDirectories, 'conf', name, tried) ??
      this.#defaults(requester, name, tried) ??
      null
    );
  }

  /** DT_RPATH of the requester, of what loaded it, and so on up, then of the program; not with a DT_RUNPATH. */
  #rpathChain(requester: LoadedObject, program: LoadedObject, name: string, tried: Attempt[] | null): Found {
    if (requester.image?.runpath !== null) {
      if (requester.climbs || requester.image?.rpath !== null) {
        tried?.push(skipped(name, 'rpath', `RPATH is left out: ${requester.path} has a RUNPATH`));
      }
      return null;
    }
    if (!requester.climbs && !program.climbs) return null;
    let sawProgram = false;
    for (let object: LoadedObject | null = requester; object !== null; object = object.loader) {
      sawProgram ||= object === program;
      const found = this.#directories(this.#rpathOf(object, program), 'rpath', name, tried);
      if (found !== null) return found;
    }
    return sawProgram ? null : this.#directories(this.#rpathOf(program, program), 'rpath', name, tried);
  }

  #rpathOf(object: LoadedObject, program: LoadedObject): SearchPath {
    const text = object.image?.runpath === null ? object.image.rpath : null;
    object.rpath ??= this.#expand(object, text, program);
    return object.rpath;
  }

  #runpathOf(object: LoadedObject, program: LoadedObject): SearchPath {
    object.runpath ??= this.#expand(object, object.image?.runpath ?? null, program);
    return object.runpath;
  }

  #expand(object: LoadedObject, text: string | null, program: LoadedObject): SearchPath {
    if (text === null) return [];
    const { profile } = this.context;
    const secure = text.includes('$') && program.secure();
    const keep = secure ? trustedOrigin(object, () => profile.compiled().defaultDirectories) : undefined;
    return searchPath(text, 'rpath', this.tokens(object), keep);
  }

  #cached(requester: LoadedObject, name: string, tried: Attempt[] | null): Found {
    if (this.#mayLoad !== null) return null;
    const { cache, cpu, files, profile } = this.context;
    const hit = cache?.lookup(name, this.#cacheFlags, cpu.levels, this.#legacyEntries);
    if (hit === null || hit === undefined) {
      if (cache !== null)
        tried?.push(attempt('/etc/ld.so.cache', 'cache', 'absent', 'no entry of that name'));
      return null;
    }
    if (noDefaultLibraries(requester)) {
      const barred = profile
        .compiled()
        .defaultDirectories.find((directory) => hit.path.startsWith(directory));
      if (barred !== undefined) {
        tried?.push(
          attempt(hit.path, 'cache', 'skipped', `in ${barred}, and ${requester.path} is DF_1_NODEFLIB`),
        );
        return null;
      }
    }
    const path = rootPath(hit.path);
    return this.#outcome(files.open(path, true), 'cache', tried, null) ?? null;
  }

  #defaults(requester: LoadedObject, name: string, tried: Attempt[] | null): Found {
    if (noDefaultLibraries(requester)) {
      tried?.push(
        skipped(name, 'default', `default directories are left out: ${requester.path} is DF_1_NODEFLIB`),
      );
      return null;
    }
    return this.#directories(this.context.profile.compiled().defaultDirectories, 'default', name, tried);
  }

  /** open_path: each directory's variants first, then the directory; the last error of a directory may end the list. */
  #directories(path: SearchPath, via: Via, name: string, tried: Attempt[] | null): Found {
    const { files, profile } = this.context;
    for (const directory of path) {
      if (!files.isDirectory(directory)) {
        tried?.push(attempt(`${directory}${name}`, via, 'absent', 'no such directory'));
        continue;
      }
      let last: Judgement | null = null;
      for (const below of this.#subdirectoriesOf(directory)) {
        const record = files.open(rootPath(`${directory}${below}${name}`), false);
        last = judge(record, profile);
        const found = this.#outcome(record, via, tried, last);
        if (found !== null) return found;
      }
      if (last?.action === 'end') return null;
    }
    return null;
  }

  #outcome(record: FileRecord, via: Via, tried: Attempt[] | null, known: Judgement | null): Found {
    const judgement = known ?? judge(record, this.context.profile);
    tried?.push(attempt(record.path, via, judgement.verdict, judgement.why));
    if (judgement.action === 'load') {
      return this.#mayLoad === null || this.#mayLoad(record) ? { record, via, fault: null } : null;
    }
    return judgement.action === 'fatal' ? { record, via, fault: judgement.why ?? 'unusable' } : null;
  }

  /** Subdirectories of a directory in the order tried, the directory itself last. */
  #subdirectoriesOf(directory: string): readonly string[] {
    const known = this.#subdirectories.get(directory);
    if (known !== undefined) return known;
    const { files, cpu, profile } = this.context;
    const below: string[] = [];
    if (files.isDirectory(`${directory}glibc-hwcaps`)) {
      this.sawVariants = true;
      below.push(...cpu.levels.map((level) => `glibc-hwcaps/${level}/`));
    }
    below.push(...legacySubdirectories(profile, cpu, (name) => files.isDirectory(directory + name)));
    const all = [...below.filter((name) => files.isDirectory(directory + name)), ''];
    this.#subdirectories.set(directory, all);
    return all;
  }
}

function noDefaultLibraries(object: LoadedObject): boolean {
  return ((object.image?.flags1 ?? 0) & DF_1_NODEFLIB) !== 0;
}

function skipped(name: string, via: Via, why: string): Attempt {
  return attempt(name, via, 'skipped', why);
}

function attempt(path: string, via: Via, verdict: Attempt['verdict'], why: string | null): Attempt {
  return { path: path as RootPath, via, verdict, why };
}
