import assert from 'node:assert/strict';
import { Loader } from '../../src/ldso/loader.ts';
import type { LinkMap } from '../../src/ldso/object.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { buildElf, file, memorySysroot, program } from '../../src/testing.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';

function mapOf(libraries: Readonly<Record<string, ElfSpec>>, needed: readonly string[]): LinkMap {
  const tree = Object.entries(libraries).map(([name, spec]) => [
    `/lib/${name}`,
    file(buildElf({ soname: name, runpath: '/lib', ...spec })),
  ]);
  const sysroot = memorySysroot({
    ...Object.fromEntries(tree),
    [LOADER]: program(buildElf()),
    '/app': program(buildElf({ interpreter: LOADER, needed, runpath: '/lib' })),
  });
  const [map] = new Loader(sysroot).linkMaps(rootPath('/app'));
  assert.ok(map);
  return map;
}

// The real loader has no answer to either of them: it allocates list entries until memory ends.
describe('filters that name each other', () => {
  for (const tag of ['filter', 'auxiliary'] as const) {
    it(`DT_${tag.toUpperCase()} in a circle of two ends, and is told of as fatal`, () => {
      const { objects, missing } = mapOf(
        { 'liba.so': { [tag]: ['libb.so'] }, 'libb.so': { [tag]: ['liba.so'] } },
        ['liba.so'],
      );
      const names = objects.map(({ path }) => path).sort();
      assert.deepEqual(names, ['/app', '/lib/liba.so', '/lib/libb.so', LOADER]);
      assert.deepEqual(
        missing.map(({ binding }) => binding.tried.at(-1)?.why),
        ['filters that name each other in a circle'],
      );
    });
  }

  it('a large circle ends too', () => {
    const names = Array.from({ length: 60 }, (_, i) => `lib${i}.so`);
    const libraries = Object.fromEntries(
      names.map((name, i) => [name, { filter: [names[(i + 1) % names.length] as string, 'lib0.so'] }]),
    );
    const started = process.cpuUsage();
    assert.equal(mapOf(libraries, names).missing.length, 1);
    const { user, system } = process.cpuUsage(started);
    assert.ok(user + system < 1e6, `took ${(user + system) / 1000} ms`);
  });
});
