/** The values of options that have a form of their own. */
import { isAbsolute, normalize, resolve } from 'node:path/posix';
import { RootfsError } from '../errors.ts';
import type { Mount, Network, RunSpec } from './run-spec.ts';

const ID = /^\d{1,10}$/;
/** 2^32 - 1 means "no id" to the kernel. */
const MAX_ID = 0xffff_fffe;
const SIZE = /^(\d+)([KMGT]?)$/i;
const UNITS = ['', 'K', 'M', 'G', 'T'];

/** A wrong option, in the form of all errors. */
export function wrongOption(option: string, value: unknown, hint: string): RootfsError {
  return new RootfsError('ERR_USAGE', `cannot run: '${String(value)}' is no value for ${option}`, { hint });
}

/** `none | host | ns:NAME | veth:BRIDGE[,addr=CIDR|dhcp] | pasta` */
export function parseNetwork(text: string): Network {
  if (text === 'none' || text === 'host' || text === 'pasta') return { kind: text };
  const [, name] = /^ns:([^/\0]+)$/.exec(text) ?? [];
  if (name !== undefined) return { kind: 'netns', name };
  const [, bridge, address] = /^veth:([^,/\0]+)(?:,addr=([\d./a-f:]+|dhcp))?$/.exec(text) ?? [];
  if (bridge !== undefined) return { kind: 'veth', bridge, address: address ?? null };
  throw wrongOption('net', text, 'one of: none host ns:NAME veth:BRIDGE[,addr=CIDR|dhcp] pasta');
}

/** `UID[:GID]`; the group is that of the same number where none is named. */
export function parseUser(text: string): RunSpec['user'] {
  const [uid = '', gid = uid, ...more] = text.split(':');
  const ids = [uid, gid].map((id) => (ID.test(id) ? Number(id) : Number.POSITIVE_INFINITY));
  if (more.length > 0 || Math.max(...ids) > MAX_ID) {
    throw wrongOption('user', text, 'UID[:GID], two numbers, for example 1000:1000');
  }
  return { uid: ids[0] ?? 0, gid: ids[1] ?? 0 };
}

/**
 * `SRC:DEST[:ro]`
 * @param cwd what a relative SRC is relative to
 */
export function parseBind(text: string, cwd: string): Mount {
  const [source = '', destination = '', mode, ...more] = text.split(':');
  const right = source !== '' && isAbsolute(destination) && more.length === 0;
  if (!right || (mode !== undefined && mode !== 'ro')) {
    throw wrongOption('bind', text, 'SRC:DEST or SRC:DEST:ro, with DEST an absolute path inside');
  }
  return {
    type: 'bind',
    source: resolve(cwd, source),
    destination: normalize(destination),
    readOnly: mode === 'ro',
  };
}

/** An absolute path inside the rootfs, without `.` and `..`. */
export function parseInside(option: string, path: string): string {
  if (isAbsolute(path) && !path.includes('\0')) return normalize(path);
  throw wrongOption(option, path, 'an absolute path inside the rootfs');
}

/** Bytes, or a number with K, M, G or T. */
export function parseSize(option: string, value: string | number): number {
  const [, digits, unit = ''] = SIZE.exec(String(value)) ?? [];
  const size = Number(digits) * 1024 ** UNITS.indexOf(unit.toUpperCase());
  if (size > 0 && Number.isSafeInteger(size)) return size;
  throw wrongOption(option, value, 'bytes, or a number with K, M, G or T, for example 64M');
}

/** A number above 0, or null where there is none. */
export function parsePositive(option: string, value: number | undefined, whole: boolean): number | null {
  if (value === undefined) return null;
  if (value > 0 && Number.isFinite(value) && (!whole || Number.isSafeInteger(value))) return value;
  throw wrongOption(option, value, whole ? 'a whole number above 0' : 'a number above 0');
}
