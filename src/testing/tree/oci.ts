import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeEntry } from './entry.ts';
import { tarEntries } from './tar.ts';

interface Descriptor {
  readonly digest: string;
}

/**
 * The entries of the first image of an OCI layout, its layers put over each other: what comes later takes the place of
 * what was there. Whiteouts are not known.
 */
export async function* ociEntries(layout: string): AsyncGenerator<TreeEntry> {
  const read = async (file: string) => JSON.parse(await readFile(join(layout, file), 'utf8'));
  const index: { manifests: readonly [Descriptor] } = await read('index.json');
  const manifest: { layers: readonly Descriptor[] } = await read(blob(index.manifests[0]));
  const entries = new Map<string, TreeEntry>();
  for (const layer of manifest.layers) {
    for await (const entry of tarEntries(join(layout, blob(layer)))) entries.set(entry.path, entry);
  }
  yield* entries.values();
}

function blob({ digest }: Descriptor): string {
  return join('blobs', ...digest.split(':'));
}
