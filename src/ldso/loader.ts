import { LIMITS } from '../limits.ts';
import { type RootPath, rootPath, type Sysroot } from '../sysroot/sysroot.ts';
import { type LoaderCache, readCache } from './cache.ts';
import { readConf } from './conf.ts';
import { glibcDlopen, muslDlopen } from './dlopen.ts';
import { Files } from './files.ts';
import { BASELINE, type Cpu, hwcapsCpus } from './hwcaps.ts';
import { auditLinkMap, glibcLinkMap } from './link-map.ts';
import { muslLinkMap } from './musl.ts';
import { type LinkMap, LoadedObject } from './object.ts';
import { muslPreloadNames, preloadFile, preloadNames } from './preload.ts';
import type { Profile } from './profile.ts';
import { Profiles } from './profiles.ts';
import type { Binding } from './resolution.ts';
import { Search } from './search.ts';
import { asDirectory, type SearchPath, searchPath } from './search-path.ts';
import { isSecure } from './secure.ts';
import { readBytes } from './text.ts';
import { hasToken } from './tokens.ts';

/** What the process will be given at run time, and how much is to be told of the search. */
export interface LoaderOptions {
  readonly libraryPath?: string;
  readonly preload?: string;
  /** Processors to resolve for: every level that some variant exists for, the baseline, or one given. */
  readonly cpu?: Cpu | 'all';
  /** For one processor, resolve for the baseline too: a rootfs keeps the plain file beside its variant. */
  readonly plainToo?: boolean;
  readonly attempts?: boolean;
}

/** One link map, and the processor that it is for. */
export interface ProgramMap extends LinkMap {
  readonly cpu: Cpu;
  readonly profile: Profile;
  /** What dlopen(3) gives one of its objects for a name. */
  readonly dlopen: (object: LoadedObject, name: string) => Binding;
}

/** An object in one of the link maps that it is in. */
export interface Holder {
  readonly map: ProgramMap;
  readonly object: LoadedObject;
}

/** The dynamic linkers of one sysroot. Files, caches and search results are kept between programs. */
export class Loader {
  readonly files: Files;
  readonly #options: LoaderOptions;
  readonly #profiles: Profiles;
  readonly #searches = new Map<string, Search>();
  readonly #caches = new Map<string, LoaderCache | null>();
  readonly #maps = new Map<RootPath, readonly ProgramMap[]>();
  readonly #holders = new Map<RootPath, Holder[]>();
  /** How many programs of `#maps` are in `#holders`. */
  #indexed = 0;
  #confDirectories: SearchPath | null = null;
  #preloadFile: readonly string[] | null = null;

  constructor(sysroot: Sysroot, options: LoaderOptions = {}) {
    this.files = new Files(sysroot);
    this.#options = options;
    this.#profiles = new Profiles(this.files);
  }

  /**
   * What the loader would load for a dynamic program or shared object, once for each processor that sees another
   * set of files: the baseline (or the processor asked for) first.
   */
  linkMaps(path: RootPath): readonly ProgramMap[] {
    let maps = this.#maps.get(path);
    if (maps === undefined) {
      maps = this.freshLinkMaps(path);
      this.#maps.set(path, maps);
    }
    return maps;
  }

  /** The same, worked out anew and not kept: for who asks once for each of many programs. */
  freshLinkMaps(path: RootPath): readonly ProgramMap[] {
    const record = this.files.open(path, true);
    if (record.image === null) return [];
    const profile = this.#profiles.of(record.image);
    const { cpu = 'all' } = this.#options;
    const first = this.#linkMap(path, profile, cpu === 'all' ? BASELINE : cpu);
    if (!first.sawVariants) return [first.map];
    if (cpu !== 'all') {
      return this.#options.plainToo === true
        ? [first.map, this.#linkMap(path, profile, BASELINE).map]
        : [first.map];
    }
    const others = hwcapsCpus(profile.machine, profile.class).slice(1);
    return [first.map, ...others.map((level) => this.#linkMap(path, profile, level).map)];
  }

  /** Every link map so far that an object is in. */
  holders(path: RootPath): readonly Holder[] {
    for (const map of [...this.#maps.values()].slice(this.#indexed).flat()) {
      for (const object of map.objects) this.#enter(map, object);
    }
    this.#indexed = this.#maps.size;
    return this.#holders.get(path) ?? [];
  }

  /**
   * What dlopen(3) of a name opens where an object calls it: by that object's own paths in each link map so far
   * that it is in, for each of them once.
   */
  dlopen(from: RootPath, name: string): readonly Binding[] {
    const found = new Map<RootPath | null, Binding>();
    for (const { map, object } of this.holders(from)) {
      const binding = map.dlopen(object, name);
      if (!found.has(binding.path)) found.set(binding.path, binding);
    }
    return [...found.values()];
  }

  #enter(map: ProgramMap, object: LoadedObject): void {
    const holders = this.#holders.get(object.path) ?? [];
    holders.push({ map, object });
    this.#holders.set(object.path, holders);
  }

  /** The loader that would start a program, or that a shared object would be loaded by. */
  profile(path: RootPath): Profile | null {
    const { image } = this.files.open(path, true);
    return image === null ? null : this.#profiles.of(image);
  }

  #linkMap(path: RootPath, profile: Profile, cpu: Cpu): { map: ProgramMap; sawVariants: boolean } {
    const record = this.files.open(path, true);
    const kind = record.image?.interpreter === null ? 'library' : 'executable';
    const program = new LoadedObject(record, kind, null);
    program.secure = this.#secure(path);
    const given = this.#options.libraryPath ?? '';
    const libraryPath = given !== '' && program.secure() ? '' : given;
    const attempts = this.#options.attempts ?? false;
    const preload = this.#preload(program, profile);
    if (profile.libc === 'musl') {
      const start = { files: this.files, profile, libraryPath, preload, attempts };
      const map = muslLinkMap(program, start);
      const dlopen = (_: LoadedObject, name: string): Binding => muslDlopen(program, start, name);
      return { map: { ...map, cpu, profile, dlopen }, sawVariants: false };
    }
    const search = this.#search(program, profile, cpu, libraryPath);
    const map = glibcLinkMap(program, search, { preload, attempts });
    const audited = this.#audit(program, search);
    const whole = audited.length === 0 ? map : joined([map, ...audited]);
    const dlopen = (object: LoadedObject, name: string): Binding =>
      glibcDlopen(object, program, whole, search, name);
    return { map: { ...whole, cpu, profile, dlopen }, sawVariants: search.sawVariants };
  }

  #secure(path: RootPath): () => boolean {
    let known: boolean | null = null;
    return () => (known ??= isSecure(this.files.sysroot.stat(path) ?? { mode: 0 }));
  }

  #preload(program: LoadedObject, profile: Profile): readonly string[] {
    const given = this.#options.preload ?? '';
    if (profile.libc === 'musl') return program.secure() ? [] : muslPreloadNames(given);
    let names = preloadNames(given);
    // AT_SECURE: no names with a slash (elf/rtld.c: dso_name_valid_for_suid).
    if (names.length > 0 && program.secure()) names = names.filter((name) => !name.includes('/'));
    this.#preloadFile ??= preloadFile(this.files.sysroot);
    return [...names, ...this.#preloadFile];
  }

  #search(program: LoadedObject, profile: Profile, cpu: Cpu, libraryPath: string): Search {
    // $ORIGIN in LD_LIBRARY_PATH is the program's: such a search serves no other.
    const own = hasToken(libraryPath) ? program.path : '';
    const key = [
      profile.id,
      cpu.levels.join(),
      cpu.platform ?? '',
      cpu.capabilities?.join(),
      libraryPath,
      own,
    ].join('\0');
    let search = this.#searches.get(key);
    if (search === undefined) {
      const cache = this.#cache(profile);
      const base = { files: this.files, profile, cpu, cache, confDirectories: this.#conf(cache) };
      search = new Search({ ...base, libraryPath: [] });
      if (libraryPath !== '') {
        const directories = searchPath(libraryPath, 'library-path', search.tokens(program));
        search = new Search({ ...base, libraryPath: directories });
      }
      this.#searches.set(key, search);
    }
    return search;
  }

  #cache(profile: Profile): LoaderCache | null {
    let cache = this.#caches.get(profile.byteOrder);
    if (cache === undefined) {
      const bytes = readBytes(this.files.sysroot, rootPath('/etc/ld.so.cache'), LIMITS.cacheBytes);
      cache = bytes === null ? null : readCache(bytes, profile.byteOrder);
      this.#caches.set(profile.byteOrder, cache);
    }
    return cache;
  }

  /** A tree without a cache gets one in the rootfs: its ld.so.conf says what that will hold. */
  #conf(cache: LoaderCache | null): SearchPath {
    if (cache !== null) return [];
    this.#confDirectories ??= readConf(this.files.sysroot).map(asDirectory);
    return this.#confDirectories;
  }

  /** Link maps of DT_AUDIT and DT_DEPAUDIT of the program; one that cannot be loaded is passed over. */
  #audit(program: LoadedObject, search: Search): readonly LinkMap[] {
    const names = (program.image?.audit ?? [])
      .flatMap((list) => list.split(':'))
      .filter((name) => name !== '');
    const maps: LinkMap[] = [];
    for (const name of names) {
      const found = name.includes('/')
        ? { record: this.files.open(rootPath(name), false), via: 'direct' as const, fault: null }
        : search.find(program, program, name, null);
      const path =
        found === null || found.fault !== null || found.record.image === null ? null : found.record.path;
      program.bindings.push({ name, path, via: path === null ? null : 'audit', tried: [] });
      if (path === null) continue;
      const root = new LoadedObject(this.files.open(path, true), 'library', null);
      maps.push(auditLinkMap(root, program, search));
    }
    return maps;
  }
}

function joined(maps: readonly LinkMap[]): LinkMap {
  const seen = new Set<RootPath>();
  const objects = maps
    .flatMap((map) => map.objects)
    .filter((object) => !seen.has(object.path) && seen.add(object.path));
  return {
    objects,
    missing: maps.flatMap((map) => map.missing),
    missingVersions: maps.flatMap((map) => map.missingVersions),
  };
}
