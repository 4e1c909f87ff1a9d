import type { FileRecord } from './files.ts';
import type { LoadedObject, MissingVersion } from './object.ts';

/** Wanted versions of one file, grouped by the library they are wanted of. */
interface Wanted {
  readonly file: string;
  readonly versions: readonly string[];
}

/** The version that a library with DT_RELR must ask libc for (glibc 2.36, elf/dl-version.c). */
const RELR_VERSION = 'GLIBC_ABI_DT_RELR';

const wantedOf = new WeakMap<FileRecord, readonly Wanted[]>();
const definedBy = new WeakMap<FileRecord, ReadonlySet<string>>();
/** Providers that were found to define all that a record wants. */
const satisfied = new WeakMap<FileRecord, Set<FileRecord>>();

/**
 * Versions that the chosen libraries do not define (elf/dl-version.c: _dl_check_map_versions). A weak one, and any
 * of a library without DT_VERDEF, is only a warning there; the search never goes on for a better file.
 */
export function missingVersions(
  objects: readonly LoadedObject[],
  find: (name: string) => LoadedObject | undefined,
): readonly MissingVersion[] {
  const missing: MissingVersion[] = [];
  for (const requester of objects) {
    for (const { file, versions } of wanted(requester.record)) {
      const provider = find(file);
      if (provider === undefined || isSatisfied(requester.record, provider.record)) continue;
      const lacking = lackingVersions(provider.record, versions);
      for (const version of lacking) missing.push({ requester, provider, file, version });
      if (lacking.length === 0) remember(requester.record, provider.record);
    }
  }
  return missing;
}

function wanted(record: FileRecord): readonly Wanted[] {
  const known = wantedOf.get(record);
  if (known !== undefined) return known;
  const byFile = new Map<string, string[]>();
  for (const { file, version, weak } of record.image?.verneed ?? []) {
    const versions = byFile.get(file) ?? [];
    if (!byFile.has(file)) byFile.set(file, versions);
    if (!weak) versions.push(version);
  }
  if (record.image?.relr === true) {
    // Only a file that has version needs of libc at all is held to the marker.
    for (const [file, versions] of byFile) {
      if (file.startsWith('libc.so.') && !versions.includes(RELR_VERSION)) versions.push(RELR_MISSING);
    }
  }
  const all = [...byFile].map(([file, versions]) => ({ file, versions }));
  wantedOf.set(record, all);
  return all;
}

/** A name that no library defines: the file lacks the demand itself. */
const RELR_MISSING = `${RELR_VERSION} (DT_RELR without asking for it)`;

function lackingVersions(provider: FileRecord, versions: readonly string[]): readonly string[] {
  const verdef = provider.image?.verdef ?? null;
  if (verdef === null) return [];
  const defined = definedBy.get(provider) ?? new Set(verdef);
  definedBy.set(provider, defined);
  return versions.filter((version) => !defined.has(version));
}

function isSatisfied(requester: FileRecord, provider: FileRecord): boolean {
  return satisfied.get(requester)?.has(provider) ?? false;
}

function remember(requester: FileRecord, provider: FileRecord): void {
  const known = satisfied.get(requester);
  if (known === undefined) satisfied.set(requester, new Set([provider]));
  else known.add(provider);
}
