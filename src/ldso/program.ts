import { RootfsError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { RootPath } from '../sysroot/sysroot.ts';
import type { FileRecord, Files } from './files.ts';
import { parseShebang, type Shebang } from './script.ts';
import { readBytes } from './text.ts';

/** A file that can be started: an ELF program or shared object, or a script. */
export type Program =
  | { readonly kind: 'elf'; readonly record: FileRecord; readonly linked: boolean }
  | { readonly kind: 'script'; readonly shebang: Shebang };

/**
 * Opens what somebody wants to start.
 * @throws RootfsError ERR_NOT_FOUND, ERR_NOT_READABLE, ERR_NOT_A_PROGRAM or ERR_MALFORMED_ELF
 */
export function openProgram(files: Files, path: RootPath): Program {
  const record = files.open(path, true);
  if (record.failure === 'EIO') throw notRegular(files, path) ?? cannotOpen(path, record.failure);
  if (record.failure !== null) throw cannotOpen(path, record.failure);
  const { image, header } = record;
  if (image === null) {
    if (header !== null) throw record.error ?? notProgram(path, 'it cannot be read');
    return script(files, path, record);
  }
  if (image.type !== 'EXEC' && image.type !== 'DYN') {
    throw notProgram(
      path,
      image.type === 'REL' ? 'an object file that is not linked yet' : `ELF type ${image.type}`,
    );
  }
  if (image.interpreterFault !== null) {
    throw new RootfsError('ERR_MALFORMED_ELF', `cannot start ${path}: ${image.interpreterFault}`, {
      path,
      field: 'PT_INTERP',
    });
  }
  // Static, or static and position-independent: the kernel starts it alone.
  const linked = image.interpreter !== null || (image.dynamic && image.requests.length > 0);
  return { kind: 'elf', record, linked };
}

function script(files: Files, path: RootPath, record: FileRecord): Program {
  const other = notRegular(files, path);
  if (other !== null) throw other;
  const head = readBytes(files.sysroot, path, LIMITS.scriptLine);
  if (head === null) throw record.error ?? cannotOpen(path, 'EIO');
  const shebang = parseShebang(head);
  if (shebang !== null) {
    if (shebang.interpreter === '')
      throw notProgram(path, 'its #! line names no interpreter that the kernel can use');
    return { kind: 'script', shebang };
  }
  if (head.length === 0) throw notProgram(path, 'the file is empty');
  const elfMagic = head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
  if (elfMagic && record.error !== null) throw record.error;
  throw notProgram(path, 'it is neither ELF nor a script that begins with #!');
}

/** The error for what is no regular file; null for one that is. */
function notRegular(files: Files, path: RootPath): RootfsError | null {
  const stat = files.sysroot.stat(path);
  if (stat?.type === 'directory') return notProgram(path, 'it is a directory');
  return stat === null || stat.type === 'file' ? null : notProgram(path, `it is a ${stat.type}, not a file`);
}

function notProgram(path: RootPath, why: string): RootfsError {
  return new RootfsError('ERR_NOT_A_PROGRAM', `cannot resolve ${path}: ${why}`, {
    path,
    hint: 'name an ELF program, a shared object, or a script with a #! line',
  });
}

export function cannotOpen(path: RootPath, failure: string): RootfsError {
  if (failure === 'EACCES') {
    return new RootfsError('ERR_NOT_READABLE', `cannot read ${path}: permission denied`, {
      path,
      hint: 'run as a user who may read it',
    });
  }
  const why = WHY[failure] ?? failure;
  return new RootfsError('ERR_NOT_FOUND', `cannot find ${path}: ${why}`, { path });
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'a part of the path is not a directory',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'it is not a regular file, or reading it failed',
};
