import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fsName } from '../../src/bytes.ts';
import {
  dir,
  file,
  link,
  type MemoryEntry,
  type MemoryTree,
  program,
} from '../../src/sysroot/memory-entries.ts';
import { buildElf } from '../../src/testing/build-elf.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { compileElf } from './compile.ts';

/** What stands at a path of a case: an ELF file by its description, or any entry. */
export type Node = { readonly elf: ElfSpec; readonly mode?: number } | MemoryEntry;

/** Absolute path to what stands there. */
export type Tree = Readonly<Record<string, Node>>;

const built = new Map<string, Uint8Array>();

function bytesOf(spec: ElfSpec): Uint8Array {
  const key = JSON.stringify(spec, (_key, value: unknown) =>
    value instanceof Uint8Array ? [...value] : typeof value === 'bigint' ? `${value}n` : value,
  );
  const bytes = built.get(key) ?? buildElf(spec);
  built.set(key, bytes);
  return bytes;
}

/** The tree with its ELF files made by the writer. */
export function inMemory(tree: Tree): MemoryTree {
  return Object.fromEntries(
    Object.entries(tree).map(([path, node]) => [
      path,
      'elf' in node ? program(bytesOf(node.elf), { mode: node.mode ?? 0o755 }) : node,
    ]),
  );
}

/**
 * Puts the tree below a directory, its ELF files made by the compiler where it can make them.
 * @returns paths of the files that the compiler made
 */
export function onDisk(root: string, tree: Tree): readonly string[] {
  const compiled: string[] = [];
  const late: (() => void)[] = [];
  for (const [path, node] of Object.entries(tree)) {
    const at = fsName(root + path) as string;
    mkdirSync(fsName(dirname(root + path)), { recursive: true });
    if ('elf' in node) {
      const bytes = compileElf(node.elf);
      if (bytes !== null) compiled.push(path);
      writeFileSync(at, bytes ?? bytesOf(node.elf));
      chmodSync(at, node.mode ?? 0o755);
    } else {
      put(root, at, node, late);
    }
  }
  for (const finish of late) finish();
  return compiled;
}

function put(root: string, at: string, entry: MemoryEntry, late: (() => void)[]): void {
  if (entry.type === 'hardlink') {
    late.push(() => linkSync(root + entry.path, at));
    return;
  }
  if (entry.type === 'symlink') {
    rmSync(at, { force: true });
    symlinkSync(fsName(entry.target), at);
    return;
  }
  if (entry.type === 'directory') mkdirSync(at, { recursive: true });
  else if (entry.type === 'file') writeFileSync(at, entry.bytes);
  else throw new Error(`no ${entry.type} on disk`);
  const mode = entry.denied ? 0 : entry.mode;
  late.push(() => {
    if (entry.uid !== 0 || entry.gid !== 0) chownSync(at, entry.uid, entry.gid);
    chmodSync(at, mode);
  });
}

/** What stands on disk below `root` and not in the tree: what ldconfig made. */
export function addedOnDisk(root: string, known: MemoryTree): MemoryTree {
  const added: Record<string, MemoryEntry> = {};
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    const path = `/${name}`;
    const stat = lstatSync(join(root, name));
    if (path in known) continue;
    if (stat.isSymbolicLink()) added[path] = link(readlinkSync(join(root, name)));
    else if (stat.isFile()) added[path] = file(readFileSync(join(root, name)), { mode: stat.mode & 0o7777 });
    else if (stat.isDirectory()) added[path] = dir();
  }
  return added;
}
