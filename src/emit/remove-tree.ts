import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { fsName } from '../bytes.ts';
import { errno } from './failure.ts';

/**
 * Removes a file or a directory with all in it. A rootfs may hold directories that their own owner cannot
 * write to (mode 0555), which stop an ordinary user's `rm -r`: those are opened up first.
 */
export async function removeTree(path: string): Promise<void> {
  const { default: fsExtra } = await import('fs-extra');
  try {
    await fsExtra.remove(fsName(path) as string);
  } catch (cause) {
    if (!['EACCES', 'EPERM', 'ENOTEMPTY'].includes(errno(cause))) throw cause;
    openUp(fsName(path));
    await fsExtra.remove(fsName(path) as string);
  }
}

function openUp(path: string | Buffer): void {
  if (!lstatSync(path).isDirectory()) return;
  chmodSync(path, 0o700);
  for (const name of readdirSync(path, { encoding: 'buffer' }))
    openUp(Buffer.concat([Buffer.from(path), Buffer.from('/'), name]));
}
