import type { FileRecord } from './files.ts';
import type { LoadedObject, MissingVersion } from './object.ts';

/** Wanted versions of one file, grouped by the library they are wanted of. */
interface Wanted {
  readonly file: string;
  readonly versions: readonly string[];
  /** The provider that was last found to define them all: mostly the same in every program. */
  satisfiedBy: FileRecord | null;
}

/** All that one file wants, worked out once. */
interface Wants {
  readonly all: readonly Wanted[];
  /** The libc that a file with DT_RELR had to ask for the marker and did not; null where all is well. */
  readonly unaskedLibc: string | null;
}

/** What a check of all versions finds. */
export interface VersionFaults {
  readonly missing: readonly MissingVersion[];
  /**
   * Files that versions are wanted of and that no loaded object answers for: they are missing themselves, or there
   * is a DT_VERNEED without its DT_NEEDED, as some tools leave it.
   */
  readonly unloaded: readonly { readonly requester: LoadedObject; readonly file: string }[];
}

/** The version that a library with DT_RELR must ask libc for (glibc 2.36, elf/dl-version.c). */
const RELR_VERSION = 'GLIBC_ABI_DT_RELR';

/** What is told where it did not ask: no library lacks anything. */
const RELR_UNASKED = `${RELR_VERSION} (DT_RELR without asking for it)`;

const wantsOf = new WeakMap<FileRecord, Wants>();
const definedBy = new WeakMap<FileRecord, ReadonlySet<string>>();

/**
 * Looks for every version wanted in the libraries chosen (elf/dl-version.c: _dl_check_map_versions). A weak one, and
 * any of a library without DT_VERDEF, is only a warning there; the search never goes on for a better file.
 */
export function checkVersions(
  objects: readonly LoadedObject[],
  find: (name: string) => LoadedObject | undefined,
): VersionFaults {
  const missing: MissingVersion[] = [];
  const unloaded: { requester: LoadedObject; file: string }[] = [];
  for (const requester of objects) {
    const { all, unaskedLibc } = wants(requester.record);
    for (const wanted of all) {
      const provider = find(wanted.file);
      if (provider === undefined) unloaded.push({ requester, file: wanted.file });
      else if (wanted.satisfiedBy !== provider.record) compare(requester, provider, wanted, missing);
    }
    const libc = unaskedLibc === null ? undefined : find(unaskedLibc);
    if (unaskedLibc !== null && libc !== undefined) {
      missing.push({ requester, provider: libc, file: unaskedLibc, version: RELR_UNASKED });
    }
  }
  return { missing, unloaded };
}

/** Notes what a provider lacks, or that it lacks nothing. */
function compare(
  requester: LoadedObject,
  provider: LoadedObject,
  wanted: Wanted,
  missing: MissingVersion[],
): void {
  const lacking = lackingVersions(provider.record, wanted.versions);
  if (lacking.length === 0) wanted.satisfiedBy = provider.record;
  for (const version of lacking) missing.push({ requester, provider, file: wanted.file, version });
}

function wants(record: FileRecord): Wants {
  const known = wantsOf.get(record);
  if (known !== undefined) return known;
  const byFile = new Map<string, string[]>();
  for (const { file, version, weak } of record.image?.verneed ?? []) {
    const versions = byFile.get(file) ?? [];
    if (!byFile.has(file)) byFile.set(file, versions);
    if (!weak) versions.push(version);
  }
  const all = [...byFile].map(([file, versions]) => ({ file, versions, satisfiedBy: null }));
  const made = { all, unaskedLibc: unaskedLibc(record) };
  wantsOf.set(record, made);
  return made;
}

function unaskedLibc({ image }: FileRecord): string | null {
  // Only a file that has version needs at all, of whatever library, is held to it.
  if (image === null || !image.relr || image.verneed.length === 0) return null;
  if (image.verneed.some(({ version }) => version === RELR_VERSION)) return null;
  return image.needed.find((name) => name.startsWith('libc.so.')) ?? null;
}

function lackingVersions(provider: FileRecord, versions: readonly string[]): readonly string[] {
  const verdef = provider.image?.verdef ?? null;
  if (verdef === null) return [];
  const defined = definedBy.get(provider) ?? new Set(verdef);
  definedBy.set(provider, defined);
  return versions.filter((version) => !defined.has(version));
}
