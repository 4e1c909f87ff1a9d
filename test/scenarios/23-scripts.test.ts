import { readFileSync } from 'node:fs';
import { hasTool } from '../helpers/capabilities.ts';
import { app, file, link, program } from './harness.ts';
import { type Start, starts } from './starts.ts';
import type { Tree } from './tree.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
const LIBC = '/lib/x86_64-linux-gnu/libc.so.6';
const sh = app();
const script = (text: string): ReturnType<typeof program> => program(text);

/** env(1) and its libc, as this machine has them. */
const env: Tree =
  hasTool('/usr/bin/env') && hasTool(LIBC)
    ? { '/usr/bin/env': program(readFileSync('/usr/bin/env')), [LIBC]: program(readFileSync(LIBC)) }
    : {};
const ENV = ['/usr/bin/env', LIBC, LOADER];

/** A script that env(1) starts something for. */
function byEnv(
  title: string,
  line: string,
  command: string | null,
  more: Partial<Start> & { tree?: Tree } = {},
): Start {
  const tree = {
    '/app': script(`#!${line}\n`),
    ...env,
    ...(command === null ? {} : { [command]: sh }),
    ...more.tree,
  };
  return { title, objects: ['/app', ...ENV, ...(command === null ? [] : [command])], ...more, tree };
}

const levels = (count: number): Tree => ({
  '/bin/sh': sh,
  '/app': script('#!/s1\n'),
  ...Object.fromEntries(
    Array.from({ length: count - 1 }, (_, i) => [
      `/s${i + 1}`,
      script(i + 2 < count ? `#!/s${i + 2}\n` : '#!/bin/sh\n'),
    ]),
  ),
});

starts('G23: the kernel reads #!, env(1) the rest', [
  {
    title: '#! names an interpreter',
    tree: { '/app': script('#!/bin/sh\n'), '/bin/sh': sh },
    objects: ['/app', '/bin/sh', LOADER],
  },
  {
    title: 'blanks around it are stripped',
    tree: { '/app': script('#! \t /bin/sh \t \n'), '/bin/sh': sh },
    objects: ['/app', '/bin/sh', LOADER],
  },
  {
    title: 'the rest of the line is one argument',
    tree: { '/app': script('#!/bin/sh -e -u\n'), '/bin/sh': sh, '/bin/sh -e': sh },
    objects: ['/app', '/bin/sh', LOADER],
  },
  {
    title: 'the line may end with the file',
    tree: { '/app': script('#!/bin/sh'), '/bin/sh': sh },
    objects: ['/app', '/bin/sh', LOADER],
  },
  {
    title: 'a carriage return is an ordinary byte',
    tree: { '/app': script('#!/bin/sh\r\n'), '/bin/sh': sh },
    objects: ['/app'],
    missing: ['/bin/sh\r'],
    refused: /No such file/,
  },
  {
    title: 'a carriage return is an ordinary byte of a name that may exist',
    tree: { '/app': script('#!/bin/sh\r\n'), '/bin/sh\r': sh },
    objects: ['/app', '/bin/sh\r', LOADER],
  },
  {
    title: 'an empty line cannot be started',
    tree: { '/app': script('#!\n') },
    error: /names no interpreter/,
    refused: /Exec format error/,
  },
  {
    title: 'a line of blanks cannot be started',
    tree: { '/app': script('#!  \t \n/bin/sh') },
    error: /names no interpreter/,
    refused: /Exec format error/,
  },
  {
    title: 'a relative interpreter is relative to the current directory',
    tree: { '/o/app': script('#!bin/sh\n'), '/bin/sh': sh },
    program: '/o/app',
    objects: ['/o/app', '/bin/sh', LOADER],
  },
  {
    title: 'an interpreter that is not there is missing',
    tree: { '/app': script('#!/bin/sh\n') },
    objects: ['/app'],
    missing: ['/bin/sh'],
    refused: /No such file/,
  },
  {
    title: 'an interpreter that is not executable is missing',
    tree: { '/app': script('#!/bin/sh\n'), '/bin/sh': file('x') },
    objects: ['/app'],
    missing: ['/bin/sh'],
    refused: /Permission denied/,
  },
  {
    title: 'the interpreter may be a link',
    tree: { '/app': script('#!/bin/sh\n'), '/bin/sh': link('dash'), '/bin/dash': sh },
    objects: ['/app', '/bin/sh', LOADER],
  },
  {
    title: 'the interpreter may be a script',
    tree: { '/app': script('#!/s1 x\n'), '/s1': script('#!/bin/sh\n'), '/bin/sh': sh },
    objects: ['/app', '/s1', '/bin/sh', LOADER],
  },
  {
    title: 'five scripts in a row',
    tree: levels(5),
    objects: ['/app', '/s1', '/s2', '/s3', '/s4', '/bin/sh', LOADER],
  },
  {
    title: 'six scripts in a row',
    tree: levels(6),
    error: /more than \d levels/,
    refused: /Too many levels of symbolic links/,
  },
  {
    title: 'a script that is its own interpreter',
    tree: { '/app': script('#!/app\n') },
    error: /more than \d levels/,
    refused: /Too many levels of symbolic links/,
  },
  {
    title: 'a line whose interpreter ends at byte 255',
    tree: { '/app': script(`#!${'/'.repeat(246)}bin/sh\n`), '/bin/sh': sh },
    objects: ['/app', `${'/'.repeat(246)}bin/sh`, LOADER],
  },
  {
    title: 'an interpreter that fills the 256 bytes without an end cannot be started',
    tree: { '/app': script(`#!${'/'.repeat(260)}bin/sh\n`), '/bin/sh': sh },
    error: /names no interpreter/,
    refused: /Exec format error/,
  },
  {
    title: 'an argument that goes beyond the 256 bytes is cut',
    tree: { '/app': script(`#!/bin/sh ${'x'.repeat(300)}\n`), '/bin/sh': sh },
    objects: ['/app', '/bin/sh', LOADER],
  },
  byEnv('env: the command is looked up in PATH', '/usr/bin/env tool', '/usr/bin/tool'),
  byEnv('env: a command that is nowhere is missing', '/usr/bin/env tool', null, { missing: ['tool'] }),
  byEnv('env: a command with a slash is not searched', '/usr/bin/env /o/tool', '/o/tool'),
  byEnv(
    'env: a relative command with a slash starts at the current directory',
    '/usr/bin/env o/tool',
    '/o/tool',
  ),
  byEnv('env: without -S the argument is one word', '/usr/bin/env tool -x', null, {
    missing: ['tool -x'],
    tree: { '/usr/bin/tool': sh },
  }),
  byEnv('env -S splits its string', '/usr/bin/env -S tool -x y', '/usr/bin/tool'),
  byEnv('env -S without a blank behind it', '/usr/bin/env -Stool -x', '/usr/bin/tool'),
  byEnv('env --split-string=', '/usr/bin/env --split-string=tool -x', '/usr/bin/tool'),
  byEnv('env -S: variables come before the command', '/usr/bin/env -S A=1 B=2 tool', '/usr/bin/tool'),
  byEnv('env -S: options come before the command', '/usr/bin/env -S -i -u HOME tool', '/usr/bin/tool', {
    noOracle: 'without PATH env looks elsewhere',
  }),
  byEnv('env -S: -- ends the options', '/usr/bin/env -S -- A=1 tool', '/usr/bin/tool'),
  byEnv('env -vS', '/usr/bin/env -vS tool', '/usr/bin/tool'),
  byEnv('env -S: quotes join words', "/usr/bin/env -S 'my tool' x", '/usr/bin/my tool'),
  byEnv('env -S: double quotes join words', '/usr/bin/env -S "my tool" x', '/usr/bin/my tool'),
  byEnv('env -S: a backslash and underscore is a blank', '/usr/bin/env -S tool\\_x', '/usr/bin/tool'),
  byEnv('env -S: # ends the string', '/usr/bin/env -S tool # comment', '/usr/bin/tool'),
  byEnv('env -C changes the directory of a relative command', '/usr/bin/env -S -C /o ./tool', null, {
    tree: { '/o/tool': sh },
    objects: ['/app', ...ENV, '/o/./tool'],
  }),
  byEnv('what env starts may be a script, and its levels count anew', '/usr/bin/env s', null, {
    tree: {
      '/bin/s': script('#!/s1\n'),
      '/s1': script('#!/s2\n'),
      '/s2': script('#!/s3\n'),
      '/s3': script('#!/s4\n'),
      '/s4': script('#!/bin/sh\n'),
      '/bin/sh': sh,
    },
    objects: ['/app', ...ENV, '/bin/s', '/s1', '/s2', '/s3', '/s4', '/bin/sh'],
  }),
]);
