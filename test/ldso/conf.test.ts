import assert from 'node:assert/strict';
import { readConf } from '../../src/ldso/conf.ts';
import { globMatches } from '../../src/ldso/conf-glob.ts';
import { memorySysroot } from '../../src/sysroot/memory.ts';
import { dir, file, link, type MemoryTree, unreadable } from '../../src/sysroot/memory-entries.ts';

const read = (tree: MemoryTree): readonly string[] => readConf(memorySysroot(tree));

describe('readConf', () => {
  const lines: readonly (readonly [title: string, text: string, expected: readonly string[]])[] = [
    ['one directory a line, in order', '/b\n/a\n', ['/b', '/a']],
    ['the last line may lack its newline', '/a', ['/a']],
    ['comments anywhere in a line', '# x\n/a # y\n/b#z\n', ['/a', '/b']],
    ['blanks and slashes at the ends', ' \t/a/ \n/b///\n/\n', ['/a', '/b', '/']],
    ['TYPE suffixes', '/a=libc6\n/b=libc5\n', ['/a', '/b']],
    ['hwcap lines', 'hwcap 0 nosegneg\nhwcap\t1 x\n/a\n', ['/a']],
    ['a directory twice', '/a\n/b\n/a/\n', ['/a', '/b']],
    ['relative directories do not count', 'a\n./b\n', []],
    ['include without a pattern is a relative directory', 'include\n/a\n', ['/a']],
    ['names that begin with include', 'includes /x\n/a\n', ['/a']],
    ['carriage returns are blanks at the end', '/a\r\n', ['/a']],
  ];
  for (const [title, text, expected] of lines) {
    it(title, () => assert.deepEqual(read({ '/etc/ld.so.conf': file(text) }), expected));
  }

  it('no file is no directory', () => assert.deepEqual(read({}), []));
  it('a file that cannot be read is none', () =>
    assert.deepEqual(read({ '/etc/ld.so.conf': unreadable(file('/a')) }), []));

  it('includes stand where they are, nested ones too', () => {
    const tree = {
      '/etc/ld.so.conf': file('/1\ninclude conf.d/*.conf\n/4\n'),
      '/etc/conf.d/a.conf': file('/2\ninclude ../deep/x\n'),
      '/etc/deep/x': file('/3\n'),
    };
    assert.deepEqual(read(tree), ['/1', '/2', '/3', '/4']);
  });

  it('a file that includes itself is read once', () => {
    assert.deepEqual(read({ '/etc/ld.so.conf': file('/1\ninclude ld.so.conf\n/2\n') }), ['/1', '/2']);
  });

  it('two files that include each other end', () => {
    const tree = { '/etc/ld.so.conf': file('include b\n/a\n'), '/etc/b': file('include ld.so.conf\n/b\n') };
    assert.deepEqual(read(tree), ['/b', '/a']);
  });

  it('files that include each other in every way end soon', () => {
    const names = Array.from({ length: 12 }, (_, i) => `/etc/f${i}`);
    const tree = Object.fromEntries(names.map((name, i) => [name, file(`include /etc/f*\n/${i}\n`)]));
    assert.equal(read({ ...tree, '/etc/ld.so.conf': file('include /etc/f*\n') }).length, 12);
  });
});

describe('globMatches', () => {
  const tree: MemoryTree = {
    '/d/a.conf': file(),
    '/d/b.conf': file(),
    '/d/.hidden.conf': file(),
    '/d/ab.txt': file(),
    '/d/[x].conf': file(),
    '/e/a.conf': file(),
    '/e/sub': dir(),
    '/l': link('/d'),
    '/dangling': link('/none'),
  };
  const cases: readonly (readonly [pattern: string, matches: readonly string[]])[] = [
    ['/d/*.conf', ['/d/[x].conf', '/d/a.conf', '/d/b.conf']],
    ['/d/?.conf', ['/d/a.conf', '/d/b.conf']],
    ['/d/[ab].conf', ['/d/a.conf', '/d/b.conf']],
    ['/d/[!a].conf', ['/d/b.conf']],
    ['/d/[^a].conf', ['/d/b.conf']],
    ['/d/[b-z].conf', ['/d/b.conf']],
    ['/d/.*.conf', ['/d/.hidden.conf']],
    ['/*/a.conf', ['/d/a.conf', '/e/a.conf', '/l/a.conf']],
    ['/l/b*', ['/l/b.conf']],
    ['/d/a.conf', ['/d/a.conf']],
    ['/d/none', []],
    ['/dangling*', []],
    ['/d/*x*', ['/d/[x].conf', '/d/ab.txt']],
    ['/d/\\[x\\].conf', ['/d/[x].conf']],
    ['/d/*/x', []],
  ];
  for (const [pattern, matches] of cases) {
    it(`${pattern} gives ${matches.length}`, () =>
      assert.deepEqual(globMatches(memorySysroot(tree), pattern), matches));
  }

  it('many stars cost no more than the name is long', () => {
    const name = 'a'.repeat(200);
    const sysroot = memorySysroot({ [`/d/${name}`]: file() });
    assert.deepEqual(globMatches(sysroot, `/d/${'*a'.repeat(80)}*b`), []);
  });
});
