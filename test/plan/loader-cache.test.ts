import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Closure, Evidence } from '../../src/closure/types.ts';
import { readCache } from '../../src/ldso/cache.ts';
import { compareNames } from '../../src/ldso/cache-format.ts';
import { cachedLibraries } from '../../src/plan/loader-cache.ts';
import { planRootfs } from '../../src/plan/plan.ts';
import { validatePlan } from '../../src/plan/validate.ts';
import { type LoaderCacheEntry, writeLoaderCache } from '../../src/plan/write-loader-cache.ts';
import type { Sysroot } from '../../src/sysroot/sysroot.ts';
import { buildElf, file, link, type MemoryTree, memorySysroot, program } from '../../src/testing.ts';
import { closureOf, needed, type Want } from './closure-of.ts';

const lib = (soname?: string) => file(buildElf(soname === undefined ? {} : { soname }));

const TREE: MemoryTree = {
  '/bin/app': program(buildElf({ interpreter: '/lib64/ld.so' })),
  '/lib': link('usr/lib'),
  '/usr/lib/x86_64-linux-gnu/libc.so.6': lib('libc.so.6'),
  '/usr/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v3/libc.so.6': lib('libc.so.6'),
  '/usr/lib/x86_64-linux-gnu/private/libp.so.1': lib('libp.so.1'),
  '/opt/lib/libgreet.so.1': link('libgreet.so.1.4'),
  '/opt/lib/libgreet.so.1.4': lib('libgreet.so.1'),
  '/opt/lib/glibc-hwcaps/x86-64-v3/libgreet.so.1': lib('libgreet.so.1'),
  '/opt/lib/libplain.so': lib(),
  '/opt/lib/libother.so': lib('libreal.so.2'),
  '/usr/lib/libreal.so.2': lib('libreal.so.2'),
  '/opt/lib32/libgreet.so.1': file(buildElf({ class: 32, soname: 'libgreet.so.1' })),
};

const sysroot = memorySysroot(TREE);

/** What the plan's cache says: `name -> path flags level`; null where it has no cache. */
function cacheOf(
  wants: readonly Want[],
  more: Partial<Closure> = {},
  from: Sysroot = sysroot,
): string[] | null {
  const plan = planRootfs(closureOf(from, ['/bin/app', ...wants], more), from);
  validatePlan(plan);
  const entry = plan.entries.find(({ path }) => path === '/etc/ld.so.cache');
  if (entry?.type !== 'file' || entry.content.from !== 'inline') return null;
  assert.deepEqual(entry.evidence, { by: 'generated', rule: 'ld.so.cache' });
  assert.deepEqual([entry.mode, entry.neededBy], [0o644, null]);
  const read = readCache(Buffer.from(entry.content.base64, 'base64'), 'LE');
  return read!.entries().map(({ name, path, flags, level }) => {
    return `${name} -> ${path} ${flags.toString(16)}${level === null ? '' : ` ${level}`}`;
  });
}

const by = (evidence: Evidence, path: string): Want => ({ path, role: 'library', evidence });

describe('the loader cache of a plan', () => {
  const none: readonly (readonly [title: string, wants: readonly Want[]])[] = [
    ['in a default directory', [needed('/lib/x86_64-linux-gnu/libc.so.6', 'cache')]],
    [
      'in a glibc-hwcaps directory below a default one',
      [needed('/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v3/libc.so.6', 'cache')],
    ],
    ['found by RUNPATH', [needed('/opt/lib/libgreet.so.1', 'runpath')]],
    ['found by RPATH', [needed('/opt/lib/libgreet.so.1', 'rpath')]],
    ['found by the library path of run time', [needed('/opt/lib/libgreet.so.1', 'library-path')]],
    ['asked for by its path', [needed('/opt/lib/libgreet.so.1', 'direct')]],
    ['preloaded by its path', [needed('/opt/lib/libplain.so', 'preload', '/opt/lib/libplain.so')]],
    ['opened by its path', [by({ by: 'runtime', rule: 'plugins' }, '/opt/lib/libgreet.so.1')]],
  ];
  for (const [title, wants] of none) {
    it(`is not there for a library ${title}`, () => {
      assert.equal(cacheOf(wants), null);
    });
  }

  it('is there for a library that the sysroot has in its cache and the loader would not find', () => {
    assert.deepEqual(cacheOf([needed('/opt/lib/libgreet.so.1', 'cache')]), [
      'libgreet.so.1 -> /opt/lib/libgreet.so.1 303',
    ]);
  });

  it('is there for a library that is preloaded by a bare name', () => {
    assert.deepEqual(cacheOf([needed('/opt/lib/libplain.so', 'preload')]), [
      'libplain.so -> /opt/lib/libplain.so 303',
    ]);
  });

  it('is there for a library that ld.so.conf finds in a sysroot without a cache', () => {
    assert.deepEqual(cacheOf([needed('/opt/lib/libplain.so', 'conf')]), [
      'libplain.so -> /opt/lib/libplain.so 303',
    ]);
  });

  it('is there for a library deep below a default directory, which the loader does not search', () => {
    assert.deepEqual(cacheOf([needed('/lib/x86_64-linux-gnu/private/libp.so.1', 'cache')]), [
      'libp.so.1 -> /lib/x86_64-linux-gnu/private/libp.so.1 303',
    ]);
  });

  it('holds variants before the plain file, and each word size under its own flags', () => {
    const wants = [
      needed('/opt/lib/libgreet.so.1', 'cache'),
      needed('/opt/lib32/libgreet.so.1', 'cache'),
      needed('/opt/lib/glibc-hwcaps/x86-64-v3/libgreet.so.1', 'cache'),
    ];
    assert.deepEqual(cacheOf(wants), [
      'libgreet.so.1 -> /opt/lib/glibc-hwcaps/x86-64-v3/libgreet.so.1 303 x86-64-v3',
      'libgreet.so.1 -> /opt/lib/libgreet.so.1 303',
      'libgreet.so.1 -> /opt/lib32/libgreet.so.1 3',
    ]);
  });

  it('holds a library under its SONAME too, as ldconfig would', () => {
    assert.deepEqual(cacheOf([needed('/opt/lib/libother.so', 'conf')]), [
      'libreal.so.2 -> /opt/lib/libother.so 303',
      'libother.so -> /opt/lib/libother.so 303',
    ]);
  });

  it('leaves a SONAME to the library that answers to it', () => {
    const wants = [needed('/opt/lib/libother.so', 'conf'), needed('/usr/lib/libreal.so.2', 'default')];
    assert.deepEqual(cacheOf(wants), ['libother.so -> /opt/lib/libother.so 303']);
  });

  it('leaves a SONAME that leads to two files to the search', () => {
    const wants = [
      needed('/opt/lib/libother.so', 'conf'),
      needed('/opt/lib/libother.so', 'soname', 'libreal.so.2'),
      needed('/usr/lib/libreal.so.2', 'default'),
    ];
    assert.deepEqual(cacheOf(wants), ['libother.so -> /opt/lib/libother.so 303']);
  });

  it('holds what dlopen(3) asks for by a bare name', () => {
    const evidence: Evidence = { by: 'dlopen-note', feature: 'greet', priority: 'required' };
    const closure = closureOf(sysroot, ['/bin/app', by(evidence, '/opt/lib/libgreet.so.1')]);
    const bare = closure.edges.map((edge) => ({ ...edge, want: 'libgreet.so.1' }));
    const [library] = cachedLibraries({ ...closure, edges: bare }, () => true);
    assert.deepEqual(library?.entries, [
      { name: 'libgreet.so.1', path: '/opt/lib/libgreet.so.1', flags: 0x0303, level: null },
    ]);
  });

  it('is not there for musl, which reads none', () => {
    assert.equal(cacheOf([needed('/opt/lib/libgreet.so.1', 'cache')], { libc: 'musl' }), null);
  });

  it('does not name what is excluded', () => {
    const wants = [needed('/opt/lib/libgreet.so.1', 'cache'), needed('/opt/lib/libplain.so', 'cache')];
    const closure = closureOf(sysroot, ['/bin/app', ...wants]);
    const plan = planRootfs(closure, sysroot, { exclude: ['**/libgreet*'] });
    const names = cachedLibraries(closure, (node) => plan.entries.some(({ path }) => path === node.realPath));
    assert.deepEqual(
      names.flatMap(({ entries }) => entries.map(({ name }) => name)),
      ['libplain.so'],
    );
    const entry = plan.entries.find(({ path }) => path === '/etc/ld.so.cache');
    assert.ok(entry?.type === 'file' && entry.content.from === 'inline');
    const bytes = Buffer.from(entry.content.base64, 'base64');
    assert.equal(bytes.includes('libgreet'), false);
    assert.equal(bytes.includes('libplain'), true);
  });

  it('stands where /etc leads', () => {
    const linked = memorySysroot({ ...TREE, '/etc': link('private/etc'), '/private/etc/motd': file('') });
    const plan = planRootfs(
      closureOf(linked, ['/bin/app', needed('/opt/lib/libgreet.so.1', 'cache')]),
      linked,
    );
    validatePlan(plan);
    const paths = plan.entries.map(({ path }) => path as string);
    assert.ok(paths.includes('/private/etc/ld.so.cache') && paths.includes('/etc'));
  });

  it('gives way to one that is included', () => {
    const own = memorySysroot({ ...TREE, '/etc/ld.so.cache': file('own') });
    const closure = closureOf(own, ['/bin/app', needed('/opt/lib/libgreet.so.1', 'cache')]);
    const path = closure.programs[0]!.replace('/bin/app', '/etc/ld.so.cache') as (typeof closure.programs)[0];
    const include = [{ from: 'sysroot', pattern: path, paths: [path], literal: true, except: [] }] as const;
    const entry = planRootfs(closure, own, { include }).entries.find((one) => one.path === path);
    assert.ok(entry?.type === 'file' && entry.content.from === 'sysroot');
  });
});

describe('writeLoaderCache', () => {
  const entry = fc.record<LoaderCacheEntry>({
    name: fc.stringMatching(/^lib[a-c0-9]{0,4}\.so(\.[0-9]{1,12}){0,2}$/),
    path: fc.stringMatching(/^\/[a-zé]{1,6}\/[a-z0-9.]{1,12}$/),
    flags: fc.constantFrom(0x0303, 0x0003, 0x0803),
    level: fc.constantFrom(null, 'x86-64-v2', 'x86-64-v3', 'x86-64-v4'),
  });

  for (const order of ['LE', 'BE'] as const) {
    it(`reads back the same in ${order}, sorted as the loader searches`, () => {
      fc.assert(
        fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
          const read = readCache(writeLoaderCache(entries, order), order)!.entries();
          const text = (list: readonly LoaderCacheEntry[]) =>
            list.map(({ name, path, flags, level }) => `${name} ${path} ${flags} ${level}`).sort();
          assert.deepEqual(text(read), text(entries));
          for (const [i, { name }] of read.entries()) {
            assert.ok(i === 0 || compareNames(read[i - 1]!.name, name) >= 0);
          }
        }),
      );
    });
  }

  it("is found entry by entry by the loader's own search", () => {
    fc.assert(
      fc.property(fc.uniqueArray(entry, { maxLength: 60, selector: ({ name }) => name }), (entries) => {
        const cache = readCache(writeLoaderCache(entries, 'LE'), 'LE')!;
        const levels = ['x86-64-v4', 'x86-64-v3', 'x86-64-v2'];
        for (const { name, flags } of entries) assert.ok(cache.lookup(name, [flags], levels), name);
      }),
    );
  });

  it('keeps names that are not UTF-8 byte by byte', () => {
    const bytes = writeLoaderCache(
      [{ name: 'lib\udcff.so', path: '/o/lib\udcff.so', flags: 0x0303, level: null }],
      'LE',
    );
    assert.ok(Buffer.from(bytes).includes(Buffer.from('lib\xff.so\0', 'latin1')));
  });
});
