import { encodeName } from '../bytes.ts';
import type { Entry, RootfsPlan, SymlinkEntry } from '../plan/entry.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import { rootPath } from '../sysroot/sysroot.ts';
import { ChunkRing, type ChunkShape } from './chunks.ts';
import { CPIO_ALIGN, CPIO_TYPES, type CpioHeader, encodeCpioHeader } from './cpio-header.ts';
import { packContent } from './pack-content.ts';
import type { Tally } from './tally.ts';

/** GNU cpio's and the kernel's buffers end on it. */
const RECORD = 512;
const NO_DEVICE = { major: 0, minor: 0 } as const;

/**
 * The bytes of a newc cpio archive, which Linux unpacks as an initramfs. `/init`, where the plan has none, is a
 * link to the program. Inode numbers count up from 1 in the order of the plan; a hard link has its file's number and
 * no content, as the kernel wants it.
 * @throws RootfsError ERR_CHANGED, ERR_NOT_READABLE, ERR_OUTPUT for what 32 bits cannot hold
 */
export function* packCpio(
  plan: RootfsPlan,
  sysroot: Sysroot,
  tally: Tally,
  shape: ChunkShape,
): Generator<Buffer, void> {
  const ring = new ChunkRing(shape);
  const entries = withInit(plan);
  const inodes = new Inodes(entries);
  for (const entry of entries) {
    const header = headerOf(entry, inodes, plan.epoch);
    yield* ring.put(encodeCpioHeader(header));
    if (entry.type === 'file') yield* packContent(entry, sysroot, ring, tally);
    if (entry.type === 'symlink') yield* ring.put(encodeName(entry.target));
    yield* ring.align(CPIO_ALIGN);
    tally.entry(entry.type);
  }
  const trailer = {
    name: 'TRAILER!!!',
    ino: 0,
    mode: 0,
    uid: 0,
    gid: 0,
    nlink: 1,
    mtime: 0,
    size: 0,
    rdev: NO_DEVICE,
  };
  yield* ring.put(encodeCpioHeader(trailer));
  yield* ring.align(RECORD);
  yield* ring.flush();
}

/** The kernel starts /init (init/main.c: ramdisk_execute_command). */
function withInit({ entries, command }: RootfsPlan): readonly Entry[] {
  const [program] = command;
  const path = rootPath('/init');
  if (program === undefined || entries.some((entry) => entry.path === path)) return entries;
  const evidence = { by: 'generated', rule: 'initramfs' } as const;
  const init: SymlinkEntry = {
    type: 'symlink',
    path,
    target: program,
    mode: 0o777,
    uid: 0,
    gid: 0,
    xattrs: {},
    evidence,
    neededBy: null,
  };
  const at = entries.findIndex((entry) => entry.path > path);
  return entries.toSpliced(at < 0 ? entries.length : at, 0, init);
}

/** Inode numbers by path, and how many names each has. */
class Inodes {
  readonly #numbers = new Map<string, number>();
  readonly #names = new Map<string, number>();

  constructor(entries: readonly Entry[]) {
    for (const [i, entry] of entries.entries()) {
      this.#numbers.set(entry.path, i + 1);
      const inode = entry.type === 'hardlink' ? entry.target : entry.path;
      this.#names.set(inode, (this.#names.get(inode) ?? 0) + 1);
    }
  }

  of(entry: Entry): { readonly ino: number; readonly nlink: number } {
    const inode = entry.type === 'hardlink' ? entry.target : entry.path;
    const nlink = entry.type === 'directory' ? 2 : (this.#names.get(inode) ?? 1);
    return { ino: this.#numbers.get(inode) ?? 0, nlink };
  }
}

function headerOf(entry: Entry, inodes: Inodes, epoch: number): CpioHeader {
  const { mode, uid, gid } = entry;
  const type = entry.type === 'device' ? entry.kind : entry.type === 'hardlink' ? 'file' : entry.type;
  return {
    name: entry.path === '/' ? '.' : entry.path.slice(1),
    ...inodes.of(entry),
    mode: CPIO_TYPES[type] | mode,
    uid,
    gid,
    mtime: epoch,
    size: sizeOf(entry),
    rdev: entry.type === 'device' ? entry : NO_DEVICE,
  };
}

function sizeOf(entry: Entry): number {
  if (entry.type === 'file') return entry.size;
  return entry.type === 'symlink' ? encodeName(entry.target).length : 0;
}
