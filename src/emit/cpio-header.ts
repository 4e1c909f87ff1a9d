import { encodeName } from '../bytes.ts';
import { RootfsError } from '../errors.ts';

/** Bytes of a newc header; name and content that follow are each padded to a multiple of 4. */
export const CPIO_HEADER = 110;
export const CPIO_ALIGN = 4;

/** File types of cpio(5), as in st_mode. */
export const CPIO_TYPES = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  character: 0o020000,
  block: 0o060000,
} as const;

/** One member of a newc archive (cpio(5), New ASCII Format; Linux: buffer-format.rst). */
export interface CpioHeader {
  /** Without a leading slash; `.` is the root. */
  readonly name: string;
  readonly ino: number;
  /** Type and permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly nlink: number;
  readonly mtime: number;
  readonly size: number;
  readonly rdev: { readonly major: number; readonly minor: number };
}

/**
 * The header and name of a member, padded. Device numbers of the file system are 0: only rdev means anything.
 * @throws RootfsError ERR_OUTPUT for a number above 32 bits, which the format cannot hold
 */
export function encodeCpioHeader(header: CpioHeader): Buffer {
  const name = encodeName(header.name);
  const { ino, mode, uid, gid, nlink, mtime, size, rdev } = header;
  const fields = {
    ino,
    mode,
    uid,
    gid,
    nlink,
    mtime,
    size,
    devmajor: 0,
    devminor: 0,
    rdevmajor: rdev.major,
    rdevminor: rdev.minor,
    namesize: name.length + 1,
    check: 0,
  };
  const text = Object.entries(fields).map(([field, value]) => hex(header.name, field, value));
  const bytes = Math.ceil((CPIO_HEADER + name.length + 1) / CPIO_ALIGN) * CPIO_ALIGN;
  const block = Buffer.alloc(bytes);
  block.write(`070701${text.join('')}`, 'latin1');
  block.set(name, CPIO_HEADER);
  return block;
}

function hex(name: string, field: string, value: number): string {
  if (Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff)
    return value.toString(16).padStart(8, '0');
  throw new RootfsError(
    'ERR_OUTPUT',
    `cannot write ${name} to cpio: its ${field} is ${value}, and newc has 32 bits`,
    {
      hint: 'tar holds numbers of any size',
    },
  );
}
