import { LIMITS } from '../limits.ts';
import { rootPath } from '../sysroot/sysroot.ts';
import { kernelObject } from './architectures.ts';
import type { FileRecord } from './files.ts';
import { Names } from './names.ts';
import { type LinkMap, LoadedObject, type MissingObject } from './object.ts';
import type { Binding } from './resolution.ts';
import type { Found, Search } from './search.ts';
import { expandTokens, hasToken } from './tokens.ts';
import type { Attempt, Via } from './types.ts';
import { checkVersions, type VersionFaults } from './version-check.ts';

/** What one program start is given besides the search rules. */
export interface StartOptions {
  /** Names of LD_PRELOAD and /etc/ld.so.preload, in order. */
  readonly preload: readonly string[];
  /** Keep the candidates passed over for every binding. */
  readonly attempts: boolean;
}

/**
 * How often filters move objects forward that are listed already. Those that name each other do so for ever, until
 * the real loader has no memory left.
 */
const MOST_MOVES = 1024;

/** glibc's link map of a program: breadth-first, as _dl_map_object_deps walks (elf/dl-deps.c). */
export function glibcLinkMap(program: LoadedObject, search: Search, options: StartOptions): LinkMap {
  return new Walk(program, program, search, options).run();
}

/**
 * The link map of an audit library: a namespace of its own, in which only the interpreter is shared and the
 * program's paths still serve (elf/rtld.c: load_audit_modules).
 */
export function auditLinkMap(root: LoadedObject, program: LoadedObject, search: Search): LinkMap {
  return new Walk(root, program, search, { preload: [], attempts: false }).run();
}

class Walk {
  /** Head of the namespace, and the executable whose paths serve every search: the same but for audit libraries. */
  readonly #root: LoadedObject;
  readonly #program: LoadedObject;
  readonly #search: Search;
  readonly #options: StartOptions;
  readonly #names = new Names();
  /** Loaded objects in the order of l_next, the interpreter left out: what a trace prints. */
  #chain: LoadedObject[] = [];
  /** The search list: the program, then breadth-first; filtees stand before their filters. */
  readonly #list: LoadedObject[] = [];
  /** What may be one inode, by fingerprint: the chain but for the executable. */
  readonly #alike = new Map<number, LoadedObject[]>();
  readonly #interpreter: LoadedObject;
  readonly #kernelObject: string;
  readonly #missing: MissingObject[] = [];
  #moves = 0;

  constructor(root: LoadedObject, program: LoadedObject, search: Search, options: StartOptions) {
    this.#root = root;
    this.#program = program;
    this.#search = search;
    this.#options = options;
    const { files, profile } = search.context;
    this.#kernelObject = kernelObject(profile);
    const loader = files.open(profile.interpreter, true);
    this.#interpreter = files.same(loader, root.record)
      ? root
      : new LoadedObject(loader, 'interpreter', null);
  }

  run(): LinkMap {
    this.#enterProgram();
    for (const name of this.#options.preload) this.#preload(name);
    for (let at = 0; at < this.#list.length && this.#list.length <= LIMITS.linkMapObjects; ) {
      const object = this.#list[at] as LoadedObject;
      if (object.done) {
        at++;
      } else {
        object.done = true;
        if (this.#moves > MOST_MOVES) {
          this.#refuse(object, object.path, 'filters that name each other in a circle');
          break;
        }
        this.#serve(object, at);
      }
    }
    const objects = this.#inLoadOrder();
    const { missing, unloaded } = checkVersions(objects, (name) => this.#names.get(name));
    this.#lackProviders(unloaded);
    return { objects, missing: this.#missing, missingVersions: missing };
  }

  /** The loader ends with a failed assertion where versions are wanted of what nothing loads. */
  #lackProviders(unloaded: VersionFaults['unloaded']): void {
    if (unloaded.length === 0) return;
    const missing = new Set(this.#missing.map(({ name }) => name));
    for (const { requester, file } of unloaded) {
      if (missing.has(file) || file === this.#kernelObject) continue;
      this.#refuse(requester, file, 'versions of it are wanted, and no DT_NEEDED loads it');
    }
  }

  /** The program and the running loader are there before anything is searched (elf/rtld.c). */
  #enterProgram(): void {
    const root = this.#root;
    this.#chain.push(root);
    this.#list.push(root);
    if (root.kind !== 'executable') this.#recordFile(root);
    root.listed = true;
    // The program's own l_name is the empty string.
    this.#names.add(root.kind === 'executable' ? '' : root.path, root);
    if (root.image?.soname != null) this.#names.add(root.image.soname, root);
    const loader = this.#interpreter;
    if (loader === root) return;
    loader.position = 1;
    // Its file name alone does not find it, unless that is its SONAME too.
    this.#names.add(this.#search.context.profile.interpreter, loader);
    if (loader.image?.soname != null) this.#names.add(loader.image.soname, loader);
  }

  /** A preload that cannot be loaded is reported by the loader and passed over, one that is there already too. */
  #preload(name: string): void {
    if (this.#names.get(name) !== undefined) return;
    const tried: Attempt[] = [];
    const object = this.#map(this.#program, name, 'preload', tried);
    const via = object === null ? null : 'preload';
    this.#program.bindings.push({ name, path: object?.path ?? null, via, tried });
    if (object !== null) this.#append(object);
  }

  /** Serves every DT_NEEDED, DT_FILTER and DT_AUXILIARY of one object, in table order. */
  #serve(object: LoadedObject, at: number): void {
    let place = at;
    for (const { tag, name: raw } of object.image?.requests ?? []) {
      const name = this.#nameOf(object, raw);
      const found = name === null ? null : this.#request(object, name, tag === 'AUXILIARY');
      if (found === null) continue;
      if (tag === 'NEEDED') this.#append(found);
      else if (this.#insertBefore(found, place)) place++;
    }
  }

  /** What to look for; null for the kernel's own object, and where a token stands in the way. */
  #nameOf(object: LoadedObject, raw: string): string | null {
    if (!hasToken(raw)) return raw === this.#kernelObject ? null : raw;
    // A token without a value: the entry is passed over (elf/dl-deps.c: expand_dst).
    if (!this.#program.secure()) return expandTokens(raw, this.#search.tokens(object));
    this.#refuse(object, raw, 'DST not allowed in SUID/SGID programs');
    return null;
  }

  /** Notes a name that ends the program before anything is searched. */
  #refuse(requester: LoadedObject, name: string, why: string): void {
    const tried: Attempt[] = [{ path: rootPath(name), via: 'direct', verdict: 'unusable', why }];
    const binding: Binding = { name, path: null, via: null, tried };
    requester.bindings.push(binding);
    this.#missing.push({ requester, name, binding });
  }

  /** Finds or loads what an object asks for, and notes the binding; null where that fails. */
  #request(requester: LoadedObject, name: string, optional: boolean): LoadedObject | null {
    const loaded = this.#names.get(name);
    if (loaded !== undefined) {
      requester.bindings.push({ name, path: loaded.path, via: 'soname', tried: [] });
      return loaded;
    }
    const tried: Attempt[] = [];
    const object = this.#map(requester, name, null, tried);
    const binding: Binding = {
      name,
      path: object?.path ?? null,
      via: object === null ? null : this.#lastVia,
      tried,
    };
    requester.bindings.push(binding);
    if (object === null && !optional) this.#missing.push({ requester, name, binding });
    return object;
  }

  #lastVia: Via = 'direct';

  /** _dl_map_object: by name among the loaded ones, else by a search, else the same file under another name. */
  #map(requester: LoadedObject, name: string, as: Via | null, tried: Attempt[]): LoadedObject | null {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const recorder = this.#options.attempts ? tried : null;
    let found = this.#find(requester, name, as, recorder);
    if (found === null || found.fault !== null) {
      // A miss is explained in full, whether or not that was asked for.
      if (recorder === null) found = this.#find(requester, name, as, tried);
      return null;
    }
    if (recorder !== null) tried.pop();
    this.#lastVia = as ?? found.via;
    return this.#enter(found.record, requester, name);
  }

  #find(requester: LoadedObject, name: string, as: Via | null, tried: Attempt[] | null): Found {
    if (!name.includes('/')) {
      return as === 'preload'
        ? this.#search.findPreload(requester, name, tried)
        : this.#search.find(requester, this.#program, name, tried);
    }
    return this.#search.direct(requester, name, tried);
  }

  #enter(record: FileRecord, requester: LoadedObject, name: string): LoadedObject {
    const loaded = this.#sameFile(record);
    if (loaded !== null) {
      this.#names.add(name, loaded);
      return loaded;
    }
    const object = new LoadedObject(record, 'library', requester);
    object.position = this.#chain.push(object) + 1;
    this.#recordFile(object);
    this.#names.add(record.path, object);
    this.#names.add(name, object);
    if (record.image?.soname != null) this.#names.add(record.image.soname, object);
    return object;
  }

  /**
   * The loaded object that is the same inode. Those of the program and of the running loader are not recorded: a
   * second name of either is another object.
   */
  #sameFile(record: FileRecord): LoadedObject | null {
    const fingerprint = record.image?.fingerprint;
    const alike = fingerprint === undefined ? undefined : this.#alike.get(fingerprint);
    if (alike === undefined) return null;
    const { files } = this.#search.context;
    for (const object of alike) {
      if (object.record === record || files.same(object.record, record)) return object;
    }
    return null;
  }

  #recordFile(object: LoadedObject): void {
    if (object.image === null) return;
    const alike = this.#alike.get(object.image.fingerprint);
    if (alike === undefined) this.#alike.set(object.image.fingerprint, [object]);
    else alike.push(object);
  }

  #append(object: LoadedObject): void {
    if (object.listed) return;
    object.listed = true;
    this.#list.push(object);
  }

  /**
   * Puts a filtee just before its filter, which stands at `place`, and has it served next. One that stands later
   * moves forward, one that stands earlier stays.
   * @returns whether the filter moved back one place
   */
  #insertBefore(object: LoadedObject, place: number): boolean {
    if (object.listed) {
      const at = this.#list.indexOf(object, place + 1);
      if (at < 0) return false;
      this.#list.splice(at, 1);
      this.#moves++;
    }
    object.listed = true;
    object.done = false;
    const filter = this.#list[place] as LoadedObject;
    this.#list.splice(place, 0, object);
    if (object !== this.#interpreter) this.#moveBefore(object, filter);
    return true;
  }

  #moveBefore(object: LoadedObject, before: LoadedObject): void {
    this.#chain = this.#chain.filter((other) => other !== object);
    // The program stays first, even before a filtee of its own.
    this.#chain.splice(Math.max(this.#chain.indexOf(before), 1), 0, object);
    // Places 0 and 1 belong to the program and the interpreter.
    for (const [i, other] of this.#chain.entries()) other.position = other === this.#root ? 0 : i + 2;
    this.#names.reorder([...this.#chain, this.#interpreter]);
  }

  /** The chain with the interpreter where the search list has it; at the end where nothing names it. */
  #inLoadOrder(): readonly LoadedObject[] {
    const loader = this.#interpreter;
    if (loader === this.#root) return this.#chain;
    const at = this.#list.indexOf(loader);
    if (at <= 0) return [...this.#chain, loader];
    const before = this.#chain.indexOf(this.#list[at - 1] as LoadedObject);
    return this.#chain.toSpliced(before + 1, 0, loader);
  }
}
