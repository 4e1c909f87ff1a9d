import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { fromLatin1 } from '../../bytes.ts';
import { RootfsError } from '../../errors.ts';
import { decompress } from './decompress.ts';
import { contentDigest, type TreeAttributes, type TreeEntry } from './entry.ts';

/** latin1 keeps each byte of a name as one char, which fromLatin1 reads as our own decoder does. An option without a type. */
const OPTIONS = { filenameEncoding: 'latin1' } as Parameters<typeof extract>[0];

/**
 * The entries of a tar archive, plain or compressed with gzip or zstd.
 * Names that are not UTF-8 survive in headers, not in pax records, where tar-stream has them decoded already.
 * @throws RootfsError ERR_MALFORMED_INPUT for an entry of a type that a tree cannot hold.
 */
export async function* tarEntries(file: string): AsyncGenerator<TreeEntry> {
  const archive = extract(OPTIONS);
  const fed = pipeline(decompress(file), archive);
  fed.catch((error: unknown) => archive.destroy(error as Error));
  for await (const entry of archive)
    yield await entryOf(file, entry.header, entry as AsyncIterable<Uint8Array>);
  await fed;
}

async function entryOf(file: string, header: Header, content: AsyncIterable<Uint8Array>): Promise<TreeEntry> {
  const pax = header.pax as Readonly<Record<string, string>> | null | undefined;
  const attributes: TreeAttributes = {
    path: treePath(pax?.path ?? fromLatin1(header.name)),
    mode: header.mode,
    uid: Number(pax?.uid ?? header.uid),
    gid: Number(pax?.gid ?? header.gid),
  };
  // Reading to the end is what brings tar-stream to the next entry, so it is done for entries of any type.
  const digest = await contentDigest(content);
  const target = pax?.linkpath ?? fromLatin1(header.linkname ?? '');
  const numbers = { major: header.devmajor, minor: header.devminor };
  switch (header.type) {
    case 'file':
    case 'contiguous-file':
      return { ...attributes, type: 'file', digest };
    case 'directory':
      return { ...attributes, type: 'directory' };
    case 'symlink':
      return { ...attributes, type: 'symlink', target };
    case 'link':
      return { ...attributes, type: 'hardlink', target: treePath(target) };
    case 'character-device':
      return { ...attributes, type: 'character', ...numbers };
    case 'block-device':
      return { ...attributes, type: 'block', ...numbers };
    case 'fifo':
      return { ...attributes, type: 'fifo' };
    default: {
      const why = `${attributes.path} is of a type that no tree holds`;
      throw new RootfsError('ERR_MALFORMED_INPUT', `cannot read tar ${file}: ${why}`, { path: file });
    }
  }
}

/** `./usr/bin/`, `usr/bin` and `/usr/bin` are one path; `..` is left to be seen. */
function treePath(name: string): string {
  return `/${name.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '')}`.replace(/^\/\.$/, '/');
}
