import { mkdirSync } from 'node:fs';
import { fsName } from '../bytes.ts';
import type { Entry, RootfsPlan } from '../plan/entry.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import { writeDirectory } from './directory.ts';
import { diskFailure, type ImageStage, writeDiskImage } from './disk-image.ts';
import type { EmitOptions, EmitReport } from './emitter.ts';
import { removeTree } from './remove-tree.ts';
import { runTool, type Tool } from './tool.ts';

const MKFS_EROFS: Tool = {
  name: 'mkfs.erofs',
  hint: 'install the package erofs-utils',
  writeFailure: diskFailure,
};

/** The same for all images: a random one would make each other bytes. */
const UUID = '00000000-0000-0000-0000-000000000000';

/**
 * Writes the plan as an EROFS image, compressed with LZ4. The tool reads a directory, which stands beside the
 * output meanwhile; without root, devices and owners that differ among themselves are lost, and the report's
 * warnings tell it. The same plan gives the same bytes for one version of the tool.
 * @throws RootfsError ERR_OUTPUT_EXISTS, ERR_OUTPUT, ERR_CHANGED, ERR_NOT_READABLE, ERR_MACHINE where there is no
 * mkfs.erofs or it fails, ERR_INTERRUPTED, ERR_MALFORMED_INPUT, ERR_USAGE
 */
export async function writeErofs(
  plan: RootfsPlan,
  sysroot: Sysroot,
  options: EmitOptions,
): Promise<EmitReport> {
  const { made, output, bytes, warning } = await writeDiskImage(plan, options, 'erofs', (stage) =>
    makeImage(plan, sysroot, stage, options),
  );
  const warnings = warning === null ? made.warnings : [...made.warnings, warning];
  return { ...made, output, format: 'erofs', outputBytes: bytes, warnings };
}

async function makeImage(
  plan: RootfsPlan,
  sysroot: Sysroot,
  { path, pace }: ImageStage,
  { level, onProgress, signal }: EmitOptions,
): Promise<EmitReport> {
  const folder = `${path}.tree`;
  mkdirSync(fsName(folder), { mode: 0o700 });
  try {
    const tree = `${folder}/rootfs`;
    const owner = onlyOwner(plan.entries);
    const report = await writeDirectory(owner === null ? plan : ownedByUs(plan), sysroot, {
      output: tree,
      ...(signal !== undefined && { signal }),
      ...(onProgress !== undefined && { onProgress }),
    });
    const compression = level === undefined ? '-zlz4hc' : `-zlz4hc,${level}`;
    const owners = owner === null ? [] : [`--force-uid=${owner.uid}`, `--force-gid=${owner.gid}`];
    await runTool(MKFS_EROFS, [compression, `-T${plan.epoch}`, `-U${UUID}`, ...owners, path, tree], { pace });
    return report;
  } finally {
    await removeTree(folder);
  }
}

/** The owner of all entries; null where they have several. */
function onlyOwner([first, ...rest]: readonly Entry[]): Pick<Entry, 'uid' | 'gid'> | null {
  if (first === undefined) return null;
  return rest.every(({ uid, gid }) => uid === first.uid && gid === first.gid) ? first : null;
}

/** So that no file has to be given away, which only root may: the tool writes the owner that it is told. */
function ownedByUs(plan: RootfsPlan): RootfsPlan {
  const [uid = 0, gid = 0] = [process.getuid?.(), process.getgid?.()];
  return { ...plan, entries: plan.entries.map((entry) => ({ ...entry, uid, gid })) };
}
