import { VER_FLG_BASE } from './constants.ts';
import type { DynamicFile } from './dynamic-file.ts';
import { eachVerdef, eachVerneed } from './versions.ts';

/** What an index of DT_VERSYM stands for. */
export interface VersionName {
  readonly name: string;
  /** Bit 15 of vna_other: the reference takes no definition that has no version. */
  readonly hidden: boolean;
}

/**
 * Names by the index that DT_VERSYM uses: versions wanted (vna_other), then those defined (vd_ndx), the base
 * version left out, as elf/dl-version.c: _dl_check_map_versions fills l_versions.
 * @returns null for a file without any version
 * @throws RootfsError ERR_MALFORMED_ELF: a record beyond the file or an endless list
 */
export function readVersionNames(file: DynamicFile): ReadonlyMap<number, VersionName> | null {
  const { verneed, verdef } = file.table;
  if (verneed < 0 && verdef < 0) return null;
  const names = new Map<number, VersionName>();
  if (verneed >= 0) {
    eachVerneed(file.versionTable(verneed, 'DT_VERNEED'), ({ version }, other) => {
      names.set(other & 0x7fff, { name: version, hidden: (other & 0x8000) !== 0 });
    });
  }
  if (verdef >= 0) {
    eachVerdef(file.versionTable(verdef, 'DT_VERDEF'), (name, flags, index) => {
      if ((flags & VER_FLG_BASE) === 0) names.set(index & 0x7fff, { name, hidden: false });
    });
  }
  return names;
}
