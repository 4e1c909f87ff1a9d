import type { Sysroot } from './sysroot/sysroot.ts';

/** The forms that a rootfs can take. */
export type Format =
  | 'dir'
  | 'tar'
  | 'tar.gz'
  | 'tar.zst'
  | 'oci'
  | 'docker'
  | 'cpio'
  | 'cpio.gz'
  | 'squashfs'
  | 'erofs';

/** Options that decide what the loader finds. */
export interface ResolveOptions {
  /** Directory to read programs and libraries from, or a ready sysroot. @default '/' */
  readonly sysroot?: string | Sysroot;
  /** What LD_LIBRARY_PATH will be at run time, split at `:` and `;`. The caller's environment is not read. */
  readonly libraryPath?: string;
  /** What LD_PRELOAD will be at run time, split at blanks and `:`. */
  readonly preload?: string;
  /** Which glibc-hwcaps variants to take. @default 'all' */
  readonly hwcaps?: 'baseline' | 'host' | 'all';
  /** Keep for each binding the candidates that were passed over, not only for missing ones. @default false */
  readonly attempts?: boolean;
}

/** What a container image says besides its files; for the formats `oci` and `docker`. */
export interface ImageOptions {
  /** What is started, with its first arguments. @default the first program, absolute as it was given */
  readonly entrypoint?: readonly string[];
  /** Arguments where whoever starts the image gives none. @default none */
  readonly cmd?: readonly string[];
  /** Added to `PATH` and `container`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Absolute path of the working directory. @default '/' */
  readonly workdir?: string;
  /** `USER[:GROUP]`, as numbers or as names that the rootfs' own /etc/passwd has. @default root */
  readonly user?: string;
  readonly label?: Readonly<Record<string, string>>;
  /** `TAG` or `NAME:TAG`. @default the first program's name, and `latest` */
  readonly tag?: string;
  /**
   * 'auto': the loader and the C library, other libraries, and all else are a layer each, so that images share
   * them. @default 'auto'
   */
  readonly layers?: 'auto' | 'single';
  /** How layers are compressed; umoci, and older Docker, read no zstd. @default 'gzip' */
  readonly compression?: 'gzip' | 'zstd';
}

/** Options of {@link buildRootfs}: those of the command line, in camelCase. */
export interface BuildOptions extends ResolveOptions, ImageOptions {
  /** Where to write; `-` is standard output. @default a fresh directory in the system's temporary folder */
  readonly output?: string;
  /** @default by the ending of `output`, else 'dir' */
  readonly format?: Format;
  /** Paths or globs inside the sysroot to add; `SRC:DEST` puts a host file at DEST. */
  readonly include?: readonly string[];
  /** Globs of paths inside the rootfs to leave out. */
  readonly exclude?: readonly string[];
  /** 'auto', 'none' or names of finders; beside 'auto', `-NAME` leaves one out. @default 'auto' */
  readonly discover?: 'auto' | 'none' | readonly string[];
  /** Name of a time zone to bring, `Europe/Paris`; /etc/localtime comes anyway where a program asks for it. */
  readonly timezone?: string;
  /** Name of a locale to bring, `fr_FR.UTF-8`; C.UTF-8 comes anyway where a program needs one. */
  readonly locale?: string;
  /** Sonames whose absence is no failure. */
  readonly allowMissing?: readonly string[];
  /** Time stamp of every entry, seconds since 1970. @default 0 */
  readonly epoch?: number;
  /** Replace what stands at `output`. @default false */
  readonly force?: boolean;
  /** Keep the owners of the files instead of 0:0. @default false */
  readonly keepOwners?: boolean;
  /** Prove before writing that everything in the rootfs finds what it needs inside. @default true */
  readonly verify?: boolean;
  /** Work everything out and write nothing. @default false */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}
