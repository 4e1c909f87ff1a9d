import { RootfsError } from '../../errors.ts';
import type { Backend, Launch, Machine } from '../backend.ts';
import type { Mount, Namespace, RunSpec, Writes } from '../run-spec.ts';

/**
 * unshare(1) of util-linux makes the namespaces; our PID 1 (src/run/init) does the rest. Without PID 1 for this
 * processor it is the article's line, unshare and chroot, which keeps less: see {@link Launch.gaps}.
 */
export const unshare: Backend = {
  launch(spec, machine) {
    refuseUnsupported(spec);
    const file = machine.tools.unshare;
    if (file === null) {
      throw cannot(spec, 'unshare is not installed', 'apt-get install util-linux');
    }
    const flags = [...LIFETIME, ...namespaceFlags(spec), ...identityFlags(spec)];
    return machine.init === null
      ? plain(spec, file, flags, machine)
      : { file, args: [...flags, '--', ...initCommand(spec, machine.init)], env: {}, init: true, gaps: [] };
  },
};

/** One process more, as PID 1, that dies with unshare. */
const LIFETIME = ['--fork', '--kill-child'] as const;

const NAMESPACES: readonly Namespace[] = ['mount', 'uts', 'ipc', 'pid', 'net', 'cgroup', 'time', 'user'];

function namespaceFlags({ namespaces }: RunSpec): readonly string[] {
  return NAMESPACES.filter((name) => namespaces[name]).map((name) => `--${name}`);
}

/** Any other user than root loses every capability at exec, and PID 1 needs them first. */
function identityFlags({ user: { uid, gid } }: RunSpec): readonly string[] {
  if (uid === 0 && gid === 0) return ['--map-root-user'];
  return [`--map-user=${uid}`, `--map-group=${gid}`, '--keep-caps'];
}

function initCommand(spec: RunSpec, init: string): readonly string[] {
  return [
    init,
    spec.root,
    ...WRITES[spec.writes],
    ...spec.mounts.flatMap(mountFlags),
    ...(spec.network.kind === 'none' ? ['--lo'] : []),
    '--hostname',
    spec.hostname,
    ...(spec.cwd === '/' ? [] : ['--chdir', spec.cwd]),
    ...Object.entries(spec.env).flatMap(([name, value]) => ['--setenv', `${name}=${value}`]),
    '--',
    ...spec.argv,
  ];
}

const WRITES: Readonly<Record<Writes, readonly string[]>> = {
  discarded: [],
  refused: ['--read-only'],
  kept: ['--writable'],
};

function mountFlags(mount: Mount): readonly string[] {
  if (mount.type !== 'bind') return [`--${mount.type}`, mount.destination];
  return [mount.readOnly ? '--ro-bind' : '--bind', mount.source, mount.destination];
}

function refuseUnsupported(spec: RunSpec): void {
  const { network, limits } = spec;
  if (network.kind !== 'none' && network.kind !== 'host') {
    throw cannot(
      spec,
      `the unshare backend has no network of kind ${network.kind}`,
      'it has --net none and --net host',
    );
  }
  const limited = Object.values(limits).some((limit) => limit !== null);
  if (limited) {
    throw cannot(
      spec,
      'the unshare backend limits neither memory, pids nor cpus',
      'systemd-run --scope -p MemoryMax=… mkrootfs run … limits them',
    );
  }
}

/** Variables that change what unshare itself does, a host program: its libraries, and modules that it loads. */
const STEERS_HOST_TOOLS = /^(LD_|GLIBC_|GCONV_PATH$|LOCPATH$|NLSPATH$)/;

function plain(spec: RunSpec, file: string, flags: readonly string[], { uid }: Machine): Launch {
  const without = 'without its own PID 1, which is not there for this processor';
  if (spec.writes !== 'kept') {
    throw cannot(spec, `${without}, it cannot keep the rootfs as it is`, 'add --writable, and run a copy');
  }
  for (const mount of spec.mounts) {
    if (mount.type === 'bind' || (mount.type === 'tmpfs' && mount.destination !== '/tmp')) {
      throw cannot(spec, `${without}, it cannot mount ${mount.destination}`, 'leave out --bind and --tmpfs');
    }
  }
  const steering = Object.keys(spec.env).find((name) => STEERS_HOST_TOOLS.test(name));
  if (steering !== undefined) {
    throw cannot(spec, `${without}, ${steering} would reach unshare itself`, `leave out --env ${steering}=…`);
  }
  const root = [`--root=${spec.root}`, `--wd=${spec.cwd}`, '--mount-proc'];
  return {
    file,
    args: [...flags, ...root, '--', ...spec.argv],
    env: spec.env,
    init: false,
    gaps: PLAIN_GAPS(uid),
  };
}

function PLAIN_GAPS(uid: number): readonly string[] {
  return [
    'the program has chroot for a root and keeps its capabilities: root inside can get out',
    ...(uid === 0 ? ['/proc/sys is that of the host, and writable'] : []),
    'there is no /dev and no private /tmp, and lo is down',
    'a program killed by a signal ends with code 1',
  ];
}

function cannot(spec: RunSpec, why: string, hint: string): RootfsError {
  return new RootfsError('ERR_MACHINE', `cannot run ${spec.argv[0]}: ${why}`, { hint });
}
