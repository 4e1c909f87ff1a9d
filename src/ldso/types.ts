import type { RootPath } from '../sysroot/sysroot.ts';

/** How the loader came to a file: the step of its search order that answered. */
export type Via =
  | 'rpath'
  | 'runpath'
  | 'library-path'
  | 'cache'
  | 'conf'
  | 'default'
  | 'direct'
  | 'preload'
  | 'audit'
  | 'soname';

/** What became of one candidate. `skipped`: a step that the rules leave out, or an unusable file passed over. */
export type Verdict =
  | 'loaded'
  | 'absent'
  | 'not-elf'
  | 'wrong-class'
  | 'wrong-machine'
  | 'unreadable'
  | 'unusable'
  | 'skipped';

/** One candidate that the loader looks at, or a step that it leaves out. */
export interface Attempt {
  readonly path: RootPath;
  readonly via: Via;
  readonly verdict: Verdict;
  /** The reason in words, for people. */
  readonly why: string | null;
}
