import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globbySync } from 'globby';
import { expandGlob, isGlob } from '../../src/sysroot/glob.ts';
import { hostSysroot } from '../../src/sysroot/host.ts';
import { device, dir, file, link, memorySysroot } from '../../src/testing.ts';

const sysroot = memorySysroot({
  '/lib': link('usr/lib'),
  '/usr/lib/triplet/liba.so.1': file(''),
  '/usr/lib/triplet/libb.so.1': link('libb.so.1.2'),
  '/usr/lib/triplet/libb.so.1.2': file(''),
  '/usr/lib/triplet/gone.so': link('nothing'),
  '/usr/lib/up': link('..'),
  '/usr/lib/escape': link('../../../../etc'),
  '/etc/a.conf': file(''),
  '/etc/b.conf': file(''),
  '/etc/.hidden.conf': file(''),
  '/etc/conf.d/c.conf': file(''),
  '/etc/weird[1]{x}.conf': file(''),
  '/etc/caf\u00e9\udcff': file(''),
  '/proc/1/maps': file(''),
  '/dev/null': device('character', 1, 3),
  '/dev/zero': device('character', 1, 5),
  '/empty': dir(),
});

describe('expandGlob', () => {
  const cases: readonly (readonly [
    title: string,
    pattern: string,
    expected: readonly string[],
    except?: readonly string[],
  ])[] = [
    [
      'a star takes dot files and leaves slashes',
      '/etc/*.conf',
      ['/etc/.hidden.conf', '/etc/a.conf', '/etc/b.conf', '/etc/weird[1]{x}.conf'],
    ],
    ['two stars go down', '/etc/**/[bc].conf', ['/etc/b.conf', '/etc/conf.d/c.conf']],
    ['braces name alternatives', '/etc/{a,b,z}.conf', ['/etc/a.conf', '/etc/b.conf']],
    ['a question mark is one character', '/etc/?.conf', ['/etc/a.conf', '/etc/b.conf']],
    ['an extended glob negates', '/etc/!(*.conf|conf.d)', ['/etc/caf\u00e9\udcff']],
    ['a backslash escapes', '/etc/weird\\[1\\]\\{x\\}.c*', ['/etc/weird[1]{x}.conf']],
    ['directories match', '/usr/li*/t*', ['/usr/lib/triplet']],
    ['a slash at the end wants directories', '/etc/*/', ['/etc/conf.d']],
    [
      'links match as they are, dangling ones too',
      '/usr/lib/*/*.so*',
      [
        '/usr/lib/triplet/gone.so',
        '/usr/lib/triplet/liba.so.1',
        '/usr/lib/triplet/libb.so.1',
        '/usr/lib/triplet/libb.so.1.2',
      ],
    ],
    ['links before the first wildcard are followed', '/lib/*/liba*', ['/lib/triplet/liba.so.1']],
    ['links are not followed by a wildcard', '/usr/lib/**/a.conf', []],
    ['a pattern without its slash starts at the root', 'etc/a*', ['/etc/a.conf']],
    ['/proc, /sys and /dev are left out', '/**/{maps,null,a.conf}', ['/etc/a.conf']],
    ['but for a pattern that starts there', '/dev/{null,zero}', ['/dev/null', '/dev/zero']],
    [
      'what is excepted is left out',
      '/etc/**/*.conf',
      ['/etc/.hidden.conf', '/etc/b.conf', '/etc/weird[1]{x}.conf'],
      ['/etc/a.*', 'etc/conf.d'],
    ],
    ['nothing matches', '/nope/*', []],
    ['an empty directory has nothing', '/empty/*', []],
  ];
  for (const [title, pattern, expected, except] of cases) {
    it(title, async () => {
      assert.deepEqual(await expandGlob(sysroot, pattern, except), expected);
    });
  }

  it('takes a pattern that globby refuses for a usage error', async () => {
    await assert.rejects(expandGlob(sysroot, `/${'x*'.repeat(40_000)}`), {
      code: 'ERR_USAGE',
      message: /^cannot expand \//,
    });
  });

  it('tells globs from paths', async () => {
    const told = await Promise.all(['/a/b', '/a/*', '/a/{b,c}', '/a/[b]', '/a/b?'].map(isGlob));
    assert.deepEqual(told, [false, true, true, true, true]);
  });

  describe('below a directory of the host', () => {
    let root = '';
    before(() => {
      root = mkdtempSync(join(tmpdir(), 'mkrootfs-glob-'));
      mkdirSync(join(root, 'a/deep'), { recursive: true });
      for (const name of ['a/x.txt', 'a/.y.txt', 'a/deep/z.txt', 'b.txt'])
        writeFileSync(join(root, name), '');
      symlinkSync('/etc', join(root, 'out'));
      symlinkSync('a', join(root, 'in'));
    });
    after(() => rmSync(root, { recursive: true }));

    for (const pattern of [
      '/**/*.txt',
      '/*',
      '/a/**',
      '/{a,b}*',
      '/a/{x,.y}.txt',
      '/in/*.txt',
      '/**/{a,b.txt}',
    ]) {
      it(`${pattern} gives what globby gives there`, async () => {
        const plain = globbySync(pattern.slice(1), {
          cwd: root,
          dot: true,
          onlyFiles: false,
          expandDirectories: false,
          followSymbolicLinks: false,
        });
        const found = await expandGlob(hostSysroot(root), pattern);
        assert.ok(found.length > 0);
        assert.deepEqual(found, plain.map((path) => `/${path}`).sort());
      });
    }

    it('no link leads out of it', async () => {
      assert.deepEqual(await expandGlob(hostSysroot(root), '/out/*'), []);
      assert.deepEqual(await expandGlob(hostSysroot(root), '/../*.txt'), ['/../b.txt']);
    });
  });
});
