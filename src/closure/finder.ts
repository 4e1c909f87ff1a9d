import type { Loader } from '../ldso/loader.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';
import type { Problem } from './problems.ts';
import type { Evidence, GeneratedFile, Node, Role } from './types.ts';

/** What a finder may look at. */
export interface FinderContext {
  readonly sysroot: Sysroot;
  readonly loader: Loader;
  /** The programs that were asked for. */
  readonly programs: readonly RootPath[];
  /** Names of the symbols that a file imports; empty for one that is no ELF file. */
  readonly imports: (node: Node) => ReadonlySet<string>;
  /** Puts a made-up file into the rootfs; the first text for a path stays. */
  readonly generate: (file: GeneratedFile) => void;
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
