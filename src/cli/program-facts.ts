import { machineName } from '../elf/constants.ts';
import { isElf } from '../elf/header.ts';
import { readElf } from '../elf/read-elf.ts';
import { isRootfsError, type RootfsError } from '../errors.ts';
import { parseShebang } from '../ldso/script.ts';
import { LIMITS } from '../limits.ts';
import { diagnose, type ExecFailure, type MissingInterpreter, type ProgramFacts } from '../run/diagnose.ts';
import { hostSysroot } from '../sysroot/host.ts';
import { type ByteSource, type RootPath, rootPath, type Sysroot } from '../sysroot/sysroot.ts';

/** What a file asks the kernel to start in its place. */
interface Asked {
  readonly kind: 'elf' | 'script' | 'other';
  readonly machine: string | null;
  /** The loader or interpreter; null where it names none. */
  readonly interpreter: string | null;
}

/**
 * Why a program inside a rootfs did not start.
 * @param rootfs host path
 * @param cwd working directory inside
 */
export function explainFailure(failure: ExecFailure, rootfs: string, cwd: string): RootfsError {
  return diagnose(failure, rootfs, programFacts(hostSysroot(rootfs), failure.path, cwd));
}

/**
 * What a program inside a rootfs is, for the explanation of why it does not start.
 * @param path as the kernel was given it
 * @param cwd working directory inside, for a relative path
 */
export function programFacts(sysroot: Sysroot, path: string, cwd: string): ProgramFacts {
  const start = rootPath(path.startsWith('/') ? path : `${cwd}/${path}`);
  const nothing = { machine: null, missing: null };
  const type = sysroot.stat(start)?.type;
  if (type === undefined) return { kind: 'absent', ...nothing };
  if (type === 'directory') return { kind: 'directory', ...nothing };
  const { kind, machine } = ask(sysroot, start);
  return { kind, machine, missing: firstMissing(sysroot, start) };
}

/** A script's interpreter may be a script, and the last one has a loader. */
function firstMissing(sysroot: Sysroot, program: RootPath): MissingInterpreter | null {
  let askedBy = program;
  for (let depth = 0; depth <= LIMITS.scriptDepth; depth++) {
    const { kind, interpreter } = ask(sysroot, askedBy);
    if (interpreter === null) return null;
    const next = rootPath(interpreter);
    if (!sysroot.exists(next)) {
      return { path: interpreter, role: kind === 'script' ? 'interpreter' : 'loader', askedBy };
    }
    askedBy = next;
  }
  return null;
}

function ask(sysroot: Sysroot, path: RootPath): Asked {
  const source = sysroot.open(path);
  if (typeof source === 'string') return { kind: 'other', machine: null, interpreter: null };
  try {
    return read(source, path);
  } catch (error) {
    // A damaged file names nothing; the kernel refused it too.
    if (isRootfsError(error)) return { kind: 'other', machine: null, interpreter: null };
    throw error;
  } finally {
    source.close();
  }
}

function read(source: ByteSource, path: RootPath): Asked {
  const head = source.read(0, LIMITS.scriptLine);
  if (isElf(head)) {
    const { machine, interpreter } = readElf(source, path);
    return { kind: 'elf', machine: machineName(machine), interpreter };
  }
  const shebang = parseShebang(head);
  if (shebang === null) return { kind: 'other', machine: null, interpreter: null };
  return { kind: 'script', machine: null, interpreter: shebang.interpreter || null };
}
