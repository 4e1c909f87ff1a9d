import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { fsName } from '../bytes.ts';
import { RootfsError } from '../errors.ts';
import type { Entry, RootfsPlan } from '../plan/entry.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';
import { Attributes } from './attributes.ts';
import { Copier } from './copy.ts';
import { makeDevice } from './device-node.ts';
import type { EmitOptions, EmitReport } from './emitter.ts';
import { outputFailure } from './failure.ts';
import { Pace } from './pace.ts';
import { Placement } from './placement.ts';
import { stageDirectory } from './staging.ts';
import { Tally } from './tally.ts';
import { writeXattrs } from './write-xattrs.ts';

/** An entry and where it goes. */
interface Placed<E extends Entry = Entry> {
  readonly entry: E;
  readonly path: string;
}

/** What the steps of one directory share. */
interface Work {
  readonly placed: readonly Placed[];
  readonly copier: Copier;
  readonly attributes: Attributes;
  readonly pace: Pace;
  readonly tally: Tally;
}

/**
 * Writes the plan as a directory tree. It grows in a directory beside the output that only its owner may
 * enter, and takes the output's name when it is whole.
 *
 * Modes, owners, times, hard links, devices and extended attributes are as planned, as far as the caller's
 * privileges allow; what they do not is in the report's warnings.
 * @throws RootfsError ERR_OUTPUT_EXISTS, ERR_OUTPUT, ERR_CHANGED, ERR_NOT_READABLE, ERR_INTERRUPTED,
 * ERR_MALFORMED_INPUT, ERR_USAGE
 */
export async function writeDirectory(
  plan: RootfsPlan,
  sysroot: Sysroot,
  options: EmitOptions,
): Promise<EmitReport> {
  if (options.output === '-')
    throw new RootfsError('ERR_USAGE', 'cannot write a directory to standard output', {
      hint: 'choose an archive format, such as tar',
    });
  const pace = new Pace(options.signal, options.output);
  const tally = new Tally(plan, options.onProgress);
  const stage = stageDirectory(options.output, options.force ?? false);
  try {
    await fillTree(plan, sysroot, stage.path, pace, tally);
    pace.check();
    const warning = await stage.commit();
    if (warning !== null) tally.warn(warning);
  } catch (error) {
    await stage.discard();
    throw outputFailure(stage.output, error);
  }
  return tally.report(stage.output, 'dir');
}

/** Each step leaves the tree such that the next one can reach what it works on. */
async function fillTree(
  plan: RootfsPlan,
  sysroot: Sysroot,
  top: string,
  pace: Pace,
  tally: Tally,
): Promise<void> {
  const placement = new Placement();
  const placed = plan.entries.map((entry) => {
    const place = placement.place(entry);
    return { entry, path: place === '' ? top : `${top}/${place}` };
  });
  const attributes = new Attributes(plan.epoch);
  const work = { placed, attributes, pace, tally, copier: new Copier(top, sysroot, pace, tally) };
  await makeDirectoriesAndFiles(work);
  await makeLinksAndDevices(work);
  writeXattrs(placed, tally);
  finishDirectories(work);
  attributes.report(tally);
}

/** Directories stay open to us alone until everything is in them. */
async function makeDirectoriesAndFiles({ placed, copier, attributes, pace, tally }: Work): Promise<void> {
  try {
    for (const { entry, path } of placed) {
      if (entry.type === 'directory' && entry.path !== '/') mkdirSync(fsName(path), { mode: 0o700 });
      if (entry.type === 'file') {
        await copier.copy(entry, path, () => {
          attributes.apply(entry, path);
          tally.entry('file');
        });
      }
      if (pace.spend(0)) await pace.breathe();
    }
    await copier.finish();
  } catch (error) {
    await copier.abandon();
    throw error;
  }
}

async function makeLinksAndDevices({ placed, attributes, pace, tally }: Work): Promise<void> {
  const paths = new Map(placed.map(({ entry, path }) => [entry.path, path]));
  for (const { entry, path } of placed) {
    if (entry.type === 'hardlink') {
      linkSync(fsName(paths.get(entry.target) as string), fsName(path));
      tally.entry('hardlink');
    } else if (entry.type === 'symlink') {
      symlinkSync(fsName(entry.target), fsName(path));
      attributes.apply(entry, path);
      tally.entry('symlink');
    } else if (entry.type === 'device') {
      const fault = makeDevice(entry, path);
      if (fault === null) {
        attributes.apply(entry, path);
        tally.entry('device');
      } else tally.warn(`the device ${entry.path} is not made: ${fault}`);
    }
    if (pace.spend(0)) await pace.breathe();
  }
}

/** Deepest first: to write into a directory is to change its time, and its mode may shut us out. */
function finishDirectories({ placed, attributes, tally }: Work): void {
  for (const { entry, path } of placed.toReversed()) {
    if (entry.type !== 'directory') continue;
    attributes.apply(entry, path);
    tally.entry('directory');
  }
}
