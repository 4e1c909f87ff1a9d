/** What to run and how it is held, independent of the tool that does it. Plain data. */
export interface RunSpec {
  /** Absolute host path of the rootfs directory. */
  readonly root: string;
  /** Program and arguments; a name without a slash is looked up in PATH of `env`, inside the rootfs. */
  readonly argv: readonly [string, ...string[]];
  /** The whole environment of the program: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Working directory inside the rootfs. */
  readonly cwd: string;
  /** Ids inside the user namespace. Outside they are those of the caller. */
  readonly user: { readonly uid: number; readonly gid: number };
  readonly hostname: string;
  /** Namespaces of its own (namespaces(7)). */
  readonly namespaces: Readonly<Record<Namespace, boolean>>;
  /** Made in this order, later ones over earlier ones. */
  readonly mounts: readonly Mount[];
  readonly network: Network;
  readonly limits: Limits;
  readonly writes: Writes;
  /** Milliseconds until the program is killed; null: never. */
  readonly timeoutMs: number | null;
}

export type Namespace = 'mount' | 'uts' | 'ipc' | 'pid' | 'user' | 'net' | 'cgroup' | 'time';

/**
 * What becomes of what the program writes into its root: gone afterwards, answered with EROFS, or kept in the
 * rootfs directory.
 */
export type Writes = 'discarded' | 'refused' | 'kept';

/** One mount inside the rootfs. */
export type Mount =
  | {
      readonly type: 'bind';
      /** Absolute host path. */
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
  | { readonly kind: 'veth'; readonly bridge: string; readonly address: string | null }
  | { readonly kind: 'pasta' };

/** cgroups(7) limits; null: none. */
export interface Limits {
  readonly memoryBytes: number | null;
  readonly pids: number | null;
  readonly cpus: number | null;
}
