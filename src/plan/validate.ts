import { dirname } from 'node:path/posix';
import { encodeName } from '../bytes.ts';
import { RootfsError } from '../errors.ts';
import { type RootPath, rootPath } from '../sysroot/sysroot.ts';
import type { Entry, FileEntry, HardlinkEntry, RootfsPlan } from './entry.ts';
import { type PlanLookup, planLookup } from './lookup.ts';

/** NAME_MAX, and PATH_MAX without its NUL (limits.h), in bytes. */
const NAME_BYTES = 255;
const PATH_BYTES = 4095;
/** The highest id that chown(2) does not take for "leave it": (uid_t)-1 is 2^32 - 1. */
const MAX_ID = 0xffff_fffe;
/** Bits of a major or minor number in glibc's dev_t. */
const MAX_DEVICE = 0xffff_ffff;

/**
 * Proves that a plan can be written as it stands: sorted with the root directory first, no path twice, every
 * parent a directory of the plan (never a link, which an emitter might follow out of its output), hard links to
 * earlier files, numbers in range, and the command there to run.
 * @throws RootfsError ERR_INTERNAL with every fault: one in the message, all of them in `details.tried`.
 */
export function validatePlan(plan: RootfsPlan): void {
  const lookup = planLookup(plan);
  const faults = [...orderFaults(plan.entries)];
  for (const entry of plan.entries) {
    for (const fault of entryFaults(entry, lookup)) faults.push(`${shown(entry.path)}: ${fault}`);
  }
  faults.push(...headFaults(plan), ...commandFaults(plan, lookup));
  const [first] = faults;
  if (first === undefined) return;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  throw new RootfsError('ERR_INTERNAL', `cannot use the plan: ${first}${more}`, { tried: faults });
}

function* orderFaults(entries: readonly Entry[]): Iterable<string> {
  const [head] = entries;
  if (head?.path !== '/' || head.type !== 'directory') yield 'the root directory / is not at its head';
  for (let i = 1; i < entries.length; i++) {
    const before = (entries[i - 1] as Entry).path;
    const { path } = entries[i] as Entry;
    if (path === before) yield `${shown(path)}: stands there twice`;
    else if (path < before) yield `${shown(path)}: stands after ${shown(before)}`;
  }
}

function* entryFaults(entry: Entry, lookup: PlanLookup): Iterable<string> {
  yield* pathFaults(entry.path);
  yield* parentFaults(entry.path, lookup);
  if (!inRange(entry.mode, 0o7777)) yield `mode ${entry.mode} is none`;
  if (!inRange(entry.uid, MAX_ID)) yield `owner ${entry.uid} is none`;
  if (!inRange(entry.gid, MAX_ID)) yield `group ${entry.gid} is none`;
  switch (entry.type) {
    case 'file':
      yield* fileFaults(entry);
      break;
    case 'symlink':
      if (!isText(entry.target, PATH_BYTES)) yield 'its target cannot be one of a link';
      break;
    case 'hardlink':
      yield* hardlinkFaults(entry, lookup);
      break;
    case 'device':
      if (!inRange(entry.major, MAX_DEVICE)) yield `major number ${entry.major} is none`;
      if (!inRange(entry.minor, MAX_DEVICE)) yield `minor number ${entry.minor} is none`;
      break;
    case 'directory':
      break;
  }
}

function* pathFaults(path: string): Iterable<string> {
  if (path === '/') return;
  if (!path.startsWith('/')) yield 'its path is not absolute';
  if (!isText(path, PATH_BYTES)) yield 'its path is too long or holds a NUL';
  for (const name of path.split('/').slice(1)) {
    if (name === '') yield 'its path has an empty component';
    else if (name === '.' || name === '..') yield `its path has a component ${name}`;
    else if (!isText(name, NAME_BYTES)) yield 'its path has a component that is too long';
  }
}

function* parentFaults(path: RootPath, lookup: PlanLookup): Iterable<string> {
  if (path === '/') return;
  const parent = dirname(path) as RootPath;
  const entry = lookup.at(parent);
  if (entry === undefined) yield `its parent ${shown(parent)} is missing`;
  else if (entry.type !== 'directory') yield `its parent ${shown(parent)} is a ${entry.type}`;
}

function* fileFaults({ size, content }: FileEntry): Iterable<string> {
  if (!inRange(size, Number.MAX_SAFE_INTEGER)) yield `size ${size} is none`;
  if (content.from === 'sysroot') {
    if (!content.path.startsWith('/')) yield 'its source is not absolute';
    return;
  }
  const length = Buffer.byteLength(content.base64, 'base64');
  if (length !== size) yield `it has ${length} bytes where its size says ${size}`;
}

function* hardlinkFaults({ path, target }: HardlinkEntry, lookup: PlanLookup): Iterable<string> {
  const file = lookup.at(target);
  if (file === undefined) yield `it links to ${shown(target)}, which is missing`;
  else if (file.type !== 'file') yield `it links to ${shown(target)}, which is a ${file.type}`;
  else if (target >= path) yield `it links to ${shown(target)}, which comes later`;
}

function* headFaults({ epoch, machine }: RootfsPlan): Iterable<string> {
  if (!inRange(epoch, Number.MAX_SAFE_INTEGER)) yield `epoch ${epoch} is none`;
  if (!inRange(machine, 0xffff)) yield `machine ${machine} is none`;
}

function* commandFaults({ command }: RootfsPlan, lookup: PlanLookup): Iterable<string> {
  const [program] = command;
  if (program === undefined) return;
  const entry = lookup.follow(rootPath(program));
  if (typeof entry === 'string') yield `its command ${shown(program)} is not in it (${entry})`;
  else if (entry.type !== 'file' && entry.type !== 'hardlink') {
    yield `its command ${shown(program)} is a ${entry.type}`;
  }
}

function inRange(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max;
}

function isText(text: string, bytes: number): boolean {
  if (text === '' || text.includes('\0')) return false;
  return text.length * 3 <= bytes || encodeName(text).length <= bytes;
}

/** A path as it can stand in a message. */
function shown(path: string): string {
  return JSON.stringify(path).slice(1, -1);
}
