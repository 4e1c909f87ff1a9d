/** What to run and how it is held, independent of the tool that does it. Plain data. */
export interface RunSpec {
  /** Absolute host path of the rootfs directory. */
  readonly root: string;
  /** Program and arguments; the program is looked up inside the rootfs. */
  readonly argv: readonly [string, ...string[]];
  /** The whole environment of the program: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Working directory inside the rootfs. */
  readonly cwd: string;
  readonly user: { readonly uid: number; readonly gid: number };
  readonly hostname: string | null;
  /** Namespaces of its own (namespaces(7)). */
  readonly namespaces: Readonly<
    Record<'mount' | 'uts' | 'ipc' | 'pid' | 'user' | 'net' | 'cgroup' | 'time', boolean>
  >;
  readonly mounts: readonly Mount[];
  readonly network: Network;
  readonly limits: Limits;
  /** Keep the rootfs as it is: what the program writes is gone afterwards. */
  readonly readOnly: boolean;
  /** Milliseconds until the program is killed; null: never. */
  readonly timeoutMs: number | null;
}

/** One mount inside the rootfs. */
export type Mount =
  | {
      readonly type: 'bind';
      readonly source: string;
      readonly destination: string;
      readonly readOnly: boolean;
    }
  | { readonly type: 'tmpfs' | 'proc' | 'dev'; readonly destination: string };

/** Where the program's network comes from. */
export type Network =
  | { readonly kind: 'none' }
  | { readonly kind: 'host' }
  | { readonly kind: 'netns'; readonly name: string }
  | { readonly kind: 'veth'; readonly bridge: string; readonly address: string | 'dhcp' | null }
  | { readonly kind: 'pasta' };

/** cgroups(7) limits; null: none. */
export interface Limits {
  readonly memoryBytes: number | null;
  readonly pids: number | null;
  readonly cpus: number | null;
}

/** A process to start, worked out from a {@link RunSpec} by a pure function: `--print` shows it. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}
