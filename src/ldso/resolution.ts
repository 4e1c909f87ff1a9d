import type { RootPath } from '../sysroot/sysroot.ts';
import type { Unbound } from './bind.ts';
import type { Attempt, Via } from './types.ts';

/** What an object is to the loader. */
export type ObjectKind = 'executable' | 'library' | 'interpreter' | 'script';

/** One served DT_NEEDED, DT_FILTER or DT_AUXILIARY entry, preload or `#!` of an object. */
export interface Binding {
  /** The name as asked for. */
  readonly name: string;
  /** The file that answered, as the loader opened it; null where none did. */
  readonly path: RootPath | null;
  readonly via: Via | null;
  /** Candidates before the answer; filled only where `attempts` was asked for or nothing was found. */
  readonly tried: readonly Attempt[];
}

/** One object of the closure, in the form that `resolve --json` prints (docs/cli.md). */
export interface ResolvedObject {
  /** As the loader would open it, inside the sysroot. */
  readonly path: RootPath;
  /** With symbolic links followed, inside the sysroot. */
  readonly realpath: RootPath;
  readonly kind: ObjectKind;
  readonly class: 32 | 64 | null;
  /** Name of e_machine as in elf.h, lower case without `EM_`: `x86_64`, `aarch64`; null for a script. */
  readonly machine: string | null;
  readonly soname: string | null;
  readonly interp: string | null;
  readonly needed: readonly Binding[];
  /** The lowest glibc-hwcaps level whose processors load this file; absent where the baseline does. */
  readonly hwcaps?: string;
}

/** A name that nothing answers, or an answer that will not do. */
export interface Missing {
  readonly name: string;
  readonly neededBy: RootPath;
  readonly tried: readonly Attempt[];
  /** The symbol version that the file found lacks; absent where the file itself is missing. */
  readonly version?: string;
}

/** What the loader would load for some programs. */
export interface Resolution {
  readonly roots: readonly RootPath[];
  /** In load order, roots first, each once. */
  readonly objects: readonly ResolvedObject[];
  readonly missing: readonly Missing[];
  /** Symbols that no object of a process defines; absent where they were not asked for. */
  readonly unbound?: readonly Unbound[];
}
