/** Every option of the command line, once: parsing, help, and the nearest right word come from this table. */

/** The commands, as typed. */
export type CommandName = 'build' | 'resolve' | 'run' | 'inspect' | 'verify' | 'explain';

/** One option. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** Name of its value in help; an option without one is on or off. */
  readonly value?: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  /** May be given more than once; else the last one counts. */
  readonly repeatable?: true;
  readonly help: string;
  readonly commands: readonly CommandName[];
}

const READS: readonly CommandName[] = ['build', 'resolve'];

export const FLAGS = [
  {
    name: 'output',
    short: 'o',
    value: 'OUT',
    help: 'where to write; - writes an archive to standard output',
    commands: ['build'],
  },
  {
    name: 'format',
    short: 'f',
    value: 'FORMAT',
    choices: ['dir', 'tar', 'tar.gz', 'tar.zst', 'oci', 'docker', 'cpio', 'cpio.gz', 'squashfs', 'erofs'],
    help: "the rootfs' form; by the ending of OUT, else dir",
    commands: ['build'],
  },
  {
    name: 'sysroot',
    value: 'DIR',
    help: 'read programs and libraries from DIR instead of /; every path is then one inside DIR',
    commands: [...READS, 'explain'],
  },
  {
    name: 'library-path',
    value: 'PATHS',
    help: 'what LD_LIBRARY_PATH will be when the program runs',
    commands: [...READS, 'verify', 'explain'],
  },
  {
    name: 'preload',
    value: 'LIBS',
    help: 'what LD_PRELOAD will be when the program runs',
    commands: [...READS, 'verify', 'explain'],
  },
  {
    name: 'include',
    value: 'PATH',
    repeatable: true,
    help: 'add a file, a directory or a glob; SRC:DEST puts it elsewhere',
    commands: ['build'],
  },
  {
    name: 'exclude',
    value: 'GLOB',
    repeatable: true,
    help: 'leave out what the glob matches',
    commands: ['build'],
  },
  {
    name: 'discover',
    value: 'RULES',
    help: 'what to look for beyond the loader: auto, none, or rules separated by commas (auto)',
    commands: ['build', 'explain'],
  },
  {
    name: 'timezone',
    value: 'ZONE',
    help: "bring a time zone beside the tree's own, for example Europe/Paris",
    commands: ['build'],
  },
  {
    name: 'locale',
    value: 'NAME',
    help: 'bring a locale beside C.UTF-8, for example fr_FR.UTF-8',
    commands: ['build'],
  },
  {
    name: 'allow-missing',
    value: 'NAME',
    repeatable: true,
    help: 'do not fail for this library',
    commands: ['build'],
  },
  {
    name: 'hwcaps',
    value: 'WHICH',
    choices: ['baseline', 'host', 'all'],
    help: 'which variants of a library for newer processors to take (all)',
    commands: READS,
  },
  {
    name: 'epoch',
    value: 'N',
    help: 'time stamp of every entry, seconds since 1970 (SOURCE_DATE_EPOCH, else 0)',
    commands: ['build'],
  },
  {
    name: 'tag',
    value: 'TAG',
    help: 'of an image: its TAG or NAME:TAG (latest)',
    commands: ['build'],
  },
  {
    name: 'entrypoint',
    value: 'WORDS',
    help: 'of an image: what is started, one word or a JSON list of them (the first PROGRAM)',
    commands: ['build'],
  },
  {
    name: 'cmd',
    value: 'WORDS',
    help: 'of an image: arguments where none are given, one word or a JSON list of them',
    commands: ['build'],
  },
  {
    name: 'env',
    value: 'NAME=VALUE',
    repeatable: true,
    help: 'of an image: add to PATH and container, the whole environment',
    commands: ['build'],
  },
  {
    name: 'workdir',
    value: 'DIR',
    help: 'of an image: working directory (/)',
    commands: ['build'],
  },
  {
    name: 'user',
    value: 'USER[:GROUP]',
    help: 'of an image: whom the program runs as (root)',
    commands: ['build'],
  },
  {
    name: 'label',
    value: 'NAME=VALUE',
    repeatable: true,
    help: 'of an image: a label',
    commands: ['build'],
  },
  {
    name: 'layers',
    value: 'HOW',
    choices: ['auto', 'single'],
    help: 'of an image: how its layers are cut (auto)',
    commands: ['build'],
  },
  {
    name: 'compression',
    value: 'HOW',
    choices: ['gzip', 'zstd'],
    help: 'of an image: how its layers are compressed (gzip)',
    commands: ['build'],
  },
  { name: 'force', help: 'replace OUT where it exists', commands: ['build'] },
  { name: 'no-verify', help: 'skip the proof that all finds what it needs inside', commands: ['build'] },
  { name: 'dry-run', help: 'print what would be written, and write nothing', commands: ['build'] },
  { name: 'flat', help: 'a list for each program instead of a tree', commands: ['resolve'] },
  { name: 'paths', help: 'only the real paths of all files, one a line', commands: ['resolve'] },
  { name: 'dot', help: 'a graph for Graphviz', commands: ['resolve'] },
  { name: 'mermaid', help: 'a flowchart for Mermaid', commands: ['resolve'] },
  {
    name: 'symbols',
    help: 'bind every symbol too, and name those that nothing defines, as ldd -r does',
    commands: ['resolve'],
  },
  {
    name: 'from',
    value: 'FILE',
    help: 'read more programs from FILE, one a line; - reads standard input',
    commands: ['resolve'],
  },
  {
    name: 'json',
    help: 'print one JSON document',
    commands: ['build', 'resolve', 'inspect', 'verify', 'explain'],
  },
  { name: 'quiet', help: 'print nothing but errors', commands: ['build'] },
  { name: 'verbose', help: 'print every file and why it is in', commands: ['build'] },
  {
    name: 'of',
    value: 'PROGRAM',
    help: 'build PROGRAM into a temporary rootfs, run it there, and remove that',
    commands: ['run'],
  },
  {
    name: 'backend',
    value: 'NAME',
    choices: ['auto', 'unshare', 'bwrap', 'crun', 'runc', 'chroot'],
    help: 'what holds the program; this version has unshare (auto)',
    commands: ['run'],
  },
  {
    name: 'net',
    value: 'NET',
    help: 'none (only lo), or host (none)',
    commands: ['run'],
  },
  {
    name: 'env',
    value: 'NAME=VALUE',
    repeatable: true,
    help: 'add to container, PATH, HOME and TERM, the whole environment',
    commands: ['run'],
  },
  { name: 'hostname', value: 'NAME', help: 'host name inside (mkrootfs)', commands: ['run'] },
  {
    name: 'user',
    value: 'UID[:GID]',
    help: 'ids inside; outside they stay yours (0:0)',
    commands: ['run'],
  },
  { name: 'workdir', value: 'DIR', help: 'working directory inside (/)', commands: ['run'] },
  {
    name: 'bind',
    value: 'SRC:DEST[:ro]',
    repeatable: true,
    help: 'show a file or directory of this machine inside, :ro unchangeable',
    commands: ['run'],
  },
  {
    name: 'tmpfs',
    value: 'DEST',
    repeatable: true,
    help: 'an empty directory in memory, as /tmp always is',
    commands: ['run'],
  },
  { name: 'read-only', help: 'refuse writing to the root', commands: ['run'] },
  {
    name: 'writable',
    help: 'keep in ROOTFS what the program writes; else it is gone afterwards',
    commands: ['run'],
  },
  { name: 'memory', value: 'SIZE', help: 'limit of memory: bytes, or with K, M, G', commands: ['run'] },
  { name: 'pids', value: 'N', help: 'limit of processes', commands: ['run'] },
  { name: 'cpus', value: 'N', help: "limit of processor time, in processors' worth", commands: ['run'] },
  { name: 'timeout', value: 'SECONDS', help: 'kill the program after that time', commands: ['run'] },
  { name: 'print', help: 'print the exact command that would be run, and stop', commands: ['run'] },
  {
    name: 'help',
    short: 'h',
    help: 'print this help',
    commands: ['build', 'resolve', 'run', 'inspect', 'verify', 'explain'],
  },
] as const satisfies readonly Flag[];

/** Name of an option of any command. */
export type FlagName = (typeof FLAGS)[number]['name'];

/** The options of one command, in the table's order. */
export function flagsOf(command: CommandName): readonly Flag[] {
  return FLAGS.filter((flag: Flag) => flag.commands.includes(command));
}
