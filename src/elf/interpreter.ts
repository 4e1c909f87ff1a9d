import { decodeName } from '../bytes.ts';
import { LIMITS } from '../limits.ts';
import type { ByteSource } from '../sysroot/sysroot.ts';
import { PT_INTERP } from './constants.ts';
import { firstSegment, type Segment } from './program-headers.ts';

/** PT_INTERP as the kernel takes it: the path, or why execve(2) would answer ENOEXEC. */
export interface Interpreter {
  readonly path: string | null;
  readonly fault: string | null;
}

const NONE: Interpreter = { path: null, fault: null };

/** Reads the first PT_INTERP, by file offset as load_elf_binary does (fs/binfmt_elf.c). */
export function readInterpreter(
  source: ByteSource,
  head: Uint8Array,
  segments: readonly Segment[],
): Interpreter {
  const segment = firstSegment(segments, PT_INTERP);
  if (segment === undefined) return NONE;
  const { offset, filesz } = segment;
  if (filesz < 2 || filesz > LIMITS.interpreterBytes) {
    return { path: null, fault: `PT_INTERP has ${filesz} bytes, not 2 to ${LIMITS.interpreterBytes}` };
  }
  const near = offset + filesz <= head.length;
  const bytes = near ? head.subarray(offset, offset + filesz) : source.read(offset, filesz);
  if (bytes.length < filesz) return { path: null, fault: 'PT_INTERP lies beyond the end of the file' };
  if (bytes[filesz - 1] !== 0) return { path: null, fault: 'PT_INTERP does not end with a NUL byte' };
  return { path: decodeName(bytes.subarray(0, bytes.indexOf(0))), fault: null };
}
