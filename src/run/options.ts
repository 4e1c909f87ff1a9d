/** Options of {@link run} and {@link spawn}: those of the command line, in camelCase. */
export interface RunOptions {
  /** What holds the program. @default 'auto': the best that this machine has */
  readonly backend?: string;
  /** `none` (only lo, up) or `host`. @default 'none' */
  readonly net?: string;
  /** Added to `container`, PATH, HOME and TERM. */
  readonly env?: Readonly<Record<string, string>>;
  /** @default 'mkrootfs' */
  readonly hostname?: string;
  /** `UID[:GID]` inside. @default '0:0' */
  readonly user?: string;
  /** Working directory inside. @default '/' */
  readonly workdir?: string;
  /** `SRC:DEST[:ro]` each: a host file or directory, and where it is seen inside. */
  readonly bind?: readonly string[];
  /** Directories inside that are empty and in memory. `/tmp` always is. */
  readonly tmpfs?: readonly string[];
  /** Refuse all writing to the root. @default false: what is written is gone afterwards */
  readonly readOnly?: boolean;
  /** Keep what is written to the root. @default false */
  readonly writable?: boolean;
  /** Bytes, or a number with K, M, G or T (powers of 1024). */
  readonly memory?: string | number;
  /** Most processes at once. */
  readonly pids?: number;
  /** Processors' worth of time, such as 0.5. */
  readonly cpus?: number;
  /** Seconds until the program is killed. */
  readonly timeout?: number;
}
