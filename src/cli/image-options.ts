import { RootfsError } from '../errors.ts';
import type { ImageOptions } from '../options.ts';
import { assignments } from './assignments.ts';
import type { Flags } from './command.ts';

/** What the command line says of an image; nothing for what it does not say. */
export function imageOptions(flags: Flags): ImageOptions {
  const options = {
    entrypoint: words(flags, 'entrypoint'),
    cmd: words(flags, 'cmd'),
    env: named(flags, 'env'),
    workdir: flags.text('workdir'),
    user: flags.text('user'),
    label: named(flags, 'label'),
    tag: flags.text('tag'),
    layers: flags.text('layers') as ImageOptions['layers'],
    compression: flags.text('compression') as ImageOptions['compression'],
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as ImageOptions;
}

function named(flags: Flags, name: 'env' | 'label'): Readonly<Record<string, string>> | undefined {
  return flags.has(name) ? assignments(flags.list(name), name, 'build') : undefined;
}

/** One word as it is, or a JSON list of words, as in a Dockerfile: no word is ever split at its blanks. */
function words(flags: Flags, name: 'entrypoint' | 'cmd'): readonly string[] | undefined {
  const text = flags.text(name);
  if (text === undefined || !text.startsWith('[')) return text === undefined ? text : [text];
  const list = parsed(text);
  if (Array.isArray(list) && list.every((word) => typeof word === 'string')) return list;
  throw new RootfsError('ERR_USAGE', `cannot build: '${text}' is no list of words`, {
    hint: `--${name} takes one word, or a list such as '["/bin/app", "--serve"]'`,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
