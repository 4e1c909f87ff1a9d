import { RootfsError } from '../../errors.ts';
import type { ImageOptions } from '../../options.ts';
import type { RootfsPlan } from '../../plan/entry.ts';
import { platformOf } from '../../plan/platform.ts';
import type { WrittenLayer } from './write-layer.ts';

/** What a program of a container finds: the directories that Docker's images name. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Seconds at the end of the year 9999, the last that RFC 3339 has. */
const LAST_SECOND = 253_402_300_799;
const USER = /^[\w.-]+(?::[\w.-]+)?$/;
const VARIABLE = /^[^=\0]+$/;

/**
 * An image configuration (OCI image specification, config.md; what Docker reads is the same): the same plan,
 * options and layers give the same bytes.
 */
export function imageConfig(plan: RootfsPlan, image: ImageOptions, layers: readonly WrittenLayer[]): Buffer {
  const { os, architecture, variant } = platformOf(plan);
  const created = timeStamp(plan.epoch);
  const config = {
    created,
    architecture,
    ...(variant !== undefined && { variant }),
    os,
    config: {
      ...(image.user !== undefined && { User: image.user }),
      Env: environment(image.env ?? {}),
      Entrypoint: image.entrypoint ?? plan.command,
      ...(image.cmd !== undefined && { Cmd: image.cmd }),
      WorkingDir: image.workdir ?? '/',
      ...(image.label !== undefined && { Labels: sorted(image.label) }),
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ title }) => ({ created, created_by: `mkrootfs: ${title}` })),
  };
  return Buffer.from(JSON.stringify(config));
}

/**
 * Refuses what no image can say, before anything is written.
 * @throws RootfsError ERR_USAGE
 */
export function checkImage(plan: RootfsPlan, image: ImageOptions): void {
  const { workdir, user, env = {}, label = {} } = image;
  if (plan.epoch > LAST_SECOND) throw refused(`the time stamp ${plan.epoch} lies beyond the year 9999`);
  if (workdir !== undefined && !workdir.startsWith('/'))
    throw refused(`the working directory ${JSON.stringify(workdir)} is not absolute`);
  if (user !== undefined && !USER.test(user)) throw refused(`${JSON.stringify(user)} is no user`);
  for (const name of Object.keys(env)) {
    if (!VARIABLE.test(name)) throw refused(`${JSON.stringify(name)} is no name of a variable`);
  }
  if ('' in label) throw refused('a label has no name');
  const words = [image.entrypoint ?? plan.command, image.cmd ?? [], Object.values(env), workdir ?? ''].flat();
  const odd = [...words, ...Object.entries(label).flat(), ...Object.keys(env)].find(isNoText);
  if (odd !== undefined)
    throw refused(`${JSON.stringify(odd)} is not UTF-8 or holds a NUL, which JSON and execve(2) do not take`);
}

/** `NAME=VALUE` each, ours first; a name that is given takes the place of ours. */
function environment(given: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries({ PATH, container: 'mkrootfs', ...given }).map(([name, value]) => `${name}=${value}`);
}

/** RFC 3339, in whole seconds. */
function timeStamp(epoch: number): string {
  return new Date(epoch * 1000).toISOString().replace('.000Z', 'Z');
}

function sorted(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Bytes of names that are not UTF-8 are lone surrogates here (bytes.ts). */
function isNoText(text: string): boolean {
  return /\p{Surrogate}|\0/u.test(text);
}

function refused(why: string): RootfsError {
  return new RootfsError('ERR_USAGE', `cannot write an image: ${why}`);
}
