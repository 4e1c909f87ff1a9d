import { fromLatin1 } from '../bytes.ts';
import { isRootfsError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';

/** The bytes of a small file, at most `limit`; null where it cannot be opened or read. */
export function readBytes(sysroot: Sysroot, path: RootPath, limit: number): Uint8Array | null {
  const source = sysroot.open(path);
  if (typeof source === 'string') return null;
  try {
    return source.read(0, limit).slice();
  } catch (error) {
    if (isRootfsError(error)) return null;
    throw error;
  } finally {
    source.close();
  }
}

/** A configuration file as text; null where it cannot be read. */
export function readText(sysroot: Sysroot, path: RootPath): string | null {
  const bytes = readBytes(sysroot, path, LIMITS.configBytes);
  return bytes === null ? null : fromLatin1(Buffer.from(bytes).toString('latin1'));
}
