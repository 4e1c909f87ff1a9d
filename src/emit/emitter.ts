import type { ImageOptions } from '../options.ts';
import type { RootfsPlan } from '../plan/entry.ts';
import type { Sysroot } from '../sysroot/sysroot.ts';

/** What an emitter wrote, counted while it wrote. */
export interface EmitReport {
  /** Absolute path of what was written; `-` for standard output. */
  readonly output: string;
  readonly format: string;
  /** Entries written, by type. */
  readonly entries: Readonly<Record<'directory' | 'file' | 'symlink' | 'hardlink' | 'device', number>>;
  /** Bytes of file content, hard links counted once. */
  readonly contentBytes: number;
  /** Bytes of the archive as written; for a directory the same as `contentBytes`. */
  readonly outputBytes: number;
  /** What could not be kept and why: owners without root, file capabilities ... */
  readonly warnings: readonly string[];
}

/** Options of every emitter. */
export interface EmitOptions {
  /** Where to write; `-` is standard output (archives only). */
  readonly output: string;
  /** Replace what stands there. @default false */
  readonly force?: boolean;
  /** Compression level, where the format is compressed: gzip 0 to 9, usually 6; zstd 1 to 19, usually 3. */
  readonly level?: number;
  /** What the image says besides its files; only for formats that are images. */
  readonly image?: ImageOptions;
  /** Stops the work; nothing is left behind. */
  readonly signal?: AbortSignal;
  /** Called now and then with the bytes done so far. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** Plan to bytes. Output appears whole or not at all. */
export type Emitter<O extends EmitOptions = EmitOptions> = (
  plan: RootfsPlan,
  sysroot: Sysroot,
  options: O,
) => Promise<EmitReport>;
