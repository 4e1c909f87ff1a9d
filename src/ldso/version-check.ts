import type { FileRecord } from './files.ts';
import type { LoadedObject, MissingVersion } from './object.ts';

/** Wanted versions of one file, grouped by the library they are wanted of. */
interface Wanted {
  readonly file: string;
  readonly versions: readonly string[];
}

/** The version that a library with DT_RELR must ask libc for (glibc 2.36, elf/dl-version.c). */
const RELR_VERSION = 'GLIBC_ABI_DT_RELR';

/** What is told where it did not ask: no library lacks anything. */
const RELR_UNASKED = `${RELR_VERSION} (DT_RELR without asking for it)`;

const wantedOf = new WeakMap<FileRecord, readonly Wanted[]>();
const definedBy = new WeakMap<FileRecord, ReadonlySet<string>>();
/** Providers that were found to define all that a record wants. */
const satisfied = new WeakMap<FileRecord, Set<FileRecord>>();

/**
 * Versions that the chosen libraries do not define (elf/dl-version.c: _dl_check_map_versions). A weak one, and any
 * of a library without DT_VERDEF, is only a warning there; the search never goes on for a better file.
 */
export function missingVersions(objects: readonly LoadedObject[], find: Find): readonly MissingVersion[] {
  return objects.flatMap((requester) => [...lacked(requester, find), ...unasked(requester, find)]);
}

type Find = (name: string) => LoadedObject | undefined;

function lacked(requester: LoadedObject, find: Find): readonly MissingVersion[] {
  const missing: MissingVersion[] = [];
  for (const { file, versions } of wanted(requester.record)) {
    const provider = find(file);
    if (provider === undefined || isSatisfied(requester.record, provider.record)) continue;
    const lacking = lackingVersions(provider.record, versions);
    for (const version of lacking) missing.push({ requester, provider, file, version });
    if (lacking.length === 0) remember(requester.record, provider.record);
  }
  return missing;
}

/** DT_RELR without its marker, told as a version of the libc that had to be asked. */
function unasked(requester: LoadedObject, find: Find): readonly MissingVersion[] {
  const file = unaskedLibc(requester.record);
  const provider = file === undefined ? undefined : find(file);
  if (file === undefined || provider === undefined) return [];
  return [{ requester, provider, file, version: RELR_UNASKED }];
}

/**
 * Files that versions are wanted of and that nothing loads, found or not: DT_VERNEED without its DT_NEEDED, as some
 * tools leave it. The loader ends with a failed assertion.
 */
export function unloadedProviders(
  objects: readonly LoadedObject[],
  isKnown: (name: string) => boolean,
): readonly { readonly requester: LoadedObject; readonly file: string }[] {
  return objects.flatMap((requester) =>
    wanted(requester.record)
      .filter(({ file }) => !isKnown(file))
      .map(({ file }) => ({ requester, file })),
  );
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
  const all = [...byFile].map(([file, versions]) => ({ file, versions }));
  wantedOf.set(record, all);
  return all;
}

/** The libc that a file with DT_RELR had to ask for the marker and did not; undefined where all is well. */
function unaskedLibc({ image }: FileRecord): string | undefined {
  // Only a file that has version needs at all, of whatever library, is held to it.
  if (image === null || !image.relr || image.verneed.length === 0) return undefined;
  if (image.verneed.some(({ version }) => version === RELR_VERSION)) return undefined;
  return image.needed.find((name) => name.startsWith('libc.so.'));
}

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
