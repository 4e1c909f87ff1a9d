import { MACHINES } from './names.ts';

/** Machine code that ends the process with status 0, by e_machine. */
const EXIT: Readonly<Record<number, readonly number[]>> = {
  // mov edi, 0; mov eax, 60 (exit); syscall
  [MACHINES.X86_64]: [0xbf, 0, 0, 0, 0, 0xb8, 60, 0, 0, 0, 0x0f, 0x05],
  // mov ebx, 0; mov eax, 1 (exit); int 0x80
  [MACHINES.I386]: [0xbb, 0, 0, 0, 0, 0xb8, 1, 0, 0, 0, 0xcd, 0x80],
};

/** Code that ends the process well; two zero words for machines whose code we do not know. */
export function exitCode(machine: number): Uint8Array {
  return Uint8Array.from(EXIT[machine] ?? new Array<number>(8).fill(0));
}
