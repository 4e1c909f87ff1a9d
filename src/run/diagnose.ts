/** Why a program could not be started, in more words than the kernel has for it. */
import { RootfsError } from '../errors.ts';

/** An execve(2) that failed inside the rootfs. */
export interface ExecFailure {
  /** The path tried, or the name that no directory of PATH has. */
  readonly path: string;
  /** Name of the errno: ENOENT, EACCES, ENOEXEC … */
  readonly code: string;
}

/**
 * What a program inside a rootfs is and asks for. The room `run` cannot read programs: whoever calls
 * {@link diagnose} finds these facts.
 */
export interface ProgramFacts {
  readonly kind: 'absent' | 'directory' | 'elf' | 'script' | 'other';
  /** Name of the machine that an ELF file is for. */
  readonly machine: string | null;
  readonly missing: MissingInterpreter | null;
}

/** A file that the kernel starts first, and that is not there. */
export interface MissingInterpreter {
  readonly path: string;
  /** The loader of an ELF file (PT_INTERP), or the interpreter of a script (`#!`). */
  readonly role: 'loader' | 'interpreter';
  /** The program, or an interpreter of it that is there. */
  readonly askedBy: string;
}

/**
 * The worst error message you can get, "No such file or directory" for a file that is there, told apart.
 * @param root host path of the rootfs, as the user wrote it
 */
export function diagnose(failure: ExecFailure, root: string, facts: ProgramFacts): RootfsError {
  const { path, code } = failure;
  const because = (why: string, hint: string): RootfsError =>
    new RootfsError(code === 'ENOENT' ? 'ERR_NOT_FOUND' : 'ERR_NOT_A_PROGRAM', `cannot run ${path}: ${why}`, {
      hint,
      path,
    });
  if (facts.kind === 'absent') {
    const where = path.includes('/') ? '' : ' in any directory of PATH';
    return because(
      `there is no such file${where} in ${root}`,
      'paths are those inside; mkrootfs build puts programs there',
    );
  }
  if (facts.kind === 'directory') return because('it is a directory', 'name a program in it');
  if (code === 'ENOENT' && facts.missing !== null) {
    const { askedBy, role, path: missing } = facts.missing;
    return because(
      `the file is there, but the ${role} that ${askedBy} asks for, ${missing}, is not in ${root}`,
      `the kernel calls this "No such file or directory"; mkrootfs build takes all that a program needs`,
    );
  }
  if (code === 'EACCES')
    return because('it is not executable', 'chmod +x it, in the rootfs or before building');
  if (code === 'ENOEXEC') return unknownFormat(because, facts);
  return because(code, 'the kernel refused to start it (execve(2) lists what the code can mean)');
}

type Because = (why: string, hint: string) => RootfsError;

function unknownFormat(because: Because, { kind, machine }: ProgramFacts): RootfsError {
  if (kind === 'elf' && machine !== null) {
    return because(
      `it is a program for ${machine}, which this machine cannot start`,
      'qemu-user-static (with binfmt_misc) runs programs of other machines',
    );
  }
  return because('it is no program: neither ELF nor a script with a #! line', 'start it by its interpreter');
}
