import { readFileSync } from 'node:fs';
import type { Cpu } from '../../src/ldso/hwcaps.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';

/** A machine and libc that programs of a case are for. */
export interface Machine {
  /** What every ELF file of it has in its header. */
  readonly elf: Pick<ElfSpec, 'class' | 'byteOrder' | 'machine' | 'flags'>;
  readonly libc: 'glibc' | 'musl';
  /** PT_INTERP, and where this machine keeps that loader. */
  readonly interpreter: string;
  readonly loader: string;
  /** Debian package of the loader. */
  readonly package: string;
  /** Whether a program of the ELF writer starts on it: one for MIPS lacks DT_MIPS_*. @default true */
  readonly starts?: false;
  /** Program of qemu-user-static that runs it; null: the kernel does. */
  readonly qemu: string | null;
  /** The processor that the oracle runs on; null: this machine's own. */
  readonly cpu: Cpu | null;
}

const foreign = (
  elf: Machine['elf'],
  interpreter: string,
  loader: string,
  from: string,
  qemu: string,
  cpu: Cpu = { levels: [], platform: null },
): Machine => ({ elf, libc: 'glibc', interpreter, loader, package: from, qemu, cpu });

const unstartable = (...machine: Parameters<typeof foreign>): Machine => ({
  ...foreign(...machine),
  starts: false,
});

/** Machines of the cases, by a short name. */
export const MACHINES = {
  x86_64: {
    elf: {},
    libc: 'glibc',
    interpreter: '/lib64/ld-linux-x86-64.so.2',
    loader: '/lib64/ld-linux-x86-64.so.2',
    package: 'libc6',
    qemu: null,
    cpu: null,
  },
  musl: {
    elf: {},
    libc: 'musl',
    interpreter: '/lib/ld-musl-x86_64.so.1',
    loader: '/lib/x86_64-linux-musl/libc.so',
    package: 'musl',
    qemu: null,
    cpu: null,
  },
  i386: {
    elf: { class: 32, machine: 3 },
    libc: 'glibc',
    interpreter: '/lib/ld-linux.so.2',
    loader: '/usr/lib32/ld-linux.so.2',
    package: 'libc6-i386',
    qemu: null,
    cpu: { levels: [], platform: 'i686', capabilities: ['sse2'] },
  },
  aarch64: foreign(
    { machine: 183 },
    '/lib/ld-linux-aarch64.so.1',
    '/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1',
    'libc6-arm64-cross',
    'qemu-aarch64-static',
    { levels: [], platform: 'aarch64', capabilities: ['atomics'] },
  ),
  armhf: foreign(
    { class: 32, machine: 40, flags: 0x5000400 },
    '/lib/ld-linux-armhf.so.3',
    '/usr/arm-linux-gnueabihf/lib/ld-linux-armhf.so.3',
    'libc6-armhf-cross',
    'qemu-arm-static',
    { levels: [], platform: 'v8l', capabilities: ['vfp', 'neon'] },
  ),
  riscv64: foreign(
    { machine: 243, flags: 5 },
    '/lib/ld-linux-riscv64-lp64d.so.1',
    '/usr/riscv64-linux-gnu/lib/ld-linux-riscv64-lp64d.so.1',
    'libc6-riscv64-cross',
    'qemu-riscv64-static',
  ),
  s390x: foreign(
    { machine: 22, byteOrder: 'BE' },
    '/lib/ld64.so.1',
    '/usr/s390x-linux-gnu/lib/ld64.so.1',
    'libc6-s390x-cross',
    'qemu-s390x-static',
    { levels: ['z13'], platform: null },
  ),
  ppc64le: foreign(
    { machine: 21, flags: 2 },
    '/lib64/ld64.so.2',
    '/usr/powerpc64le-linux-gnu/lib/ld64.so.2',
    'libc6-ppc64el-cross',
    'qemu-ppc64le-static',
    { levels: ['power9'], platform: null },
  ),
  mips64el: unstartable(
    { machine: 8, flags: 0x80000007 },
    '/lib64/ld.so.1',
    '/usr/mips64el-linux-gnuabi64/lib64/ld.so.1',
    'libc6-mips64el-cross',
    'qemu-mips64el-static',
  ),
  mips: unstartable(
    { class: 32, byteOrder: 'BE', machine: 8, flags: 0x70001007 },
    '/lib/ld.so.1',
    '/usr/mips-linux-gnu/lib/ld.so.1',
    'libc6-mips-cross',
    'qemu-mips-static',
  ),
} satisfies Record<string, Machine>;

export type MachineName = keyof typeof MACHINES;

const loaders = new Map<string, Uint8Array | null>();

/** Bytes of a machine's loader; null where this machine does not have it. */
export function loaderBytes(machine: Machine): Uint8Array | null {
  let bytes = loaders.get(machine.loader);
  if (bytes === undefined) {
    try {
      bytes = readFileSync(machine.loader);
    } catch {
      bytes = null;
    }
    loaders.set(machine.loader, bytes);
  }
  return bytes;
}
