import { RootfsError } from '../errors.ts';
import {
  parseBind,
  parseInside,
  parseNetwork,
  parsePositive,
  parseSize,
  parseUser,
  wrongOption,
} from './option-values.ts';
import type { RunOptions } from './options.ts';
import type { Mount, Namespace, Network, RunSpec, Writes } from './run-spec.ts';

/** Where login programs look for programs, for root. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** HOST_NAME_MAX of limits.h. */
const HOSTNAME_BYTES = 64;

/** The longest timer of JavaScript: 2^31 - 1 milliseconds. */
const MAX_SECONDS = 2_147_483;

/** What the spec takes over from whoever calls. */
export interface Caller {
  readonly cwd: string;
  /** Type of the terminal (TERM); null where there is none. */
  readonly term: string | null;
  /** Whether the rootfs has files in /tmp, which a private /tmp would hide. */
  readonly tmpHasFiles: boolean;
}

/**
 * The defaults of docs/running.md with the options applied.
 * @param root absolute host path of the rootfs
 * @throws RootfsError ERR_USAGE
 */
export function runSpec(
  root: string,
  argv: readonly string[],
  options: RunOptions,
  { cwd, term, tmpHasFiles }: Caller,
): RunSpec {
  // Of the whole machine nothing could be hidden.
  if (root === '/') throw wrongOption('ROOTFS', root, 'a directory that mkrootfs build wrote');
  const user = parseUser(options.user ?? '0:0');
  const network = parseNetwork(options.net ?? 'none');
  return {
    root,
    argv: checkedCommand(argv),
    env: checkedEnvironment({
      container: 'mkrootfs',
      PATH,
      HOME: user.uid === 0 ? '/root' : '/',
      TERM: term ?? 'dumb',
      ...options.env,
    }),
    cwd: parseInside('workdir', options.workdir ?? '/'),
    user,
    hostname: checkedHostname(options.hostname ?? 'mkrootfs'),
    namespaces: namespaces(network),
    mounts: mounts(options, cwd, tmpHasFiles),
    network,
    limits: {
      memoryBytes: options.memory === undefined ? null : parseSize('memory', options.memory),
      pids: parsePositive('pids', options.pids, true),
      cpus: parsePositive('cpus', options.cpus, false),
    },
    writes: writes(options),
    timeoutMs: milliseconds(options.timeout),
  };
}

function namespaces(network: Network): Readonly<Record<Namespace, boolean>> {
  const net = network.kind !== 'host' && network.kind !== 'netns';
  return { mount: true, uts: true, ipc: true, pid: true, user: true, net, cgroup: true, time: false };
}

/** The user's own last: they may lie over or below ours. */
function mounts({ tmpfs = [], bind = [] }: RunOptions, cwd: string, tmpHasFiles: boolean): readonly Mount[] {
  return [
    { type: 'proc', destination: '/proc' },
    { type: 'dev', destination: '/dev' },
    ...(tmpHasFiles ? [] : [{ type: 'tmpfs', destination: '/tmp' } as const]),
    ...tmpfs.map((path): Mount => ({ type: 'tmpfs', destination: belowRoot('tmpfs', path) })),
    ...bind.map((text) => parseBind(text, cwd)),
  ];
}

function belowRoot(option: string, path: string): string {
  const inside = parseInside(option, path);
  if (inside === '/') throw wrongOption(option, path, 'a directory below /');
  return inside;
}

function writes({ readOnly, writable }: RunOptions): Writes {
  if (readOnly && writable) {
    throw new RootfsError('ERR_USAGE', 'cannot run: read-only and writable exclude each other');
  }
  if (readOnly) return 'refused';
  return writable ? 'kept' : 'discarded';
}

function milliseconds(seconds: number | undefined): number | null {
  const timeout = parsePositive('timeout', seconds, false);
  if (timeout !== null && timeout > MAX_SECONDS)
    throw wrongOption('timeout', timeout, 'seconds, up to 24 days');
  return timeout === null ? null : Math.ceil(timeout * 1000);
}

function checkedCommand(argv: readonly string[]): RunSpec['argv'] {
  const [program, ...args] = argv;
  if (program === undefined || program === '') {
    throw new RootfsError('ERR_USAGE', 'cannot run: no command is named', {
      hint: 'mkrootfs run rootfs /bin/echo "Hello, world!"',
    });
  }
  for (const word of argv) {
    if (word.includes('\0')) throw wrongOption('the command', word, 'words without NUL bytes');
  }
  return [program, ...args];
}

function checkedEnvironment(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(env)) {
    if (name === '' || name.includes('=') || `${name}${value}`.includes('\0')) {
      throw wrongOption('env', `${name}=${value}`, 'NAME=VALUE, without NUL bytes');
    }
  }
  return env;
}

function checkedHostname(name: string): string {
  if (/^[\w.-]+$/.test(name) && name.length <= HOSTNAME_BYTES) return name;
  throw wrongOption('hostname', name, `up to ${HOSTNAME_BYTES} letters, digits, dots and hyphens`);
}
