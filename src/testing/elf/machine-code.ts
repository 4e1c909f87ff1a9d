import { MACHINES } from './names.ts';

/** Machine code that ends the process with status 0, by e_machine, in that machine's usual byte order. */
const EXIT: Readonly<Record<number, string>> = {
  // mov edi, 0; mov eax, 60 (exit); syscall
  [MACHINES.X86_64]: 'bf00000000 b83c000000 0f05',
  // mov ebx, 0; mov eax, 1 (exit); int 0x80
  [MACHINES.I386]: 'bb00000000 b801000000 cd80',
  // mov x0, 0; mov x8, 93 (exit); svc 0
  [MACHINES.AARCH64]: '000080d2 a80b80d2 010000d4',
  // mov r0, 0; mov r7, 1 (exit); svc 0
  [MACHINES.ARM]: '0000a0e3 0170a0e3 000000ef',
  // li a0, 0; li a7, 93 (exit); ecall
  [MACHINES.RISCV]: '13050000 9308d005 73000000',
  // lghi %r2, 0; svc 1 (exit)
  [MACHINES.S390]: 'a7290000 0a01',
  // li r3, 0; li r0, 1 (exit); sc (little-endian)
  [MACHINES.PPC64]: '00006038 01000038 02000044',
};

/** Code that ends the process well; zero bytes for machines whose code is not known here. */
export function exitCode(machine: number): Uint8Array {
  const hex = EXIT[machine]?.replaceAll(' ', '') ?? '00'.repeat(8);
  return Buffer.from(hex, 'hex');
}
