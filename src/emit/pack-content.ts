import type { FileEntry } from '../plan/entry.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import type { ChunkRing } from './chunks.ts';
import { Content } from './content.ts';
import type { Tally } from './tally.ts';

/**
 * Puts the bytes of a file into the chunks, read straight to where they leave from.
 * @throws RootfsError ERR_CHANGED, ERR_NOT_READABLE
 */
export function* packContent(
  entry: FileEntry,
  sysroot: Sysroot,
  ring: ChunkRing,
  tally: Pick<Tally, 'content'>,
): Generator<Buffer, void> {
  const content = new Content(entry, sysroot);
  try {
    while (content.remaining > 0)
      tally.content(yield* ring.fill((into, at, length) => content.read(into, at, length)));
    content.finish();
  } finally {
    content.close();
  }
}
