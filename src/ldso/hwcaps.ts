import { EM_386, EM_PPC64, EM_S390, EM_X86_64 } from '../elf/constants.ts';
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
  if (!knowsLegacy(profile)) return [];
  const subdirectories: string[] = [];
  for (let bits = 2 ** names.length - 1; bits > 0; bits--) {
    const chosen = names.filter((_name, i) => (bits & (1 << i)) !== 0);
    subdirectories.push(`${chosen.reverse().join('/')}/`);
  }
  return [...new Set(subdirectories)];
}

function knowsLegacy(profile: Profile): boolean {
  const { release } = profile.compiled();
  return release !== null && release[0] === 2 && release[1] <= LAST_LEGACY;
}

/** Bits of the hwcap field of a cache entry, in its low word and its high one (sysdeps/x86/dl-hwcap.h). */
const CAPABILITY_BITS: Readonly<Record<string, readonly string[]>> = {
  [`${EM_X86_64} 64`]: ['', 'x86_64', 'avx512_1'],
  [`${EM_386} 32`]: ['sse2'],
};
const PLATFORM_BITS: Readonly<Record<string, readonly string[]>> = {
  [`${EM_X86_64} 64`]: ['i586', 'i686', 'haswell', 'xeon_phi'],
  [`${EM_386} 32`]: ['i586', 'i686'],
};
const FIRST_PLATFORM = 16;
const TLS = 0x8000_0000;

/**
 * Whether a loader up to glibc 2.36 takes a cache entry of a legacy subdirectory (elf/dl-cache.c: search_cache):
 * the processor has every capability in the field, and the platform is its own.
 * @returns a test of the field's low and high word
 */
export function legacyEntries(profile: Profile, cpu: Cpu): (low: number, high: number) => boolean {
  const abi = `${profile.machine} ${profile.class}`;
  const bitsOf = (known: readonly string[] = [], has: readonly (string | null)[]): number =>
    known.reduce((bits, name, i) => (has.includes(name) ? bits | (1 << i) : bits), 0);
  const capable = bitsOf(CAPABILITY_BITS[abi], cpu.capabilities ?? ALWAYS[abi] ?? []);
  const platforms = PLATFORM_BITS[abi] ?? [];
  const mask = ((1 << platforms.length) - 1) << FIRST_PLATFORM;
  const own = bitsOf(platforms, [cpu.platform ?? profile.platform]) << FIRST_PLATFORM;
  return (low, high) => {
    const known = (low & ~capable) === 0 && (high & ~(mask | TLS)) === 0;
    const platform = high & mask;
    return known && (platform === 0 || platform === own) && knowsLegacy(profile);
  };
}
