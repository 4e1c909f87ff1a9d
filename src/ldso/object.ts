import type { ElfImage } from '../elf/image.ts';
import type { RootPath } from '../sysroot/sysroot.ts';
import type { FileRecord } from './files.ts';
import type { Binding, ObjectKind } from './resolution.ts';
import type { SearchPath } from './search-path.ts';

/** One object of a link map: glibc's struct link_map, as far as it decides what is loaded. */
export class LoadedObject {
  readonly record: FileRecord;
  readonly kind: ObjectKind;
  /** l_loader: the object that first asked for it; null for the program and its interpreter. */
  readonly loader: LoadedObject | null;
  /** Every name that finds it again without a search: requested names, path and SONAME. */
  readonly names: string[] = [];
  readonly bindings: Binding[] = [];
  /** Own directories, worked out when first asked for; see Search. */
  rpath: SearchPath | null = null;
  runpath: SearchPath | null = null;
  /** Whether this object or one that led to it has a DT_RPATH that counts: its searches cannot be shared. */
  readonly climbs: boolean;
  /** Place in the list of loaded objects: where several match a name, the earliest answers. */
  position = 0;
  /** AT_SECURE, asked for only where it can matter; of the program alone. */
  secure: () => boolean = () => false;
  /** l_reserved: entered in the search list; `done`: its own requests are served. */
  listed = false;
  done = false;

  constructor(record: FileRecord, kind: ObjectKind, loader: LoadedObject | null) {
    this.record = record;
    this.kind = kind;
    this.loader = loader;
    const own = record.image !== null && record.image.rpath !== null && record.image.runpath === null;
    this.climbs = own || (loader?.climbs ?? false);
  }

  get path(): RootPath {
    return this.record.path;
  }

  get image(): ElfImage | null {
    return this.record.image;
  }
}

/** One version that the file found for a name does not define. */
export interface MissingVersion {
  readonly requester: LoadedObject;
  readonly provider: LoadedObject;
  readonly file: string;
  readonly version: string;
}

/** A name that was asked for and answered by nothing usable. */
export interface MissingObject {
  readonly requester: LoadedObject;
  readonly name: string;
  readonly binding: Binding;
}

/** What one program would have loaded, in load order: the program first. */
export interface LinkMap {
  readonly objects: readonly LoadedObject[];
  readonly missing: readonly MissingObject[];
  readonly missingVersions: readonly MissingVersion[];
}
