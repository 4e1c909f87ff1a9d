import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { needs, needsNamespaces } from '../helpers/capabilities.ts';

/** Binds /proc and a few devices, then enters; a mount namespace of its own, so that nothing stays behind. */
const ENTER =
  'mount --rbind /proc "$1/proc" && for d in null zero urandom; do : > "$1/dev/$d" && mount --bind "/dev/$d" "$1/dev/$d"; done && exec chroot "$@"';

/** What plain chroot(1) needs here: root, or a user namespace. */
export function needsChroot(context: Mocha.Context): void {
  needs(context, { tool: 'unshare', package: 'util-linux' });
  if (process.getuid?.() !== 0) needsNamespaces(context);
}

/** What a command gets beside its arguments. */
export interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs a command in a rootfs by plain chroot(1), with an empty environment and nothing but its own files. */
export function inChroot(rootfs: string, argv: readonly string[]): SpawnSyncReturns<string> {
  return enter(['chroot', rootfs, ...argv]);
}

/** The same with /proc and /dev/null, zero and urandom bound, for programs that cannot do without. */
export function inChrootWithKernel(
  rootfs: string,
  argv: readonly string[],
  given: Given = {},
): SpawnSyncReturns<string> {
  return enter(['unshare', '--mount', 'sh', '-c', ENTER, 'sh', rootfs, ...argv], given);
}

function enter(command: readonly string[], { env, input = '' }: Given = {}): SpawnSyncReturns<string> {
  const asRoot = process.getuid?.() === 0 ? [] : ['unshare', '--user', '--map-root-user'];
  const [file = '', ...args] = [...asRoot, ...command];
  const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
  return spawnSync(file, args, { encoding: 'utf8', env: { PATH, ...env }, input, timeout: 60_000 });
}
