import assert from 'node:assert/strict';
import { LIMITS } from '../../src/limits.ts';
import { type LinkProbe, walk } from '../../src/sysroot/links.ts';
import type { PathFailure, RootPath } from '../../src/sysroot/sysroot.ts';

/** What stands at each path: a link, a file, a directory, or the failure that lstat reports. */
type Tree = Readonly<Record<string, { readonly link: string } | 'file' | 'directory' | PathFailure>>;

const DEEP = `/${'d'.repeat(255)}`;

const TREE: Tree = {
  '/usr': 'directory',
  '/usr/lib': 'directory',
  '/usr/lib/libx.so.1.2': 'file',
  '/usr/lib/libx.so.1': { link: 'libx.so.1.2' },
  '/usr/lib/libx.so': { link: '/usr/lib/libx.so.1' },
  '/lib': { link: 'usr/lib' },
  '/lib64': { link: '/lib' },
  '/usr/lib/up': { link: '../..' },
  '/usr/out': { link: '../../../../usr/lib' },
  '/root-link': { link: '/' },
  '/etc': 'directory',
  '/etc/alternatives': 'directory',
  '/etc/alternatives/x': { link: '/lib64/libx.so' },
  '/dangling': { link: 'nowhere/at/all' },
  '/loop': { link: 'loop' },
  '/ping': { link: '/pong' },
  '/pong': { link: 'ping' },
  '/to-file': { link: 'usr/lib/libx.so.1.2' },
  '/to-file-slash': { link: 'usr/lib/libx.so.1.2/' },
  '/to-dir-slash': { link: 'usr/lib/' },
  '/empty': { link: '' },
  '/long-target': { link: `/${'x/'.repeat(2048)}` },
  '/long-name-target': { link: `/${'x'.repeat(256)}` },
  '/secret': 'directory',
  '/secret/file': 'EACCES',
  '/broken': 'EIO',
  [DEEP]: 'directory',
  ...chain('chain', LIMITS.linkHops),
  ...chain('long', LIMITS.linkHops + 1),
};

/** `/name1` leads to `/name2` and so on over `hops` links to a file. */
function chain(name: string, hops: number): Tree {
  const tree: Record<string, Tree[string]> = { [`/${name}${hops + 1}`]: 'file' };
  for (let i = 1; i <= hops; i++) tree[`/${name}${i}`] = { link: `${name}${i + 1}` };
  return tree;
}

const probe: LinkProbe = {
  lstat(path) {
    const entry = TREE[path];
    if (entry === undefined) return null;
    if (typeof entry === 'object') return { type: 'symlink' };
    return entry === 'file' || entry === 'directory' ? { type: entry } : entry;
  },
  readlink(path) {
    const entry = TREE[path];
    assert.ok(typeof entry === 'object', `readlink of ${path}, which is no link`);
    return entry.link;
  },
};

interface Case {
  readonly why: string;
  readonly path: string;
  readonly to: string | { readonly fails: PathFailure };
  readonly hops?: readonly string[];
}

const CASES: readonly Case[] = [
  { why: 'a path without links leads to itself', path: '/usr/lib/libx.so.1.2', to: '/usr/lib/libx.so.1.2' },
  { why: 'the root leads to itself', path: '/', to: '/' },
  { why: 'several slashes are one', path: '//usr///lib//libx.so.1.2', to: '/usr/lib/libx.so.1.2' },
  { why: 'a dot stays where it is', path: '/./usr/./lib/.', to: '/usr/lib' },
  {
    why: 'a relative target starts beside the link',
    path: '/usr/lib/libx.so.1',
    to: '/usr/lib/libx.so.1.2',
    hops: ['/usr/lib/libx.so.1'],
  },
  {
    why: 'an absolute target starts at the root of the tree',
    path: '/usr/lib/libx.so',
    to: '/usr/lib/libx.so.1.2',
    hops: ['/usr/lib/libx.so', '/usr/lib/libx.so.1'],
  },
  {
    why: 'links are followed at every component, and each hop has a parent free of links',
    path: '/etc/alternatives/x',
    to: '/usr/lib/libx.so.1.2',
    hops: ['/etc/alternatives/x', '/lib64', '/lib', '/usr/lib/libx.so', '/usr/lib/libx.so.1'],
  },
  { why: 'dot-dot goes up from where a link led', path: '/lib/../lib', to: '/usr/lib', hops: ['/lib'] },
  { why: 'dot-dot of the root is the root', path: '/../../usr/../../usr/lib', to: '/usr/lib' },
  {
    why: 'dot-dot in a target does not leave the tree',
    path: '/usr/out/libx.so.1.2',
    to: '/usr/lib/libx.so.1.2',
    hops: ['/usr/out'],
  },
  {
    why: 'a target of dot-dots alone leads up',
    path: '/usr/lib/up/etc',
    to: '/etc',
    hops: ['/usr/lib/up'],
  },
  { why: 'a link to the root', path: '/root-link/usr', to: '/usr', hops: ['/root-link'] },
  { why: 'a link to the root, last', path: '/root-link', to: '/', hops: ['/root-link'] },
  { why: 'a trailing slash on a directory', path: '/usr/lib/', to: '/usr/lib' },
  { why: 'a trailing slash on a link to a directory', path: '/lib//', to: '/usr/lib', hops: ['/lib'] },
  { why: 'a trailing slash in a target', path: '/to-dir-slash', to: '/usr/lib', hops: ['/to-dir-slash'] },
  { why: 'a trailing slash on a file', path: '/to-file/', to: { fails: 'ENOTDIR' } },
  { why: 'a target that wants a directory', path: '/to-file-slash', to: { fails: 'ENOTDIR' } },
  { why: 'a file used as a directory', path: '/usr/lib/libx.so.1.2/x', to: { fails: 'ENOTDIR' } },
  { why: 'a dot behind a file', path: '/to-file/.', to: { fails: 'ENOTDIR' } },
  { why: 'a dot-dot behind a file', path: '/to-file/..', to: { fails: 'ENOTDIR' } },
  { why: 'a name that is not there', path: '/usr/nothing', to: { fails: 'ENOENT' } },
  { why: 'a dot-dot behind what is not there', path: '/nothing/../usr', to: { fails: 'ENOENT' } },
  { why: 'a dangling link', path: '/dangling', to: { fails: 'ENOENT' } },
  { why: 'an empty target', path: '/empty', to: { fails: 'ENOENT' } },
  { why: 'a NUL in the path', path: '/usr\0/lib', to: { fails: 'ENOENT' } },
  { why: 'a link to itself', path: '/loop', to: { fails: 'ELOOP' } },
  { why: 'two links that point to each other', path: '/ping', to: { fails: 'ELOOP' } },
  { why: 'one hop more than the kernel follows', path: '/long1', to: { fails: 'ELOOP' } },
  { why: 'what lstat says', path: '/secret/file', to: { fails: 'EACCES' } },
  { why: 'what lstat says, in the middle', path: '/broken/x', to: { fails: 'EIO' } },
  { why: 'a name of 255 bytes', path: DEEP, to: DEEP },
  { why: 'a name of 256 bytes', path: `${DEEP}d`, to: { fails: 'ENAMETOOLONG' } },
  { why: 'a name of 86 chars that are 258 bytes', path: `/${'€'.repeat(86)}`, to: { fails: 'ENAMETOOLONG' } },
  { why: 'a name of 85 chars that are 255 bytes', path: `/${'€'.repeat(85)}`, to: { fails: 'ENOENT' } },
  {
    why: 'a name of 255 bytes that are not UTF-8',
    path: `/${'\udcff'.repeat(255)}`,
    to: { fails: 'ENOENT' },
  },
  { why: 'a long name below what is not there', path: `/nothing${DEEP}d`, to: { fails: 'ENOENT' } },
  { why: 'a path of 4095 bytes', path: `/${'./'.repeat(2046)}us`.slice(0, 4095), to: { fails: 'ENOENT' } },
  { why: 'a path of 4095 bytes that is there', path: `${'/'.repeat(4091)}/usr`, to: '/usr' },
  { why: 'a path of 4096 bytes', path: `${'/'.repeat(4092)}/usr`, to: { fails: 'ENAMETOOLONG' } },
  { why: 'a target of 4097 bytes', path: '/long-target', to: { fails: 'ENAMETOOLONG' } },
  { why: 'a long name in a target', path: '/long-name-target', to: { fails: 'ENAMETOOLONG' } },
];

describe('walk', () => {
  for (const { why, path, to, hops = [] } of CASES) {
    it(`${why}: ${path.length > 60 ? `${path.slice(0, 20)}...` : JSON.stringify(path)}`, () => {
      const expected = typeof to === 'string' ? { path: to, hops } : to.fails;
      assert.deepEqual(walk(path as RootPath, probe), expected);
    });
  }

  it('follows as many links as the kernel, in order', () => {
    const hops = Array.from({ length: LIMITS.linkHops }, (_, i) => `/chain${i + 1}`);
    const path = `/chain${LIMITS.linkHops + 1}`;
    assert.deepEqual(walk('/chain1' as RootPath, probe), { path, hops });
  });

  it('stays on a last link that is to be kept, after following those before it', () => {
    const kept = walk('/lib64/libx.so' as RootPath, probe, 'keep');
    assert.deepEqual(kept, { path: '/usr/lib/libx.so', hops: ['/lib64', '/lib'] });
  });

  it('keeps a link whose target is a loop, and one whose target is missing', () => {
    assert.deepEqual(walk('/loop' as RootPath, probe, 'keep'), { path: '/loop', hops: [] });
    assert.deepEqual(walk('/dangling' as RootPath, probe, 'keep'), { path: '/dangling', hops: [] });
  });

  it('follows a last link with a trailing slash even where links are kept', () => {
    assert.deepEqual(walk('/lib/' as RootPath, probe, 'keep'), { path: '/usr/lib', hops: ['/lib'] });
    assert.equal(walk('/to-file/' as RootPath, probe, 'keep'), 'ENOTDIR');
  });

  it('asks only for paths whose parents are free of links', () => {
    const asked: string[] = [];
    const lstat: LinkProbe['lstat'] = (path) => {
      asked.push(path);
      return probe.lstat(path);
    };
    walk('/etc/alternatives/x' as RootPath, { ...probe, lstat });
    const linkParents = asked.filter((path) => path.startsWith('/lib/') || path.startsWith('/lib64/'));
    assert.deepEqual(linkParents, []);
  });

  it('ends on links that double the path at each hop', () => {
    const doubling: LinkProbe = {
      lstat: () => ({ type: 'symlink' }),
      readlink: () => 'a/'.repeat(2000),
    };
    assert.equal(walk('/a' as RootPath, doubling), 'ELOOP');
  });
});
