import { basename, normalize, resolve } from 'node:path/posix';
import { RootfsError } from '../errors.ts';
import type { FileContent } from '../plan/entry.ts';
import type { IncludedFile } from '../plan/options.ts';
import type { FileStat, RootPath, Sysroot } from '../sysroot/sysroot.ts';

/** The machine that we run on, from which `SRC:DEST` takes files. */
export interface Machine {
  /** Its whole tree. */
  readonly tree: Sysroot;
  /** Where relative paths start. */
  readonly cwd: string;
}

/**
 * Bytes of a file that a plan carries itself. A file that lies in the sysroot, and so every file of a build from
 * `/`, is read when it is written; only others are held in memory.
 */
const INLINE_BYTES = 256 << 20;

/**
 * The files of the machine at `src`, each with its place at or below `dest`. A link at `src` itself is followed,
 * links below it stay links. A `dest` that ends with a slash is the directory that a single file goes into.
 * @throws RootfsError ERR_NOT_FOUND, ERR_NOT_READABLE, ERR_USAGE for a `dest` that has `..` in it or is `/`.
 */
export function putFiles(
  src: string,
  dest: string,
  sysroot: Sysroot,
  { tree, cwd }: Machine,
): readonly IncludedFile[] {
  const source = tree.realpath(resolve(cwd, src) as RootPath);
  if (typeof source === 'string') {
    const code = source === 'ENOENT' || source === 'ENOTDIR' ? 'ERR_NOT_FOUND' : 'ERR_NOT_READABLE';
    throw new RootfsError(code, `cannot include ${src}: ${source}`, { path: src });
  }
  const stat = tree.lstat(source.path);
  const base = destination(src, dest, stat?.type === 'directory');
  const files: IncludedFile[] = [];
  const pending: (readonly [source: RootPath, path: RootPath])[] = [[source.path, base]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [from, path] = next;
    if (path !== '/') files.push(included(from, path, sysroot, tree));
    if (tree.lstat(from)?.type !== 'directory') continue;
    for (const name of tree.readdir(from)) pending.push([below(from, name), below(path, name)]);
  }
  return files;
}

function destination(src: string, dest: string, isDirectory: boolean): RootPath {
  if (dest.split('/').includes('..')) {
    throw new RootfsError('ERR_USAGE', `cannot put ${src} at ${dest}: the path has '..' in it`);
  }
  const into = !isDirectory && dest.endsWith('/') ? `${dest}${basename(src)}` : dest;
  return normalize(into).replace(/(?<=.)\/$/, '') as RootPath;
}

function included(from: RootPath, path: RootPath, sysroot: Sysroot, tree: Sysroot): IncludedFile {
  const stat = tree.lstat(from);
  if (stat === null)
    throw new RootfsError('ERR_CHANGED', `cannot include ${from}: it is gone`, { path: from });
  const { type } = stat;
  if (type === 'file') return { type, path, source: from, ...contentOf(from, stat, sysroot, tree) };
  if (type === 'symlink') return { type, path, source: from, stat, target: tree.readlink(from) };
  if (type === 'directory') checkListable(from, tree);
  return { type, path, source: from, stat };
}

/** readdir says nothing of a directory that cannot be read; open does. */
function checkListable(directory: RootPath, tree: Sysroot): void {
  const opened = tree.open(directory);
  if (opened === 'EACCES') throw unreadable(directory, opened);
  if (typeof opened !== 'string') opened.close();
}

/** The content, and the status with the size that goes with it. */
function contentOf(
  from: RootPath,
  stat: FileStat,
  sysroot: Sysroot,
  tree: Sysroot,
): { readonly stat: FileStat; readonly content: FileContent } {
  const opened = tree.open(from);
  if (typeof opened === 'string') throw unreadable(from, opened);
  try {
    const inside = insideSysroot(from, sysroot);
    if (inside !== null) return { stat, content: { from: 'sysroot', path: inside } };
    if (stat.size > INLINE_BYTES) {
      throw new RootfsError(
        'ERR_USAGE',
        `cannot include ${from}: ${stat.size} bytes are too many to hold in memory`,
        { path: from, hint: 'copy it into the sysroot and include it from there' },
      );
    }
    const bytes = Buffer.from(opened.read(0, stat.size));
    const content = { from: 'inline', base64: bytes.toString('base64') } as const;
    return { stat: { ...stat, size: bytes.length }, content };
  } finally {
    opened.close();
  }
}

/** Path inside the sysroot of a link-free path of the machine, or null where it lies outside. */
function insideSysroot(path: RootPath, sysroot: Sysroot): RootPath | null {
  const root = sysroot.hostPath('/' as RootPath)?.replace(/\/$/, '');
  return root !== undefined && path.startsWith(`${root}/`) ? (path.slice(root.length) as RootPath) : null;
}

function unreadable(path: RootPath, why: string): RootfsError {
  return new RootfsError('ERR_NOT_READABLE', `cannot include ${path}: ${why}`, { path });
}

function below(directory: RootPath, name: string): RootPath {
  return `${directory === '/' ? '' : directory}/${name}` as RootPath;
}
