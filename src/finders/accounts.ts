import { type RootPath, rootPath } from '../sysroot/sysroot.ts';

/** A file that a rule makes up, as far as it is the same for every program. */
export interface Text {
  readonly path: RootPath;
  readonly text: string;
}

/**
 * The users that every Unix has, and one without privileges to run as (as in the distroless images). `*`, where
 * passwd(5) has a password, is one that nothing matches; an `x` would send pam_unix(8) to a shadow file.
 */
export const PASSWD: Text = {
  path: rootPath('/etc/passwd'),
  text: [
    'root:*:0:0:root:/root:/bin/sh',
    'nobody:*:65534:65534:nobody:/nonexistent:/sbin/nologin',
    'nonroot:*:65532:65532:nonroot:/home/nonroot:/sbin/nologin',
    '',
  ].join('\n'),
};

export const GROUP: Text = {
  path: rootPath('/etc/group'),
  text: ['root:x:0:', 'nobody:x:65534:', 'nonroot:x:65532:', ''].join('\n'),
};

export const HOSTS: Text = {
  path: rootPath('/etc/hosts'),
  text: ['127.0.0.1 localhost', '::1 localhost', ''].join('\n'),
};
