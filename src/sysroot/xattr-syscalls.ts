/** Numbers of the system calls that Node does not have, for perl's `syscall`. */
export interface XattrSyscalls {
  readonly lsetxattr: number;
  readonly lgetxattr: number;
  readonly llistxattr: number;
  /** Bytes of a pointer: a perl of another width has other numbers. */
  readonly pointerBytes: number;
}

/** The calls stand in rows of three (plain, l, f): set, get, list; their first number differs. */
function from(setxattr: number, pointerBytes: number): XattrSyscalls {
  return { lsetxattr: setxattr + 1, lgetxattr: setxattr + 4, llistxattr: setxattr + 7, pointerBytes };
}

/** By `process.arch` (Linux: arch/ * /entry/syscalls/syscall*.tbl, include/uapi/asm-generic/unistd.h). */
const SYSCALLS: Readonly<Record<string, XattrSyscalls>> = {
  x64: from(188, 8),
  arm64: from(5, 8),
  riscv64: from(5, 8),
  loong64: from(5, 8),
  ppc64: from(209, 8),
  s390x: from(224, 8),
  ia32: from(226, 4),
  arm: from(226, 4),
};

/** The numbers of this machine; null where we do not know them. */
export function xattrSyscalls(arch: string = process.arch): XattrSyscalls | null {
  return SYSCALLS[arch] ?? null;
}

/** Ends a perl script whose ABI is not the one of `$width`, before it makes a call of another name. */
export const PERL_WIDTH_CHECK = "exit 3 if length(pack('p', '')) != $width;";
