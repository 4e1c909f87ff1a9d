import { readFileSync } from 'node:fs';
import type { Cpu } from '../ldso/hwcaps.ts';
import { BASELINE } from '../ldso/hwcaps.ts';

/**
 * Features of each x86-64 level beyond the one before, as /proc/cpuinfo names them (x86-64 psABI, Micro-Architecture
 * Levels; glibc sysdeps/x86/get-isa-level.h).
 */
const X86_LEVELS: readonly (readonly [name: string, features: readonly string[]])[] = [
  ['x86-64-v2', ['cx16', 'lahf_lm', 'popcnt', 'pni', 'sse4_1', 'sse4_2', 'ssse3']],
  ['x86-64-v3', ['avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'abm', 'movbe']],
  ['x86-64-v4', ['avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl']],
];

/** Features that make glibc replace AT_PLATFORM by `haswell` on Intel processors (sysdeps/x86/cpu-features.c). */
const HASWELL: readonly string[] = ['avx2', 'bmi1', 'bmi2', 'abm', 'movbe', 'popcnt', 'fma'];

/** This machine's processor as glibc's loader sees it; the baseline where /proc/cpuinfo does not tell. */
export function hostCpu(cpuinfo: string = readCpuinfo()): Cpu {
  const flags = new Set(/^flags\s*:\s*(.*)$/m.exec(cpuinfo)?.[1]?.split(' '));
  if (flags.size === 0) return powerOrBaseline(cpuinfo);
  const levels: string[] = [];
  for (const [name, features] of X86_LEVELS) {
    if (!features.every((feature) => flags.has(feature))) break;
    levels.unshift(name);
  }
  const intel = /^vendor_id\s*:\s*GenuineIntel$/m.test(cpuinfo);
  const haswell = intel && HASWELL.every((feature) => flags.has(feature));
  const platform = haswell ? 'haswell' : 'x86_64';
  return intel && levels[0] === 'x86-64-v4'
    ? { levels, platform, capabilities: ['x86_64', 'avx512_1'] }
    : { levels, platform };
}

/** The processors that a policy resolves for: none better than the baseline, this machine's own, or every one. */
export function cpuOf(hwcaps: 'baseline' | 'host' | 'all' = 'all'): Cpu | 'all' {
  if (hwcaps === 'host') return hostCpu();
  return hwcaps === 'baseline' ? BASELINE : 'all';
}

/** POWER says its generation in the `cpu` line. */
function powerOrBaseline(cpuinfo: string): Cpu {
  const generation = /^cpu\s*:\s*POWER(\d+)/m.exec(cpuinfo)?.[1];
  if (generation === undefined) return BASELINE;
  const known = [10, 9].filter((power) => power <= Number(generation));
  return { levels: known.map((power) => `power${power}`), platform: `power${generation}` };
}

function readCpuinfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}
