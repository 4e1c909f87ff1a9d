import * as c from '../elf/constants.ts';
import type { ElfImage } from '../elf/image.ts';

/** The names that one architecture goes by. */
export interface Architecture {
  /** Path of glibc's loader, as PT_INTERP names it. */
  readonly interpreter: string;
  /** Debian's multiarch triplet. */
  readonly triplet: string;
  /** Where upstream glibc puts libraries: slibdir without its slash. */
  readonly libDirectory: string;
  /** What the kernel gives as AT_PLATFORM on the baseline processor; null where it gives none. */
  readonly platform: string | null;
  /** Architecture part of musl's loader and path file: `/lib/ld-musl-ARCH.so.1`. */
  readonly musl: string;
}

/** e_flags of an ARM program that passes floats in registers (EF_ARM_ABI_FLOAT_HARD). */
const ARM_HARD_FLOAT = 0x400;

const row = (
  interpreter: string,
  triplet: string,
  libDirectory: string,
  platform: string | null,
  musl: string,
): Architecture => ({ interpreter, triplet, libDirectory, platform, musl });

/** By e_machine, class, and where it matters byte order or float ABI. */
const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  [`${c.EM_X86_64} 64`]: row('/lib64/ld-linux-x86-64.so.2', 'x86_64-linux-gnu', 'lib64', 'x86_64', 'x86_64'),
  [`${c.EM_X86_64} 32`]: row('/libx32/ld-linux-x32.so.2', 'x86_64-linux-gnux32', 'libx32', 'x86_64', 'x32'),
  [`${c.EM_386} 32`]: row('/lib/ld-linux.so.2', 'i386-linux-gnu', 'lib', 'i686', 'i386'),
  [`${c.EM_AARCH64} 64`]: row(
    '/lib/ld-linux-aarch64.so.1',
    'aarch64-linux-gnu',
    'lib64',
    'aarch64',
    'aarch64',
  ),
  [`${c.EM_ARM} 32 hard`]: row('/lib/ld-linux-armhf.so.3', 'arm-linux-gnueabihf', 'lib', 'v7l', 'armhf'),
  [`${c.EM_ARM} 32`]: row('/lib/ld-linux.so.3', 'arm-linux-gnueabi', 'lib', 'v7l', 'arm'),
  [`${c.EM_RISCV} 64`]: row(
    '/lib/ld-linux-riscv64-lp64d.so.1',
    'riscv64-linux-gnu',
    'lib64/lp64d',
    null,
    'riscv64',
  ),
  [`${c.EM_S390} 64`]: row('/lib/ld64.so.1', 's390x-linux-gnu', 'lib64', null, 's390x'),
  [`${c.EM_PPC64} 64 LE`]: row('/lib64/ld64.so.2', 'powerpc64le-linux-gnu', 'lib64', null, 'powerpc64le'),
  [`${c.EM_PPC64} 64 BE`]: row('/lib64/ld64.so.1', 'powerpc64-linux-gnu', 'lib64', null, 'powerpc64'),
  [`${c.EM_MIPS} 64 LE`]: row('/lib64/ld.so.1', 'mips64el-linux-gnuabi64', 'lib64', null, 'mips64el'),
  [`${c.EM_MIPS} 64 BE`]: row('/lib64/ld.so.1', 'mips64-linux-gnuabi64', 'lib64', null, 'mips64'),
  [`${c.EM_MIPS} 32 LE`]: row('/lib/ld.so.1', 'mipsel-linux-gnu', 'lib', null, 'mipsel'),
  [`${c.EM_MIPS} 32 BE`]: row('/lib/ld.so.1', 'mips-linux-gnu', 'lib', null, 'mips'),
  [`${c.EM_LOONGARCH} 64`]: row(
    '/lib64/ld-linux-loongarch-lp64d.so.1',
    'loongarch64-linux-gnu',
    'lib64',
    null,
    'loongarch64',
  ),
};

const UNKNOWN: Architecture = row('/lib/ld.so.1', '', 'lib', null, '');

/** The names of the architecture that a file is for; a made-up generic one where it is not known. */
export function architectureOf(
  image: Pick<ElfImage, 'machine' | 'class' | 'byteOrder' | 'flags'>,
): Architecture {
  const key = `${image.machine} ${image.class}`;
  const hard = image.machine === c.EM_ARM && (image.flags & ARM_HARD_FLOAT) !== 0;
  return ARCHITECTURES[hard ? `${key} hard` : key] ?? ARCHITECTURES[`${key} ${image.byteOrder}`] ?? UNKNOWN;
}

/** SONAME of the object that the kernel maps into every process (vdso(7)): there is no file to find. */
export function kernelObject({ machine, class: bits }: Pick<ElfImage, 'machine' | 'class'>): string {
  if (machine === c.EM_386) return 'linux-gate.so.1';
  return machine === c.EM_PPC64 || machine === c.EM_S390 ? `linux-vdso${bits}.so.1` : 'linux-vdso.so.1';
}
