import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { type LinkProbe, walk } from '../../src/sysroot/links.ts';
import { memorySysroot } from '../../src/sysroot/memory.ts';
import { dir, file, link, type MemoryEntry } from '../../src/sysroot/memory-entries.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';
import { needs, needsNamespaces } from '../helpers/capabilities.ts';

const ERRNO: Readonly<Record<string, string>> = {
  2: 'ENOENT',
  20: 'ENOTDIR',
  36: 'ENAMETOOLONG',
  40: 'ELOOP',
};

/** Prints for each path of standard input what the kernel finds there after chroot(2): an inode, or an errno. */
const PERL = `
  chroot($ARGV[0]) && chdir('/') or die "chroot: $!";
  while (<STDIN>) { chomp; my @s = stat($_); print @s ? "inode $s[1]\\n" : (0 + $!) . "\\n"; }
`;

const component = fc.constantFrom('a', 'b', 'c', 'd', 'a', 'b', 'c', '.', '..', '');
const anyPath = fc
  .tuple(fc.boolean(), fc.array(component, { minLength: 1, maxLength: 6 }))
  .map(([absolute, parts]) => `${absolute ? '/' : ''}${parts.join('/')}`)
  .filter((path) => path !== '');
const place = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 })
  .map((parts) => `/${parts.join('/')}`);
const entry = fc.oneof(
  { weight: 1, arbitrary: fc.constant(dir()) },
  { weight: 1, arbitrary: fc.constant(file('')) },
  { weight: 3, arbitrary: anyPath.map((target) => link(target)) },
);
const trees = fc.array(fc.tuple(place, entry), { maxLength: 16 }).map(possibleTree);

/** Drops entries that stand on another's place or below what is no directory; names the parents that are left. */
function possibleTree(wanted: readonly (readonly [string, MemoryEntry])[]): Record<string, MemoryEntry> {
  const tree: Record<string, MemoryEntry> = {};
  for (const [path, what] of wanted) {
    const parents: string[] = [];
    for (let at = dirname(path); at !== '/'; at = dirname(at)) parents.unshift(at);
    if (path in tree || parents.some((at) => (tree[at] ?? what).type !== 'directory' && at in tree)) continue;
    for (const at of parents) tree[at] ??= dir();
    tree[path] = what;
  }
  return tree;
}

function writeTree(root: string, tree: Record<string, MemoryEntry>): void {
  for (const [path, what] of Object.entries(tree)) {
    if (what.type === 'directory') mkdirSync(join(root, path));
    else if (what.type === 'symlink') symlinkSync(what.target, join(root, path));
    else writeFileSync(join(root, path), '');
  }
}

function askKernel(root: string, paths: readonly string[]): string[] {
  const perl = ['perl', '-e', PERL, root];
  const argv = process.getuid?.() === 0 ? perl : ['unshare', '--user', '--map-root-user', ...perl];
  const { stdout, stderr, status } = spawnSync(argv[0]!, argv.slice(1), {
    input: paths.map((path) => `${path}\n`).join(''),
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => ERRNO[line] ?? line);
}

describe('walk beside the kernel', () => {
  before(function () {
    needs(this, { tool: 'perl', package: 'perl-base' });
    if (process.getuid?.() !== 0) needsNamespaces(this);
  });

  it('leads where the kernel leads inside a chroot, in trees made of links at random', () => {
    const check = fc.property(trees, fc.array(anyPath, { minLength: 60, maxLength: 60 }), (tree, paths) => {
      const root = mkdtempSync(join(tmpdir(), 'mkrootfs-links-'));
      try {
        writeTree(root, tree);
        const probe: LinkProbe = {
          lstat(path) {
            const stat = lstatSync(root + path, { throwIfNoEntry: false });
            if (stat === undefined) return null;
            return { type: stat.isSymbolicLink() ? 'symlink' : stat.isFile() ? 'file' : 'directory' };
          },
          readlink: (path) => readlinkSync(root + path),
        };
        const inMemory = memorySysroot(tree);
        const answers = askKernel(root, paths);
        for (const [i, path] of paths.entries()) {
          const ours = walk(rootPath(path), probe);
          const found = typeof ours === 'string' ? ours : `inode ${lstatSync(root + ours.path).ino}`;
          assert.equal(found, answers[i], `${path} in ${JSON.stringify(tree)}`);
          assert.deepEqual(inMemory.realpath(rootPath(path)), ours);
        }
      } finally {
        rmSync(root, { recursive: true });
      }
    });
    fc.assert(check, { numRuns: 60 });
  });
});
