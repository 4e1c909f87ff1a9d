import { RootfsError } from '../errors.ts';

/** Bytes of a tar block: headers are one, contents are padded to a multiple. */
export const BLOCK = 512;

/** The type flags that we write: POSIX.1-2017 pax, and L and K of GNU tar. */
export type TypeFlag = '0' | '1' | '2' | '3' | '4' | '5' | 'x' | 'L' | 'K';

/** What one header block says. */
export interface TarHeader {
  /** At most 100 bytes, or splittable; see {@link splitName}. Longer names are cut. */
  readonly name: Uint8Array;
  readonly typeflag: TypeFlag;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** At most 100 bytes; a longer one is cut. */
  readonly linkname: Uint8Array;
  readonly major: number;
  readonly minor: number;
}

/** Field offsets and widths of a ustar header (POSIX.1-2017, pax, "ustar Interchange Format"). */
const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  typeflag: [156, 1],
  linkname: [157, 100],
  magic: [257, 8],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
} as const;

const SLASH = 0x2f;

/** Largest number that a field of `width` bytes holds in octal, one byte being the terminator. */
export function octalLimit(width: number): number {
  return 8 ** (width - 1) - 1;
}

/** Largest uid or gid, and largest size or time, in octal: beyond, the field is base-256. */
export const LARGEST_ID: number = octalLimit(FIELD.uid[1]);
export const LARGEST_SIZE: number = octalLimit(FIELD.size[1]);

/** How a name is spread over the fields `prefix` and `name`; null where it fits in neither way. */
export function splitName(name: Uint8Array): { prefix: Uint8Array; name: Uint8Array } | null {
  const [, width] = FIELD.name;
  if (name.length <= width) return { prefix: name.subarray(0, 0), name };
  // The slash between the two is not stored; a directory's own last slash cannot be the one.
  const slash = name.subarray(0, -1).indexOf(SLASH, name.length - width - 1);
  if (slash <= 0 || slash > FIELD.prefix[1]) return null;
  return { prefix: name.subarray(0, slash), name: name.subarray(slash + 1) };
}

/** One header block. User and group names stay empty: they would name accounts of the building machine. */
export function encodeHeader(header: TarHeader): Buffer {
  const block = Buffer.alloc(BLOCK);
  const parts = splitName(header.name) ?? { prefix: Buffer.alloc(0), name: header.name };
  putBytes(block, FIELD.name, parts.name);
  putBytes(block, FIELD.prefix, parts.prefix);
  putBytes(block, FIELD.linkname, header.linkname);
  putNumber(block, FIELD.mode, header.mode);
  putNumber(block, FIELD.uid, header.uid);
  putNumber(block, FIELD.gid, header.gid);
  putNumber(block, FIELD.size, header.size);
  putNumber(block, FIELD.mtime, header.mtime);
  putNumber(block, FIELD.major, header.major);
  putNumber(block, FIELD.minor, header.minor);
  block.write(header.typeflag, FIELD.typeflag[0], 'latin1');
  block.write('ustar\x0000', FIELD.magic[0], 'latin1');
  putChecksum(block);
  return block;
}

type Field = readonly [offset: number, width: number];

function putBytes(block: Buffer, [offset, width]: Field, bytes: Uint8Array): void {
  block.set(bytes.subarray(0, width), offset);
}

/** Octal where it fits, else base-256 as GNU tar began it and star, bsdtar, Go and tar-stream read it. */
function putNumber(block: Buffer, [offset, width]: Field, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RootfsError('ERR_INTERNAL', `cannot write a tar header: ${value} is no count`, { value });
  if (value <= octalLimit(width)) {
    block.write(value.toString(8).padStart(width - 1, '0'), offset, 'latin1');
    return;
  }
  block[offset] = 0x80;
  let rest = value;
  for (let at = offset + width - 1; at > offset && rest > 0; at--) {
    block[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** The sum of all bytes, the checksum field itself taken as blanks: six digits, NUL, blank. */
function putChecksum(block: Buffer): void {
  const [offset, width] = FIELD.checksum;
  block.fill(' ', offset, offset + width);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, offset, 'latin1');
}
