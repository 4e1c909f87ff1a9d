import * as c from '../elf/constants.ts';

/** Layout of ld.so.cache (sysdeps/generic/dl-cache.h). Numbers are in the byte order of the machine. */

export const NEW_MAGIC = 'glibc-ld.so.cache1.1';
export const OLD_MAGIC = 'ld.so-1.7.0';
export const NEW_HEADER = 48;
export const NEW_ENTRY = 24;
export const OLD_HEADER = 16;
export const OLD_ENTRY = 12;
export const EXTENSION_MAGIC = 0xeaa42174;
export const EXTENSION_GENERATOR = 0;
export const EXTENSION_HWCAPS = 1;

/** Low two bits of the flags byte of the header. */
export const ENDIAN_INVALID = 1;
export const ENDIAN_LITTLE = 2;
export const ENDIAN_BIG = 3;

/** Upper half of the hwcap field of a glibc-hwcaps entry; bits 32 to 41 hold the ISA level. */
export const HWCAPS_MARK = 0x4000_0000;
export const HWCAPS_LEVEL_MASK = 0x3ff;

/** Entry flags that a machine's loader accepts, the best last (elf/cache.c, dl-cache.h of each architecture). */
export function cacheFlags(machine: number, bits: 32 | 64, elfFlags: number): readonly number[] {
  switch (machine) {
    case c.EM_X86_64:
      return bits === 64 ? [0x0303] : [0x0803];
    case c.EM_S390:
      return bits === 64 ? [0x0403] : [0x0003];
    case c.EM_PPC64:
      return [0x0503];
    case c.EM_AARCH64:
      return [0x0a03];
    case c.EM_ARM:
      return (elfFlags & ARM_HARD_FLOAT) !== 0 ? [0x0003, 0x0903] : [0x0003, 0x0b03];
    case c.EM_RISCV:
      return (elfFlags & RISCV_FLOAT_ABI) === RISCV_FLOAT_DOUBLE ? [0x1003] : [0x0f03];
    case c.EM_LOONGARCH:
      return (elfFlags & LOONGARCH_FLOAT_ABI) === LOONGARCH_FLOAT_DOUBLE ? [0x1203] : [0x1103];
    case c.EM_MIPS:
      return mipsFlags(bits, elfFlags);
    default:
      return [0x0001, 0x0003];
  }
}

const ARM_HARD_FLOAT = 0x400;
const RISCV_FLOAT_ABI = 6;
const RISCV_FLOAT_DOUBLE = 4;
const LOONGARCH_FLOAT_ABI = 7;
const LOONGARCH_FLOAT_DOUBLE = 3;
const EF_MIPS_ABI2 = 0x20;
const EF_MIPS_NAN2008 = 0x400;

/** FLAG_MIPS_LIB32_NAN2008, FLAG_MIPS64_LIBN32, _LIBN64 and their NaN2008 forms; o32 has no flag of its own. */
function mipsFlags(bits: 32 | 64, elfFlags: number): readonly number[] {
  const nan2008 = (elfFlags & EF_MIPS_NAN2008) !== 0;
  if (bits === 64) return [nan2008 ? 0x0e03 : 0x0703];
  if ((elfFlags & EF_MIPS_ABI2) !== 0) return [nan2008 ? 0x0d03 : 0x0603];
  return [nan2008 ? 0x0c03 : 0x0003];
}

/**
 * Order of the table (elf/dl-cache.c: _dl_cache_libcmp): like strcmp, but runs of digits compare as numbers, so
 * `libx.so.10` comes after `libx.so.9`. The table is sorted by it in falling order.
 */
export function compareNames(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length) {
    const x = a.charCodeAt(i);
    const y = j < b.length ? b.charCodeAt(j) : 0;
    if (!isDigit(x) || !isDigit(y)) {
      if (x !== y) return rank(x) - rank(y);
      i++;
      j++;
      continue;
    }
    const [left, afterLeft] = numberAt(a, i);
    const [right, afterRight] = numberAt(b, j);
    if (left !== right) return left - right;
    i = afterLeft;
    j = afterRight;
  }
  return j < b.length ? -b.charCodeAt(j) : 0;
}

/** A digit comes after every other character. */
function rank(code: number): number {
  return isDigit(code) ? code + 0x1_0000 : code;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** The number at `at`, with the 32-bit wrap-around of the loader's int, and where it ends. */
function numberAt(text: string, at: number): readonly [number, number] {
  let value = 0;
  let end = at;
  for (; end < text.length && isDigit(text.charCodeAt(end)); end++) {
    value = (Math.imul(value, 10) + text.charCodeAt(end) - 0x30) | 0;
  }
  return [value, end];
}
