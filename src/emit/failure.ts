import { isRootfsError, RootfsError } from '../errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use or a mount point',
  EDQUOT: 'disk quota exceeded',
  EEXIST: 'it exists already',
  EFBIG: 'larger than the file system allows',
  EINVAL: 'the file system refuses it',
  EIO: 'input/output error',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'a part of the path is not a directory',
  ENOTSUP: 'the file system does not support it',
  EOPNOTSUPP: 'the file system does not support it',
  EPERM: 'operation not permitted',
  EPIPE: 'the reader closed the pipe',
  EROFS: 'the file system is read-only',
};

/** The errno name of a failed system call, '' for any other value. */
export function errno(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}

/** What a failed system call says, in words, without the call and the paths that Node adds. */
export function why(error: unknown): string {
  return REASONS[errno(error)] ?? (error instanceof Error ? error.message || errno(error) : String(error));
}

/** A failure of the output as ERR_OUTPUT; an error of ours passes as it is. */
export function outputFailure(object: string, cause: unknown): RootfsError {
  if (isRootfsError(cause)) return cause;
  return new RootfsError('ERR_OUTPUT', `cannot write ${object}: ${why(cause)}`, { path: object, cause });
}
