import { type ElfHeader, isElf, parseHeader, readHead } from '../elf/header.ts';
import { isRootfsError } from '../errors.ts';
import { parseShebang, type Shebang } from '../ldso/script.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';

/** What a tree holds that can be judged, by kind. */
export interface Tree {
  readonly objects: readonly {
    readonly path: RootPath;
    readonly header: ElfHeader;
    readonly executable: boolean;
  }[];
  readonly scripts: readonly { readonly path: RootPath; readonly shebang: Shebang }[];
  readonly links: readonly RootPath[];
}

/** Directories that the kernel fills: what stands there before is not seen by a program. */
const KERNEL_TREES: ReadonlySet<string> = new Set(['/proc', '/sys', '/dev']);

/** Looks at every entry of a tree once, links not followed. */
export function walkTree(sysroot: Sysroot): Tree {
  const tree: Growing = { objects: [], scripts: [], links: [] };
  const directories: RootPath[] = ['/' as RootPath];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const name of sysroot.readdir(directory)) {
      const path = `${directory === '/' ? '' : directory}/${name}` as RootPath;
      if (takeEntry(tree, sysroot, path)) directories.push(path);
    }
  }
  return tree;
}

type Growing = { [Kind in keyof Tree]: Tree[Kind][number][] };

/** @returns whether the entry is a directory to go into */
function takeEntry(tree: Growing, sysroot: Sysroot, path: RootPath): boolean {
  const stat = sysroot.lstat(path);
  if (stat?.type === 'symlink') tree.links.push(path);
  if (stat?.type === 'file') takeFile(tree, sysroot, path, (stat.mode & 0o111) !== 0);
  return stat?.type === 'directory' && !KERNEL_TREES.has(path);
}

function takeFile(tree: Growing, sysroot: Sysroot, path: RootPath, executable: boolean): void {
  const source = sysroot.open(path);
  if (typeof source === 'string') return;
  try {
    const head = readHead(source);
    const shebang = executable ? parseShebang(head) : null;
    if (shebang !== null) tree.scripts.push({ path, shebang });
    else if (isElf(head)) tree.objects.push({ path, header: parseHeader(head, path), executable });
  } catch (error) {
    // Data may begin with the magic of ELF: it is judged where something loads it.
    if (!isRootfsError(error)) throw error;
  } finally {
    source.close();
  }
}
