import type { Loader } from '../ldso/loader.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';
import type { Problem } from './problems.ts';
import type { Evidence, Node, Role } from './types.ts';

/** What a finder may look at. */
export interface FinderContext {
  readonly sysroot: Sysroot;
  readonly loader: Loader;
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
