import { EM_PPC64, EM_S390, EM_X86_64 } from '../elf/constants.ts';
import type { Profile } from './profile.ts';

/** The processor that a link map is made for. The host's own never decides by itself. */
export interface Cpu {
  /** Active glibc-hwcaps names, the best first (dl-hwcaps-subdirs.c of each architecture). */
  readonly levels: readonly string[];
  /** Value of $PLATFORM (AT_PLATFORM, or what glibc puts in its place); null for the architecture's baseline. */
  readonly platform: string | null;
  /** Names of its capabilities that glibc up to 2.36 has subdirectories for, in the order of their AT_HWCAP bits. */
  readonly capabilities?: readonly string[];
}

/** Any processor of the architecture: what a library without variants is built for. */
export const BASELINE: Cpu = { levels: [], platform: null };

/** Names of glibc-hwcaps subdirectories by e_machine, the best first; an architecture not listed has none. */
const LEVELS: Readonly<Record<number, readonly string[]>> = {
  [EM_X86_64]: ['x86-64-v4', 'x86-64-v3', 'x86-64-v2'],
  [EM_PPC64]: ['power10', 'power9'],
  [EM_S390]: ['z17', 'z16', 'z15', 'z14', 'z13'],
};

/** The levels of a machine, the best first. */
export function hwcapsLevels(machine: number, bits: 32 | 64): readonly string[] {
  return bits === 64 ? (LEVELS[machine] ?? []) : [];
}

/** Every processor that sees another set of variants: the baseline, then each level from the lowest up. */
export function hwcapsCpus(machine: number, bits: 32 | 64): readonly Cpu[] {
  const levels = hwcapsLevels(machine, bits);
  return [BASELINE, ...levels.map((_name, i) => ({ levels: levels.slice(i), platform: null })).reverse()];
}

/** glibc 2.37 dropped the subdirectories named after hardware capabilities. */
const LAST_LEGACY = 36;

/** Capabilities that every processor of an architecture has, by e_machine and class. */
const ALWAYS: Readonly<Record<string, readonly string[]>> = { [`${EM_X86_64} 64`]: ['x86_64'] };

/**
 * Legacy subdirectories of glibc up to 2.36: every combination of `tls`, the platform and the capabilities
 * (elf/dl-hwcaps.c: _dl_important_hwcaps). The order is that of a number counted down, `tls` its highest bit.
 * @param exists whether a subdirectory is there: the loader's release is looked up only where one is
 */
export function legacySubdirectories(
  profile: Profile,
  cpu: Cpu,
  exists: (name: string) => boolean,
): readonly string[] {
  const platform = cpu.platform ?? profile.platform;
  const capabilities = cpu.capabilities ?? ALWAYS[`${profile.machine} ${profile.class}`] ?? [];
  const names = [...capabilities, ...(platform === null ? [] : [platform]), 'tls'];
  if (!names.some(exists)) return [];
  const release = profile.compiled().release;
  if (release === null || release[0] > 2 || release[1] > LAST_LEGACY) return [];
  const subdirectories: string[] = [];
  for (let bits = 2 ** names.length - 1; bits > 0; bits--) {
    const chosen = names.filter((_name, i) => (bits & (1 << i)) !== 0);
    subdirectories.push(`${chosen.reverse().join('/')}/`);
  }
  return [...new Set(subdirectories)];
}
