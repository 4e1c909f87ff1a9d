import type { ElfImage } from '../elf/image.ts';
import type { Attempt, Via } from '../ldso/types.ts';
import type { RootPath } from '../sysroot/sysroot.ts';
import type { Problem } from './problems.ts';

/** What a finder saw that makes it say that a file is needed. */
export type Evidence =
  | { readonly by: 'program' }
  | { readonly by: 'interpreter'; readonly name: string }
  | { readonly by: 'needed'; readonly name: string; readonly via: Via; readonly tried: readonly Attempt[] }
  | { readonly by: 'shebang'; readonly line: string }
  | {
      readonly by: 'dlopen-note';
      readonly feature: string;
      readonly priority: 'required' | 'recommended' | 'suggested';
    }
  | { readonly by: 'symbol'; readonly symbol: string; readonly rule: string }
  | { readonly by: 'string'; readonly string: string; readonly rule: string }
  | { readonly by: 'runtime'; readonly rule: string }
  | { readonly by: 'package'; readonly package: string }
  | { readonly by: 'traced'; readonly process: string }
  | { readonly by: 'include'; readonly pattern: string }
  | { readonly by: 'generated'; readonly rule: string };

/** One file that needs another. `to` is null where what it wants is missing. */
export interface Edge {
  readonly from: RootPath;
  readonly to: RootPath | null;
  /** What was asked for, as the evidence spells it: a soname, a path, a pattern. */
  readonly want: string;
  readonly evidence: Evidence;
}

/** What a file is to the closure. */
export type Role = 'program' | 'interpreter' | 'library' | 'plugin' | 'script' | 'data';

/** One file of the closure. */
export interface Node {
  /** The path it is reached by, as the loader or the program would open it. */
  readonly path: RootPath;
  /** `path` with every symbolic link followed. */
  readonly realPath: RootPath;
  /** Each symbolic link between `path` and `realPath`. */
  readonly hops: readonly RootPath[];
  readonly role: Role;
  readonly image: ElfImage | null;
}

/** A file that no sysroot has as the rootfs needs it: made up by a rule, never copied from the host. */
export interface GeneratedFile {
  readonly path: RootPath;
  readonly mode: number;
  readonly text: string;
  /** The finder whose rule made it. */
  readonly rule: string;
  readonly neededBy: RootPath;
}

/** A file that a string inside another one names: a guess, which nothing confirms. */
export interface Suggestion {
  readonly from: RootPath;
  /** The string. */
  readonly name: string;
  readonly to: RootPath;
}

/** Every file that the programs need, and why. */
export interface Closure {
  /** The programs, as given. */
  readonly programs: readonly RootPath[];
  /** In load order, programs first. */
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  /** Each path once. */
  readonly generated: readonly GeneratedFile[];
  /** Files that may be wanted and are not in. */
  readonly suggestions: readonly Suggestion[];
  readonly libc: 'glibc' | 'musl' | 'none';
  /** Directories that the loader searches without a cache, read from the loader itself: a file elsewhere needs a cache entry. */
  readonly defaultDirectories: readonly string[];
  /** e_machine of the first ELF program; 0 where there is none. */
  readonly machine: number;
  readonly problems: readonly Problem[];
}
