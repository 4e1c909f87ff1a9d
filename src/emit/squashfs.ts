import type { RootfsPlan } from '../plan/entry.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import { diskFailure, writeDiskImage } from './disk-image.ts';
import type { EmitOptions, EmitReport } from './emitter.ts';
import { packTar } from './pack-tar.ts';
import { Tally } from './tally.ts';
import { runTool, type Tool } from './tool.ts';

const MKSQUASHFS: Tool = {
  name: 'mksquashfs',
  hint: 'install the package squashfs-tools, 4.5 or newer',
  writeFailure: diskFailure,
  // The root directory, which it takes from options alone.
  chatter: /^Empty tar filename/,
};

/** The chunks of the tar archive on its way to the tool, one being read while the other is written. */
const SHAPE = { bytes: 512 << 10, buffers: 2 } as const;

/**
 * Writes the plan as a SquashFS image, compressed with gzip, which every kernel with SquashFS reads. Our tar
 * archive goes straight into mksquashfs, so owners and devices need no privileges. The same plan gives the same
 * bytes for one version of the tool.
 * @throws RootfsError ERR_OUTPUT_EXISTS, ERR_OUTPUT, ERR_CHANGED, ERR_NOT_READABLE, ERR_MACHINE where there is no
 * mksquashfs or it fails, ERR_INTERRUPTED, ERR_MALFORMED_INPUT, ERR_USAGE
 */
export async function writeSquashfs(
  plan: RootfsPlan,
  sysroot: Sysroot,
  options: EmitOptions,
): Promise<EmitReport> {
  const tally = new Tally(plan, options.onProgress);
  const { output, bytes, warning } = await writeDiskImage(plan, options, 'squashfs', ({ path, pace }) => {
    const chunks = packTar(plan, sysroot, tally, SHAPE);
    return runTool(MKSQUASHFS, ['-', path, ...argumentsFor(plan, options.level)], { chunks, pace });
  });
  if (warning !== null) tally.warn(warning);
  const { uid = 0, gid = 0 } = plan.entries[0] ?? {};
  // mksquashfs 4.5 forgets -root-uid where it reads an archive.
  if (uid !== 0 || gid !== 0) tally.warn(`the root directory belongs to 0:0, not to ${uid}:${gid}`);
  return tally.report(output, 'squashfs', bytes);
}

/** All times and the root directory, which it does not take from the archive. */
function argumentsFor({ entries, epoch }: RootfsPlan, level: number | undefined): readonly string[] {
  const time = String(epoch);
  return [
    '-tar',
    // The file is there already, and empty: we made it, to be sure that the name is ours.
    '-noappend',
    '-quiet',
    '-no-progress',
    ...['-comp', 'gzip', ...(level === undefined ? [] : ['-Xcompression-level', String(level)])],
    ...['-mkfs-time', time, '-all-time', time, '-root-time', time],
    ...['-root-mode', (entries[0]?.mode ?? 0o755).toString(8)],
  ];
}
