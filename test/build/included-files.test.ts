import assert from 'node:assert/strict';
import { includedFiles } from '../../src/build/included-files.ts';
import type { SysrootInclusion } from '../../src/plan/options.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';
import { file, link, memorySysroot, program } from '../../src/testing.ts';

const sysroot = memorySysroot({
  '/bin': link('usr/bin'),
  '/usr/bin/sh': link('dash'),
  '/usr/bin/dash': program(''),
  '/opt/app/bin/main': program(''),
  '/opt/app/lib/plugin.so': file(''),
  '/opt/app/doc/readme': file(''),
  '/opt/current': link('app'),
  '/proc/1/exe': program(''),
});

/** `path pattern x` of each file that patterns bring. */
function found(
  patterns: readonly string[],
  except: readonly string[] = [],
  exclude?: readonly string[],
): readonly string[] {
  const inclusions = patterns.map((pattern): SysrootInclusion => {
    return { from: 'sysroot', pattern, paths: [rootPath(pattern)], literal: true, except };
  });
  return includedFiles(inclusions, sysroot, exclude).map(
    ({ path, pattern, executable }) => `${path} ${pattern}${executable ? ' x' : ''}`,
  );
}

describe('includedFiles', () => {
  it('names the program that a link leads to', () => {
    assert.deepEqual(found(['/bin/sh']), ['/usr/bin/dash /bin/sh x']);
  });

  it('names the files below a directory, and below a link to one', () => {
    const below = ['/opt/app/bin/main', '/opt/app/doc/readme', '/opt/app/lib/plugin.so'];
    const paths = (pattern: string) =>
      found([pattern])
        .map((line) => line.split(' ')[0])
        .sort();
    assert.deepEqual(paths('/opt/app'), below);
    assert.deepEqual(paths('/opt/current'), below);
  });

  it('leaves out what is negated and what is excluded', () => {
    assert.deepEqual(found(['/opt/app'], ['/opt/app/doc', '/opt/app/bin']), [
      '/opt/app/lib/plugin.so /opt/app',
    ]);
    assert.deepEqual(found(['/opt/app'], [], ['**/*.so', '**/doc']), ['/opt/app/bin/main /opt/app x']);
  });

  it('stays out of /proc', () => {
    assert.ok(found(['/']).every((line) => !line.startsWith('/proc')));
  });

  it('leaves files of the host to the plan', () => {
    assert.deepEqual(includedFiles([{ from: 'host', pattern: 'a:/b', files: [] }], sysroot), []);
  });
});
