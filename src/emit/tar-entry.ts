import { encodeName } from '../bytes.ts';
import type { Entry } from '../plan/entry.ts';
import { encodePax, type PaxRecord } from './pax.ts';
import {
  BLOCK,
  encodeHeader,
  LARGEST_ID,
  LARGEST_SIZE,
  splitName,
  type TarHeader,
  type TypeFlag,
} from './tar-header.ts';

/** Bytes that a header's `linkname` holds. */
const LINKNAME_BYTES = 100;
const EMPTY: Uint8Array = new Uint8Array(0);

const TYPE_FLAGS = { file: '0', hardlink: '1', symlink: '2', directory: '5' } as const;

/**
 * All blocks of one entry before its content. `place` is its path without the leading slash.
 *
 * Where a plain ustar header does not do, the form is the one that GNU tar, bsdtar, Go's archive/tar,
 * Python's tarfile and tar-stream all read alike in any locale (docs/decisions/0002-own-tar-writer.md):
 * long ASCII names in pax records; other long names in GNU's L and K headers, since bsdtar takes pax names
 * for UTF-8 and fails on them in the C locale; ids and sizes in base-256 *and* pax, since tar-stream reads
 * no ids from pax; extended attributes in pax as `SCHILY.xattr.NAME`, as star, GNU tar and umoci have them.
 */
export function encodeEntry(entry: Entry, place: string, epoch: number): Buffer {
  const name = encodeName(tarName(entry, place));
  const linkname = linkTarget(entry);
  const header: TarHeader = {
    ...plain(typeFlag(entry), entry.type === 'file' ? entry.size : 0),
    name,
    linkname,
    mode: entry.type === 'symlink' ? 0o777 : entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    mtime: epoch,
    ...(entry.type === 'device' ? { major: entry.major, minor: entry.minor } : {}),
  };
  const longName = splitName(name) === null ? name : null;
  const longLink = linkname.length > LINKNAME_BYTES ? linkname : null;
  const records = paxRecords(entry, longName, longLink);
  const blocks: Uint8Array[] = records.length === 0 ? [] : extension('x', 'PaxHeaders', encodePax(records));
  if (longLink !== null && !isAscii(longLink)) blocks.push(...longHeader('K', longLink));
  if (longName !== null && !isAscii(longName)) blocks.push(...longHeader('L', longName));
  blocks.push(encodeHeader(header));
  return Buffer.concat(blocks);
}

/** `usr/bin/` for a directory, `./` for the root: names as `tar -C ROOTFS` users expect them. */
function tarName(entry: Entry, place: string): string {
  if (place === '') return './';
  return entry.type === 'directory' ? `${place}/` : place;
}

function typeFlag(entry: Entry): TypeFlag {
  if (entry.type !== 'device') return TYPE_FLAGS[entry.type];
  return entry.kind === 'character' ? '3' : '4';
}

function linkTarget(entry: Entry): Uint8Array {
  if (entry.type === 'symlink') return encodeName(entry.target);
  return entry.type === 'hardlink' ? encodeName(entry.target.slice(1)) : EMPTY;
}

function paxRecords(entry: Entry, longName: Uint8Array | null, longLink: Uint8Array | null): PaxRecord[] {
  const records: PaxRecord[] = [];
  const number = (keyword: string, value: number, limit: number) => {
    if (value > limit) records.push([keyword, Buffer.from(String(value))]);
  };
  if (longName !== null && isAscii(longName)) records.push(['path', longName]);
  if (longLink !== null && isAscii(longLink)) records.push(['linkpath', longLink]);
  number('uid', entry.uid, LARGEST_ID);
  number('gid', entry.gid, LARGEST_ID);
  if (entry.type === 'file') number('size', entry.size, LARGEST_SIZE);
  // A hard link has its file's attributes already.
  if (entry.type !== 'hardlink') {
    for (const name of Object.keys(entry.xattrs).sort())
      records.push([`SCHILY.xattr.${escapeKeyword(name)}`, Buffer.from(entry.xattrs[name] ?? '', 'base64')]);
  }
  return records;
}

/** A pax keyword ends at its first `=`; GNU tar writes that one, and so `%`, as URLs do. */
function escapeKeyword(name: string): string {
  return name.replaceAll('%', '%25').replaceAll('=', '%3D');
}

/** A name that follows in a header of its own, closed by a NUL, for the header after it. */
function longHeader(typeflag: 'L' | 'K', name: Uint8Array): Uint8Array[] {
  return extension(typeflag, '././@LongLink', Buffer.concat([name, Buffer.alloc(1)]));
}

function extension(typeflag: TypeFlag, name: string, body: Uint8Array): Uint8Array[] {
  const padding = Buffer.alloc(-body.length & (BLOCK - 1));
  return [encodeHeader({ ...plain(typeflag, body.length), name: Buffer.from(name) }), body, padding];
}

function plain(typeflag: TypeFlag, size: number): TarHeader {
  return {
    typeflag,
    size,
    name: EMPTY,
    linkname: EMPTY,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 0,
    major: 0,
    minor: 0,
  };
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}
