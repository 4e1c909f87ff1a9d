import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { skip } from '../../helpers/capabilities.ts';
import { run } from './tools.ts';

/** Mounts an image at a new directory while `look` looks at it; skips where this machine has no loop devices for us. */
export async function mounted(
  context: Mocha.Context,
  image: string,
  type: string,
  look: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = `${image}.mounted`;
  mkdirSync(directory);
  const { status, stderr } = spawnSync('mount', ['-t', type, '-o', 'loop,ro', image, directory], {
    encoding: 'utf8',
  });
  if (status !== 0) skip(context, `this machine mounts no ${type} (${stderr.trim()})`);
  try {
    await look(directory);
  } finally {
    run('umount', [directory]);
  }
}
