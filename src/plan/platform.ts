import * as elf from '../elf/constants.ts';
import type { ElfImage } from '../elf/image.ts';
import type { RootfsPlan } from './entry.ts';

/** What container images call a machine: GOARCH and GOARM (OCI image specification, image index, "platform"). */
export interface Platform {
  readonly os: 'linux';
  readonly architecture: string;
  readonly variant?: string;
}

/** e_flags of an ARM program that passes floats in registers (EF_ARM_ABI_FLOAT_HARD). */
const ARM_HARD_FLOAT = 0x400;

/** By e_machine, class and byte order. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  [`${elf.EM_X86_64} 64 LE`]: 'amd64',
  [`${elf.EM_X86_64} 32 LE`]: 'amd64p32',
  [`${elf.EM_386} 32 LE`]: '386',
  [`${elf.EM_AARCH64} 64 LE`]: 'arm64',
  [`${elf.EM_AARCH64} 64 BE`]: 'arm64be',
  [`${elf.EM_ARM} 32 LE`]: 'arm',
  [`${elf.EM_ARM} 32 BE`]: 'armbe',
  [`${elf.EM_RISCV} 64 LE`]: 'riscv64',
  [`${elf.EM_RISCV} 32 LE`]: 'riscv',
  [`${elf.EM_S390} 64 BE`]: 's390x',
  [`${elf.EM_PPC64} 64 LE`]: 'ppc64le',
  [`${elf.EM_PPC64} 64 BE`]: 'ppc64',
  [`${elf.EM_MIPS} 64 LE`]: 'mips64le',
  [`${elf.EM_MIPS} 64 BE`]: 'mips64',
  [`${elf.EM_MIPS} 32 LE`]: 'mipsle',
  [`${elf.EM_MIPS} 32 BE`]: 'mips',
  [`${elf.EM_LOONGARCH} 64 LE`]: 'loong64',
};

/**
 * The platform of a plan's programs; `unknown` where none of them is ELF or nobody has a name for it. Debian's
 * armhf is v7 and its armel v5, which e_flags tell apart.
 */
export function platformOf(plan: Pick<RootfsPlan, 'machine' | 'closure'>): Platform {
  const images = plan.closure.nodes.map(({ image }) => image);
  const image = images.find((candidate) => candidate?.machine === plan.machine);
  const architecture = image && ARCHITECTURES[`${image.machine} ${image.class} ${image.byteOrder}`];
  if (!architecture) return { os: 'linux', architecture: 'unknown' };
  const variant = variantOf(image);
  return { os: 'linux', architecture, ...(variant !== null && { variant }) };
}

function variantOf({ machine, flags }: ElfImage): string | null {
  if (machine === elf.EM_AARCH64) return 'v8';
  if (machine !== elf.EM_ARM) return null;
  return (flags & ARM_HARD_FLOAT) === 0 ? 'v5' : 'v7';
}
