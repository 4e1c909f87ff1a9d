import type { RootfsPlan } from '../plan/entry.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import { ChunkRing, type ChunkShape } from './chunks.ts';
import { packContent } from './pack-content.ts';
import { Placement } from './placement.ts';
import type { Tally } from './tally.ts';
import { encodeEntry } from './tar-entry.ts';
import { BLOCK } from './tar-header.ts';

/** Bytes of a tar record: archives end on a multiple, as every tar since the tape writes them. */
const RECORD = 20 * BLOCK;

/**
 * The bytes of a tar archive, chunk by chunk. Files are read as the chunks are asked for.
 *
 * The same plan gives the same bytes: the entries' order and numbers are the plan's, every time stamp its
 * epoch, user and group names are empty, and no access or change times are written.
 * @throws RootfsError ERR_CHANGED, ERR_NOT_READABLE, ERR_MALFORMED_INPUT
 */
export function* packTar(
  plan: RootfsPlan,
  sysroot: Sysroot,
  tally: Pick<Tally, 'content' | 'entry'>,
  shape: ChunkShape,
): Generator<Buffer, void> {
  const ring = new ChunkRing(shape);
  const placement = new Placement();
  for (const entry of plan.entries) {
    yield* ring.put(encodeEntry(entry, placement.place(entry), plan.epoch));
    if (entry.type === 'file') {
      yield* packContent(entry, sysroot, ring, tally);
      yield* ring.align(BLOCK);
    }
    tally.entry(entry.type);
  }
  yield* ring.put(Buffer.alloc(2 * BLOCK));
  yield* ring.align(RECORD);
  yield* ring.flush();
}
