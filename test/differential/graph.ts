import type { ElfSpec } from '../../src/testing/elf/spec.ts';

/** What stands at a path of a generated tree. */
export type Node =
  | { readonly type: 'elf'; readonly spec: ElfSpec }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'link' | 'hardlink'; readonly to: string }
  | { readonly type: 'directory' };

/** One generated program, the tree that it starts in, and how. Plain data: it prints as JSON. */
export interface Graph {
  readonly tree: Readonly<Record<string, Node>>;
  /** Path as started; what it leads to is the program. */
  readonly program: string;
  /** Whether the loader is run on the program. */
  readonly explicit: boolean;
  readonly libraryPath?: string;
  readonly preload?: string;
  /** Format of the cache that ldconfig makes; null for no cache. */
  readonly ldconfig: 'old' | 'compat' | 'new' | null;
  /** Files that go, and nodes that come, after ldconfig ran. */
  readonly removed: readonly string[];
  readonly added: Readonly<Record<string, Node>>;
}
