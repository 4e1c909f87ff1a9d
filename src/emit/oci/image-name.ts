import { basename } from 'node:path/posix';
import { RootfsError } from '../../errors.ts';

/** What an image is called. */
export interface ImageName {
  /** `NAME` or `HOST[:PORT]/NAME`; null where only a tag was given. */
  readonly repository: string | null;
  readonly tag: string;
}

/** The grammar of distribution's references: https://pkg.go.dev/github.com/distribution/reference */
const TAG = /^\w[\w.-]{0,127}$/;
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const HOST = '(?:[A-Za-z0-9.-]+(?::\\d+)?/)?';
const REPOSITORY = new RegExp(`^${HOST}${COMPONENT}(?:/${COMPONENT})*$`);
const LONGEST_REPOSITORY = 255;

/**
 * Reads `TAG`, `NAME:TAG` or `HOST/NAME[:TAG]`: a word without colon and slash is a tag.
 * @throws RootfsError ERR_USAGE
 */
export function parseImageName(text: string): ImageName {
  const colon = text.lastIndexOf(':');
  const tagged = colon > text.lastIndexOf('/');
  const onlyTag = !/[:/]/.test(text);
  const tag = onlyTag ? text : tagged ? text.slice(colon + 1) : 'latest';
  const repository = onlyTag ? null : tagged ? text.slice(0, colon) : text;
  const fits =
    repository === null || (repository.length <= LONGEST_REPOSITORY && REPOSITORY.test(repository));
  if (TAG.test(tag) && fits) return { repository, tag };
  throw new RootfsError(
    'ERR_USAGE',
    `cannot name an image ${JSON.stringify(text)}: it is no TAG and no NAME:TAG`,
    {
      hint: 'a name is in lower case, such as example.org/tools/app:1.2',
    },
  );
}

/** A repository for images that have no other: made of the program's name. */
export function repositoryOf(program: string | undefined): string {
  const words = basename(program ?? '')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return words?.join('-') ?? 'rootfs';
}
