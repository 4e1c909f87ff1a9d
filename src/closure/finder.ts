import type { Loader } from '../ldso/loader.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';
import type { Problem } from './problems.ts';
import type { Evidence, GeneratedFile, Node, Role, Suggestion } from './types.ts';

/** What a finder may look at. */
export interface FinderContext {
  readonly sysroot: Sysroot;
  readonly loader: Loader;
  /** The programs that were asked for. */
  readonly programs: readonly RootPath[];
  /** Names of the symbols that a file imports; empty for one that is no ELF file. */
  readonly imports: (node: Node) => ReadonlySet<string>;
  /** Whether a file defines a symbol for others. */
  readonly defines: (node: Node, symbol: string) => boolean;
  /** The object that a symbol imported by an ELF file is bound to, in its first link map that has one. */
  readonly provider: (node: Node, symbol: string) => RootPath | null;
  /** Runs of printable ASCII in a file's bytes that hold a needle, each once. */
  readonly strings: (path: RootPath, needle: string) => readonly string[];
  /** Whether an inclusion brings a regular file of the sysroot. */
  readonly isIncluded: (path: RootPath) => boolean;
  /** Name of the time zone asked for; null: the sysroot's own. */
  readonly timezone: string | null;
  /** Name of the locale asked for, `fr_FR.UTF-8`; null: none but C.UTF-8. */
  readonly locale: string | null;
  /** Puts a made-up file into the rootfs. Lines of a second text for a path that the first one lacks are added to it. */
  readonly generate: (file: GeneratedFile) => void;
  /** Names a file that may be wanted, without taking it. */
  readonly suggest: (suggestion: Suggestion) => void;
  /** Tells of something that is wanted and cannot be had. */
  readonly problem: (problem: Problem) => void;
}

/** One file that a finder says is needed, and what it is then. */
export interface Finding {
  readonly from: RootPath;
  readonly to: RootPath | null;
  readonly want: string;
  readonly role: Role;
  readonly evidence: Evidence;
}

/** One way to learn that a file needs others. */
export interface Finder {
  /** The name that `--discover` knows it by. */
  readonly name: string;
  find(node: Node, context: FinderContext): Iterable<Finding>;
}
