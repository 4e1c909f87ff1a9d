import assert from 'node:assert/strict';
import { resolve } from '../../src/ldso/resolve.ts';
import { memorySysroot } from '../../src/sysroot/memory.ts';
import {
  failing,
  fifo,
  file,
  link,
  type MemoryTree,
  program,
  socket,
  unreadable,
} from '../../src/sysroot/memory-entries.ts';
import { buildElf } from '../../src/testing/build-elf.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
const lib = (spec: ElfSpec = {}): ReturnType<typeof program> => program(buildElf(spec));
const app = (spec: ElfSpec = {}): ReturnType<typeof program> =>
  lib({ interpreter: LOADER, flags1: 0x08000000, ...spec });
const loader = { [LOADER]: lib({ soname: 'ld-linux-x86-64.so.2' }) };

describe('resolve', () => {
  it('tells each object as the contract says', () => {
    const tree = {
      ...loader,
      '/bin': link('usr/bin'),
      '/usr/bin/app': app({ needed: ['liba.so', 'libgone.so'], runpath: '/r' }),
      '/r/liba.so': lib({ soname: 'liba.so' }),
    };
    const { roots, objects, missing } = resolve('/bin/app', memorySysroot(tree));
    assert.deepEqual(roots, ['/bin/app']);
    assert.deepEqual(objects[0], {
      path: '/bin/app',
      realpath: '/usr/bin/app',
      kind: 'executable',
      class: 64,
      machine: 'x86_64',
      soname: null,
      interp: LOADER,
      needed: [
        { name: 'liba.so', path: '/r/liba.so', via: 'runpath', tried: [] },
        { name: 'libgone.so', path: null, via: null, tried: missing[0]?.tried },
      ],
    });
    assert.deepEqual(
      objects.map(({ path, kind }) => [path, kind]),
      [
        ['/bin/app', 'executable'],
        ['/r/liba.so', 'library'],
        [LOADER, 'interpreter'],
      ],
    );
    assert.deepEqual(
      missing.map(({ name, neededBy }) => [name, neededBy]),
      [['libgone.so', '/bin/app']],
    );
  });

  it('a miss names the candidates in the order of the loader, and why each was passed over', () => {
    const tree = {
      ...loader,
      '/app': app({ needed: ['libx.so'], runpath: '/none:/r' }),
      '/r/libx.so': lib({ class: 32, machine: 3 }),
      '/l/libx.so': lib({ machine: 183 }),
      '/etc/ld.so.cache': file('glibc-ld.so.cache1.1'.padEnd(49, '\0')),
    };
    const { missing } = resolve('/app', memorySysroot(tree), { libraryPath: '/l' });
    const told = missing[0]?.tried.map(({ path, via, verdict }) => `${via} ${path} ${verdict}`) ?? [];
    assert.deepEqual(told.slice(0, 4), [
      'library-path /l/libx.so wrong-machine',
      'runpath /none/libx.so absent',
      'runpath /r/libx.so wrong-class',
      'cache /etc/ld.so.cache absent',
    ]);
    assert.ok(told.slice(4).every((line) => line.startsWith('default ')));
  });

  it('steps that the rules leave out are told', () => {
    const tree = {
      ...loader,
      '/app': app({ needed: ['liba.so'], rpath: '/r' }),
      '/r/liba.so': lib({ needed: ['libx.so'], runpath: '/s', flags1: 0x800 }),
    };
    const { missing } = resolve('/app', memorySysroot(tree));
    const skipped = missing[0]?.tried.filter(({ verdict }) => verdict === 'skipped').map(({ via }) => via);
    assert.deepEqual(skipped, ['rpath', 'default']);
  });

  it('attempts are kept of what is found where they are asked for', () => {
    const tree = { ...loader, '/app': app({ needed: ['libx.so'], runpath: '/a:/b' }), '/b/libx.so': lib() };
    const { objects } = resolve('/app', memorySysroot(tree), { attempts: true });
    assert.deepEqual(
      objects[0]?.needed[0]?.tried.map(({ path, verdict }) => [path, verdict]),
      [['/a/libx.so', 'absent']],
    );
  });

  it('with musl attempts are kept of what is missing, and of the rest where they are asked for', () => {
    const musl = {
      interpreter: '/lib/ld-musl-x86_64.so.1',
      needed: ['libx.so', 'libgone.so'],
      runpath: '/a:/b',
    };
    const tree = {
      '/lib/ld-musl-x86_64.so.1': lib({ soname: 'libc.so' }),
      '/app': app(musl),
      '/b/libx.so': lib(),
    };
    const tried = (attempts: boolean): readonly (readonly string[])[] =>
      resolve('/app', memorySysroot(tree), { attempts }).objects[0]?.needed.map((binding) =>
        binding.tried.map(({ path }) => path),
      ) ?? [];
    const gone = ['/a', '/b', '/lib', '/usr/local/lib', '/usr/lib'].map((at) => `${at}/libgone.so`);
    assert.deepEqual(tried(false), [[], gone]);
    assert.deepEqual(tried(true), [['/a/libx.so'], gone]);
  });

  it('a shared object is resolved by the loader of the libc that it needs', () => {
    const loaders = { ...loader, '/lib/ld-musl-x86_64.so.1': lib({ soname: 'libc.so' }) };
    const linked = (needed: string, tree: MemoryTree): string | undefined =>
      resolve('/liba.so', memorySysroot({ ...tree, '/liba.so': lib({ needed: [needed] }) })).objects[1]?.path;
    assert.equal(linked('libc.so', loaders), '/lib/ld-musl-x86_64.so.1');
    assert.equal(linked('libc.musl-x86_64.so.1', loaders), '/lib/ld-musl-x86_64.so.1');
    assert.equal(linked('ld-linux-x86-64.so.2', loaders), LOADER);
    assert.equal(linked('libm.so', { '/lib/ld-musl-x86_64.so.1': lib() }), '/lib/ld-musl-x86_64.so.1');
  });

  it('a script whose interpreter cannot be executed says why', () => {
    const tree = { '/app': program('#!/bin/sh\n'), '/bin/sh': file('x') };
    const { missing } = resolve('/app', memorySysroot(tree));
    assert.deepEqual(missing[0]?.tried, [
      { path: '/bin/sh', via: 'direct', verdict: 'unusable', why: 'not executable' },
    ]);
  });

  it('several programs are processes of their own: one library may bind in two ways', () => {
    const tree = {
      ...loader,
      '/one': app({ needed: ['/liba.so'], rpath: '/1' }),
      '/two': app({ needed: ['/liba.so'], rpath: '/2' }),
      '/liba.so': lib({ needed: ['libx.so'] }),
      '/1/libx.so': lib(),
      '/2/libx.so': lib(),
    };
    const { objects } = resolve(['/one', '/two'], memorySysroot(tree));
    assert.deepEqual(
      objects.map(({ path }) => path),
      ['/one', '/two', '/liba.so', '/1/libx.so', LOADER, '/2/libx.so'],
    );
    const bound = objects.find(({ path }) => path === '/liba.so')?.needed.map(({ path }) => path);
    assert.deepEqual(bound, ['/1/libx.so', '/2/libx.so']);
  });

  it('what a library finds by its own RPATH serves no other program', () => {
    const tree = {
      ...loader,
      '/one': app({ needed: ['/liba.so'] }),
      '/liba.so': lib({ needed: ['libx.so'], rpath: '/1' }),
      '/1/libx.so': lib(),
      '/two': app({ needed: ['libx.so'] }),
    };
    const { missing } = resolve(['/one', '/two'], memorySysroot(tree));
    assert.deepEqual(
      missing.map(({ name, neededBy }) => [name, neededBy]),
      [['libx.so', '/two']],
    );
  });

  const interpreters: readonly (readonly [string, MemoryTree, verdict: string, why: string])[] = [
    ['nothing', {}, 'absent', 'no such file'],
    ['a file on its way', { '/lib64': file() }, 'absent', 'no such file'],
    ['a link loop', { [LOADER]: link(LOADER) }, 'unusable', 'ELOOP'],
    ['no execute bit', { [LOADER]: file(buildElf()) }, 'unusable', 'not executable'],
    ['text', { [LOADER]: program('text') }, 'unusable', 'not a usable ELF file'],
    ['another machine', { [LOADER]: lib({ machine: 183 }) }, 'unusable', 'for aarch64'],
    ['another class', { [LOADER]: lib({ class: 32, machine: 3 }) }, 'unusable', 'wrong ELF class'],
  ];
  for (const [title, tree, verdict, why] of interpreters) {
    it(`an interpreter that cannot start it says why: ${title}`, () => {
      const { missing } = resolve('/app', memorySysroot({ ...tree, '/app': app() }));
      assert.deepEqual(missing[0]?.tried, [{ path: LOADER, via: 'direct', verdict, why }]);
    });
  }

  it('a program that is named twice counts once', () => {
    const { objects } = resolve(['/app', '/app'], memorySysroot({ ...loader, '/app': app() }));
    assert.deepEqual(
      objects.map(({ path }) => path),
      ['/app', LOADER],
    );
  });

  it('variants of every level belong to the result, and say which level takes them', () => {
    const variant = '/r/glibc-hwcaps/x86-64-v3/libx.so';
    const tree = {
      ...loader,
      '/app': app({ needed: ['libx.so'], runpath: '/r' }),
      '/r/libx.so': lib(),
      [variant]: lib(),
    };
    const { objects } = resolve('/app', memorySysroot(tree));
    assert.deepEqual(objects.map(({ path, hwcaps }) => [path, hwcaps]).slice(1), [
      ['/r/libx.so', undefined],
      [LOADER, undefined],
      [variant, 'x86-64-v3'],
    ]);
  });

  it('what DT_AUDIT names is told as audit', () => {
    const tree = { ...loader, '/app': app({ audit: '/a.so' }), '/a.so': lib() };
    const { objects } = resolve('/app', memorySysroot(tree));
    assert.deepEqual(objects[0]?.needed, [{ name: '/a.so', path: '/a.so', via: 'audit', tried: [] }]);
  });

  it('a missing version is told with its file', () => {
    const tree = {
      ...loader,
      '/app': app({ needed: ['libv.so'], runpath: '/r', verneed: [{ file: 'libv.so', versions: ['V_2'] }] }),
      '/r/libv.so': lib({ soname: 'libv.so', verdef: ['V_1'] }),
    };
    const { missing } = resolve('/app', memorySysroot(tree));
    assert.deepEqual(missing, [{ name: 'libv.so', neededBy: '/app', tried: [], version: 'V_2' }]);
  });

  const errors: readonly (readonly [string, MemoryTree, code: string, message: RegExp])[] = [
    ['nothing there', {}, 'ERR_NOT_FOUND', /cannot find \/app: no such file/],
    ['a file on the way', { '/app': link('/f/x'), '/f': file() }, 'ERR_NOT_FOUND', /not a directory/],
    [
      'no right to read',
      { '/app': unreadable(app()) },
      'ERR_NOT_READABLE',
      /cannot read \/app: permission denied/,
    ],
    ['a fifo', { '/app': fifo() }, 'ERR_NOT_A_PROGRAM', /it is a fifo, not a file/],
    ['a socket', { '/app': socket() }, 'ERR_NOT_A_PROGRAM', /it is a socket, not a file/],
    ['a broken disk', { '/app': failing(buildElf()) }, 'ERR_NOT_READABLE', /cannot read \/app/],
    ['text', { '/app': program('hello') }, 'ERR_NOT_A_PROGRAM', /neither ELF nor a script/],
    [
      'damage',
      { '/app': app({ patch: [{ field: 'e_phentsize', value: 1 }] }) },
      'ERR_MALFORMED_ELF',
      /e_phentsize/,
    ],
  ];
  for (const [title, tree, code, message] of errors) {
    it(`a program that cannot be used: ${title}`, () => {
      assert.throws(() => resolve('/app', memorySysroot(tree)), { code, message });
    });
  }

  it('a library on a broken disk is missing, not an error', () => {
    const tree = {
      ...loader,
      '/app': app({ needed: ['libx.so'], runpath: '/r' }),
      '/r/libx.so': failing(buildElf()),
    };
    const { missing } = resolve('/app', memorySysroot(tree));
    assert.deepEqual(
      missing.map(({ name }) => name),
      ['libx.so'],
    );
  });

  it('a program that needs more objects than any other ends', () => {
    const needed = Array.from({ length: 2000 }, (_, i) => `/r/lib${i}.so`);
    const libraries = Object.fromEntries(needed.map((path) => [path, lib({ needed })]));
    const { objects } = resolve('/app', memorySysroot({ ...loader, ...libraries, '/app': app({ needed }) }));
    assert.equal(objects.length, 2002);
  }).timeout(60_000);
});
