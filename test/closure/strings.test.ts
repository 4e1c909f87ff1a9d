import assert from 'node:assert/strict';
import { Strings } from '../../src/closure/strings.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';
import { failing, file, memorySysroot, unreadable } from '../../src/testing.ts';

const PATH = rootPath('/f');
const find = (content: Uint8Array | string, needle: string): readonly string[] =>
  new Strings(memorySysroot({ [PATH]: file(content) })).containing(PATH, needle);

describe('Strings', () => {
  const cases: readonly (readonly [
    title: string,
    content: string,
    needle: string,
    found: readonly string[],
  ])[] = [
    ['gives whole runs of printable bytes', '\0/etc/a\0x/etc/b y\n/lib', '/etc', ['/etc/a', 'x/etc/b y']],
    ['gives each once', 'ab\0ab\0abab', 'ab', ['ab', 'abab']],
    ['ends a run at bytes that are no ASCII', 'é/etc/aé/etc/b', '/etc', ['/etc/a', '/etc/b']],
    ['finds nothing where nothing is', 'abc', 'x', []],
  ];
  for (const [title, content, needle, found] of cases) {
    it(title, () => assert.deepEqual(find(content, needle), found));
  }

  it('finds a string wherever the border between two reads falls in it', () => {
    for (const at of [57_330, 57_336, 57_340, 57_344, 57_350]) {
      const bytes = Buffer.alloc(200_000);
      bytes.write('/etc/nsswitch.conf', at, 'latin1');
      assert.deepEqual(find(bytes, 'nsswitch'), ['/etc/nsswitch.conf']);
    }
  });

  it('ends with a file of nothing else than the needle', () => {
    const found = find(Buffer.alloc(300_000, 'a'), 'a');
    assert.ok(found.length > 0 && found.every((text) => /^a+$/.test(text)));
  });

  it('gives nothing of a file that cannot be read', () => {
    const strings = new Strings(memorySysroot({ '/denied': unreadable(file('x')), '/bad': failing('xxxx') }));
    for (const path of ['/denied', '/bad', '/gone']) {
      assert.deepEqual(strings.containing(rootPath(path), 'x'), []);
    }
  });
});
