import { basename, dirname } from 'node:path/posix';
import { encodeName } from '../bytes.ts';
import { type SymbolName, symbolName } from '../elf/symbol-hash.ts';
import { readSymbols, type SymbolTable } from '../elf/symbols.ts';
import { isRootfsError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { rootPath } from '../sysroot/sysroot.ts';
import { architectureOf } from './architectures.ts';
import type { FileRecord, Files } from './files.ts';
import { type LinkMap, LoadedObject, type MissingObject } from './object.ts';
import type { Profile } from './profile.ts';
import { asDirectory, type SearchPath } from './search-path.ts';
import { readText } from './text.ts';
import type { Attempt, Via } from './types.ts';

/** What one start under musl's loader is given. */
export interface MuslStart {
  readonly files: Files;
  readonly profile: Profile;
  /** LD_LIBRARY_PATH as given; '' for none. */
  readonly libraryPath: string;
  readonly preload: readonly string[];
  /** Names that the program asks for while it runs: unlike a preload, its own paths serve them. */
  readonly dlopen?: readonly string[];
  readonly attempts: boolean;
}

type Found = { readonly record: FileRecord; readonly via: Via } | null;

/** Names that are the loader itself, whatever follows the dot (ldso/dynlink.c: load_library, reserved). */
const RESERVED = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./;

/** Only the name counts: what follows it is part of the path. */
const ORIGIN = /\$(?:ORIGIN|\{ORIGIN\})/g;

const NAME_MAX = 255;
/** Bytes of a path that a search can build; a longer one is passed over (load_library: buf). */
const PATH_BUFFER = 2 * NAME_MAX + 1;

/** musl's link map of a program (ldso/dynlink.c: load_deps, load_library): other rules than glibc's throughout. */
export function muslLinkMap(program: LoadedObject, start: MuslStart): LinkMap {
  return new MuslWalk(program, start).run();
}

class MuslWalk {
  readonly #program: LoadedObject;
  readonly #start: MuslStart;
  readonly #loader: LoadedObject;
  readonly #objects: LoadedObject[];
  /** The one bare name of each object that a search found: SONAME plays no part, nor a second name. */
  readonly #shortNames = new Map<string, LoadedObject>();
  readonly #named = new Set<LoadedObject>();
  readonly #missing: MissingObject[] = [];
  readonly #systemPath: () => SearchPath;

  constructor(program: LoadedObject, start: MuslStart) {
    this.#program = program;
    this.#start = start;
    this.#objects = [program];
    const loader = start.files.open(start.profile.interpreter, true);
    this.#loader = start.files.same(loader, program.record)
      ? program
      : new LoadedObject(loader, 'interpreter', null);
    let path: SearchPath | null = null;
    this.#systemPath = () => (path ??= systemPath(start));
  }

  run(): LinkMap {
    for (const name of this.#start.preload) this.#request(this.#program, name, 'preload');
    for (let i = 0; i < this.#objects.length && i <= LIMITS.linkMapObjects; i++) {
      const object = this.#objects[i] as LoadedObject;
      if (object === this.#loader && object !== this.#program) continue;
      for (const name of object.image?.needed ?? []) this.#request(object, name, null);
    }
    for (const name of this.#start.dlopen ?? []) this.#request(this.#program, name, null);
    if (!this.#objects.includes(this.#loader)) this.#objects.push(this.#loader);
    return { objects: this.#objects, missing: this.#missing, missingVersions: [] };
  }

  #request(requester: LoadedObject, name: string, as: Via | null): void {
    const tried: Attempt[] = [];
    const known = this.#known(name);
    const found = known === null ? this.#find(requester, name, as, tried) : null;
    const object =
      known ?? (found === null ? null : this.#enter(found.record, as === 'preload' ? null : requester, name));
    const via = known === null ? (as ?? found?.via ?? null) : 'soname';
    if (object !== null && !this.#start.attempts) tried.length = 0;
    const binding = { name, path: object?.path ?? null, via, tried };
    requester.bindings.push(binding);
    if (object === null && as === null) this.#missing.push({ requester, name, binding });
  }

  /** The loader under its reserved names, or an object under the bare name it was found by. */
  #known(name: string): LoadedObject | null {
    const reserved = RESERVED.test(name) || name === this.#start.profile.interpreter;
    return reserved ? this.#loaderAsLibrary() : (this.#shortNames.get(name) ?? null);
  }

  #find(requester: LoadedObject, name: string, as: Via | null, tried: Attempt[]): Found {
    if (name === '') return null;
    if (name.includes('/')) return this.#open(rootPath(name), 'direct', tried).found;
    if (encodeName(name).length > NAME_MAX) return null;
    const steps: readonly (readonly [Via, () => SearchPath])[] = [
      ['library-path', () => splitPath(this.#start.libraryPath)],
      // A preload has nobody who needs it.
      ...(as === 'preload' ? [] : this.#runpaths(requester)),
      ['default', this.#systemPath],
    ];
    for (const [via, directories] of steps) {
      for (const directory of directories()) {
        const path = rootPath(directory + name);
        if (encodeName(path).length > PATH_BUFFER) continue;
        const { found, stop } = this.#open(path, via, tried);
        if (found !== null || stop) return found;
      }
    }
    return null;
  }

  /** RPATH or RUNPATH of the requester and of everything that led to it: both are inherited. */
  #runpaths(requester: LoadedObject): (readonly [Via, () => SearchPath])[] {
    const steps: (readonly [Via, () => SearchPath])[] = [];
    for (let object: LoadedObject | null = requester; object !== null; object = object.loader) {
      const { runpath, rpath } = object.image ?? { runpath: null, rpath: null };
      const text = runpath ?? rpath;
      if (text === null) continue;
      const from = object;
      steps.push([runpath === null ? 'rpath' : 'runpath', () => (from.runpath ??= this.#expand(from, text))]);
    }
    return steps;
  }

  /** fixup_rpath: `$ORIGIN` alone is known; any other `$` voids the object's whole path. */
  #expand(object: LoadedObject, text: string): SearchPath {
    if (!text.includes('$')) return splitPath(text);
    if (text.replace(ORIGIN, '').includes('$')) return [];
    const started = object === this.#program && object.kind === 'executable';
    // AT_SECURE: where the program lies is the caller's choice.
    if (started && object.secure()) return [];
    const real = started ? this.#start.files.sysroot.realpath(object.path) : object.path;
    const path = typeof real === 'string' ? object.path : real.path;
    return splitPath(text.replace(ORIGIN, () => dirname(path).replace(/\/$/, '')));
  }

  /** The first file that opens is taken, whatever it is; errors other than absence end the search. */
  #open(path: ReturnType<typeof rootPath>, via: Via, tried: Attempt[]): { found: Found; stop: boolean } {
    const record = this.#start.files.open(path, false);
    if (record.failure !== null) {
      const absent = ['ENOENT', 'ENOTDIR', 'EACCES', 'ENAMETOOLONG'].includes(record.failure);
      const verdict = record.failure === 'EACCES' ? 'unreadable' : absent ? 'absent' : 'unusable';
      tried.push({ path, via, verdict, why: record.failure === 'ENOENT' ? null : record.failure });
      return { found: null, stop: !absent };
    }
    const why = unusable(record, this.#start.profile);
    if (why === null) return { found: { record, via }, stop: true };
    const verdict = record.header === null ? 'not-elf' : 'unusable';
    tried.push({ path, via, verdict, why });
    return { found: null, stop: true };
  }

  /** @param neededBy null for a preload: the program's paths do not serve what it needs either */
  #enter(record: FileRecord, neededBy: LoadedObject | null, name: string): LoadedObject {
    const searched = !name.includes('/');
    const same = this.#objects.find((object) => this.#isSame(object, record));
    if (same !== undefined) {
      if (searched) this.#giveShortName(same);
      return same;
    }
    if (this.#isLibc(record)) return this.#loaderAsLibrary();
    const object = new LoadedObject(record, 'library', neededBy);
    this.#objects.push(object);
    if (searched) this.#giveShortName(object);
    return object;
  }

  /** Device and inode are kept of libraries alone. */
  #isSame(object: LoadedObject, record: FileRecord): boolean {
    if (object.kind !== 'library' || object === this.#program) return false;
    return object.record === record || this.#start.files.same(object.record, record);
  }

  /** An object that has a bare name keeps it; another gets that of the path it was opened by. */
  #giveShortName(object: LoadedObject): void {
    if (this.#named.has(object)) return;
    this.#named.add(object);
    const name = basename(object.path);
    if (!this.#shortNames.has(name)) this.#shortNames.set(name, object);
  }

  /** A libc under another name, musl's own or not, is never mapped: the loader stands for it. */
  #isLibc(record: FileRecord): boolean {
    const { files } = this.#start;
    if (files.same(record, this.#loader.record)) return true;
    const source = files.sysroot.open(record.path);
    if (typeof source === 'string') return false;
    try {
      const symbols = readSymbols(source, record.path);
      return symbols !== null && LIBC_SYMBOLS.every((name) => defines(symbols, name));
    } catch (error) {
      if (isRootfsError(error)) return false;
      throw error;
    } finally {
      source.close();
    }
  }

  #loaderAsLibrary(): LoadedObject {
    if (!this.#objects.includes(this.#loader)) this.#objects.push(this.#loader);
    return this.#loader;
  }
}

/** What tells a libc from a library that only wraps it (ldso/dynlink.c: load_library). */
const LIBC_SYMBOLS: readonly SymbolName[] = ['__libc_start_main', 'stdin'].map(symbolName);

function defines(symbols: SymbolTable, name: SymbolName): boolean {
  return symbols.find(name).some((index) => symbols.isDefined(index));
}

/** Why musl's map_library refuses a file; null where it maps. */
function unusable(record: FileRecord, profile: Profile): string | null {
  const { header } = record;
  if (header === null) return 'Exec format error';
  if (header.class !== profile.class || header.machine !== profile.machine) return 'for another machine';
  if (header.byteOrder !== profile.byteOrder) return 'for another byte order';
  return record.error?.message ?? (record.image?.dynamic === false ? 'no dynamic section' : null);
}

/** Lists split at `:` and newline; empty elements are passed over. */
function splitPath(text: string): SearchPath {
  return text
    .split(/[:\n]/)
    .filter((element) => element !== '')
    .map(asDirectory);
}

/** PREFIX/etc/ld-musl-ARCH.path, where PREFIX is the loader's path less two components; else the built-in list. */
function systemPath({ files, profile }: MuslStart): SearchPath {
  const prefix = dirname(dirname(profile.interpreter)).replace(/\/$/, '');
  const arch = /ld-musl-(.+)\.so\.1$/.exec(profile.interpreter)?.[1];
  const name = arch ?? architectureOf(profile).musl;
  const path = rootPath(`${prefix}/etc/ld-musl-${name}.path`);
  const source = files.sysroot.open(path);
  if (source === 'ENOENT') return splitPath('/lib:/usr/local/lib:/usr/lib');
  if (typeof source !== 'string') source.close();
  return splitPath(readText(files.sysroot, path) ?? '');
}
