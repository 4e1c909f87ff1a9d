import type { CommandName } from './flags.ts';

/** What help says of a command besides its options. */
export interface ManualPage {
  readonly summary: string;
  /** After `mkrootfs `, one line a form. */
  readonly usage: readonly string[];
  readonly description: readonly string[];
  readonly examples: readonly { readonly line: string; readonly what: string }[];
}

export const MANUAL: Readonly<Record<CommandName, ManualPage>> = {
  build: {
    summary: 'build the root filesystem of one or more programs',
    usage: ['build PROGRAM... -o OUT [options]', 'PROGRAM... -o OUT [options]'],
    description: [
      'Finds every file that the programs need by reading ELF itself (nothing is run), and writes them to',
      'OUT under the paths they have here. A program without a slash that is not in the working directory is',
      'looked up in /usr/local/bin, /usr/bin, /bin and their sbin.',
      'OUT appears whole or not at all; the same input gives the same bytes.',
    ],
    examples: [
      { line: 'mkrootfs /bin/echo -o rootfs', what: 'a directory' },
      { line: 'mkrootfs build sh ls cat -o tools.tar.gz', what: 'three programs in one archive' },
      { line: 'mkrootfs build bash --include /etc/bash.bashrc -o rootfs', what: 'with a file more' },
      { line: 'mkrootfs build /usr/bin/app --sysroot /srv/arm64 -o app.tar', what: 'from another tree' },
      { line: 'mkrootfs build git -f tar -o - | ssh host tar -x -C /srv/git', what: 'to a pipe' },
    ],
  },
  resolve: {
    summary: 'show what the dynamic loader would load; runs nothing',
    usage: ['resolve PROGRAM... [options]'],
    description: [
      'Prints each library that a program needs, the file that answers, and the rule that found it: rpath,',
      'runpath, library-path, cache, conf, default, direct, preload, audit, or soname (already loaded under',
      'that name). For what is missing, the places tried in the order in which the loader tries them.',
    ],
    examples: [
      { line: 'mkrootfs resolve /bin/bash', what: 'a tree' },
      { line: 'mkrootfs resolve --paths /usr/bin/git', what: 'files, one a line' },
      {
        line: 'find /usr/lib -name "*.so" | mkrootfs resolve --from - --json',
        what: 'many, for programs to read',
      },
    ],
  },
  run: {
    summary: 'run a command in a built root filesystem',
    usage: ['run ROOTFS [options] [--] CMD [ARG...]', 'run --of PROGRAM [options] [--] [ARG...]'],
    description: [
      'Starts CMD as root of its own user namespace, with a clean environment, its own processes, mounts and',
      'host name, and no network. Exit code and signals are passed on. ROOTFS stays as it was.',
    ],
    examples: [
      { line: 'mkrootfs run rootfs /bin/echo "Hello, world!"', what: 'from a directory built before' },
      { line: 'mkrootfs run --of bash -- -c "echo \\$container"', what: 'built for this one run' },
    ],
  },
  inspect: {
    summary: 'show what an ELF file says of itself',
    usage: ['inspect FILE... [options]'],
    description: [
      'Prints header, interpreter, names and search paths, libraries and versions needed, and notes.',
    ],
    examples: [{ line: 'mkrootfs inspect /bin/sh', what: 'for people' }],
  },
  verify: {
    summary: 'prove a root filesystem complete without running it',
    usage: ['verify ROOTFS [options]'],
    description: [
      'Reads a finished directory back: every library, symbol version, interpreter, #! line and link of every',
      'file must resolve inside it, its loader cache must agree, and nothing may be for another machine.',
      'Exit code 3 tells of a gap; each is named. mkrootfs build does the same before it writes.',
    ],
    examples: [{ line: 'mkrootfs verify rootfs', what: 'a directory' }],
  },
  explain: {
    summary: 'show why a file is in a rootfs, or why it is not',
    usage: ['explain PROGRAM PATH|SONAME [options]', 'explain ROOTFS PATH|SONAME [options]'],
    description: [
      'Prints the shortest chain that leads from the program to the file, with the reason for each step. For a',
      'file that is asked for and missing, the chain to who asks, and the places tried. In a ROOTFS (a directory)',
      'every program counts as asked for. Exit code 3: it is not in.',
    ],
    examples: [
      { line: 'mkrootfs explain /bin/ls libpcre2-8.so.0', what: 'why a program needs a library' },
      { line: 'mkrootfs explain rootfs /usr/lib/os-release', what: 'why a file is in a rootfs' },
    ],
  },
};
