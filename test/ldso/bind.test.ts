import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { bindSymbols } from '../../src/ldso/bind.ts';
import { Loader, type LoaderOptions } from '../../src/ldso/loader.ts';
import { SymbolTables } from '../../src/ldso/symbol-tables.ts';
import { hostSysroot } from '../../src/sysroot/host.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { buildElf, file, memorySysroot, program } from '../../src/testing.ts';
import { needs, skip } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';

/** One program with its libraries, and the symbols that nothing defines for it. */
interface Case {
  readonly title: string;
  readonly app: ElfSpec;
  readonly libraries?: Readonly<Record<string, ElfSpec>>;
  /** `symbol` or `symbol@VERSION`, with the file's name where it is not the program. */
  readonly unbound: readonly string[];
  /** What of it the real loader does not tell. */
  readonly noOracle?: string;
}

const V12: ElfSpec = {
  exports: [
    { name: 'f', version: 'V_1', hidden: true },
    { name: 'f', version: 'V_2' },
  ],
};
const wants = (name: string, version?: string, more: object = {}): ElfSpec => ({
  needed: ['liba.so'],
  imports: [{ name, ...(version !== undefined && { from: 'liba.so', version }), ...more }],
});

const CASES: readonly Case[] = [
  {
    title: 'a symbol that a library defines is bound',
    app: wants('f'),
    libraries: { 'liba.so': { exports: ['f'] } },
    unbound: [],
  },
  {
    title: 'a symbol that nothing defines is told of, with who wants it',
    app: { needed: ['liba.so'], imports: ['f', 'g'] },
    libraries: { 'liba.so': { exports: ['f'], imports: ['h'] } },
    unbound: ['g', 'h liba.so'],
  },
  {
    title: 'the symbols of the program serve its libraries',
    app: { needed: ['liba.so'], exports: ['callback'] },
    libraries: { 'liba.so': { imports: ['callback'] } },
    unbound: [],
  },
  {
    title: 'a library that nobody needs serves nobody',
    app: { imports: ['f'], needed: ['libb.so'] },
    libraries: { 'liba.so': { exports: ['f'] }, 'libb.so': {} },
    unbound: ['f'],
  },
  {
    title: 'a library of a library serves the program',
    app: { imports: ['f'], needed: ['libb.so'] },
    libraries: { 'liba.so': { exports: ['f'] }, 'libb.so': { needed: ['liba.so'] } },
    unbound: [],
  },
  {
    title: 'a weak reference may stay unbound',
    app: { needed: ['liba.so'], imports: [{ name: 'f', weak: true }] },
    libraries: { 'liba.so': {} },
    unbound: [],
  },
  {
    title: 'a weak definition binds a strong reference',
    app: wants('f'),
    libraries: { 'liba.so': { exports: [{ name: 'f', weak: true }] } },
    unbound: [],
  },
  {
    title: 'an import that no relocation asks for is not looked up',
    app: { needed: ['liba.so'], imports: ['f'], bind: false },
    libraries: { 'liba.so': {} },
    unbound: [],
  },
  {
    title: 'a versioned reference takes its very version, hidden or default',
    app: {
      needed: ['liba.so'],
      imports: [
        { name: 'f', from: 'liba.so', version: 'V_1' },
        { name: 'f', from: 'liba.so', version: 'V_2' },
      ],
    },
    libraries: { 'liba.so': V12 },
    unbound: [],
  },
  {
    title: 'a version that the library has, but not of that symbol, does not bind',
    app: wants('g', 'V_1'),
    libraries: { 'liba.so': { exports: [...(V12.exports ?? []), { name: 'g', version: 'V_2' }] } },
    unbound: ['g@V_1'],
  },
  {
    title: 'a versioned reference takes a definition of a library without versions',
    app: wants('f', 'V_1'),
    libraries: { 'liba.so': { exports: ['f'] } },
    unbound: [],
    noOracle: 'the loader asserts that the library named has versions',
  },
  {
    title: 'a versioned reference takes an unversioned definition of a library with versions',
    app: wants('g', 'V_1'),
    libraries: { 'liba.so': { exports: [...(V12.exports ?? []), 'g'] } },
    unbound: [],
  },
  {
    title: 'an unversioned reference takes the oldest version',
    app: wants('f'),
    libraries: { 'liba.so': V12 },
    unbound: [],
  },
  {
    title: 'an unversioned reference takes the only version that is not hidden',
    app: wants('g'),
    libraries: {
      'liba.so': { verdef: ['V_1', 'V_2', 'V_3'], exports: [{ name: 'g', version: 'V_3' }] },
    },
    unbound: [],
  },
  {
    title: 'an unversioned reference does not take a hidden version beyond the oldest',
    app: wants('g'),
    libraries: {
      'liba.so': { verdef: ['V_1', 'V_2', 'V_3'], exports: [{ name: 'g', version: 'V_3', hidden: true }] },
    },
    unbound: ['g'],
  },
  {
    title: 'a thread-local variable at offset zero is a definition',
    app: wants('t', undefined, { type: 'TLS' }),
    libraries: { 'liba.so': { exports: [{ name: 't', type: 'TLS' }] } },
    unbound: [],
  },
  {
    title: 'a hidden definition serves nobody else',
    app: wants('f'),
    libraries: {
      'liba.so': { exports: ['f'], patch: [{ in: 'dynsym', at: 24 + 5, bytes: [2] }] },
    },
    unbound: ['f'],
  },
  {
    title: 'a protected definition serves all',
    app: wants('f'),
    libraries: {
      'liba.so': { exports: ['f'], patch: [{ in: 'dynsym', at: 24 + 5, bytes: [3] }] },
    },
    unbound: [],
  },
  {
    title: 'a local definition serves nobody else',
    app: wants('f'),
    libraries: {
      'liba.so': { exports: ['f'], patch: [{ in: 'dynsym', at: 24 + 4, bytes: [2] }] },
    },
    unbound: ['f'],
  },
  {
    title: 'a GNU unique definition serves all',
    app: wants('f'),
    libraries: {
      'liba.so': { exports: ['f'], patch: [{ in: 'dynsym', at: 24 + 4, bytes: [0xa1] }] },
    },
    unbound: [],
  },
  {
    title: 'a GNU indirect function is a definition',
    app: wants('f'),
    libraries: {
      'liba.so': { exports: ['f'], patch: [{ in: 'dynsym', at: 24 + 4, bytes: [0x1a] }] },
    },
    unbound: [],
    noOracle: 'the made-up function would be called',
  },
  {
    title: 'a section symbol is no definition',
    app: wants('f'),
    libraries: {
      'liba.so': { exports: ['f'], patch: [{ in: 'dynsym', at: 24 + 4, bytes: [0x13] }] },
    },
    unbound: ['f'],
  },
  {
    title: 'a definition at address zero is none, but for an absolute one',
    app: { needed: ['liba.so'], imports: ['f'] },
    libraries: {
      'liba.so': { exports: ['f'], patch: [{ in: 'dynsym', at: 24 + 8, bytes: [0, 0, 0, 0, 0, 0, 0, 0] }] },
    },
    unbound: ['f'],
  },
  {
    title: 'an absolute symbol of value zero is a definition',
    app: { needed: ['liba.so'], imports: ['f'] },
    libraries: {
      'liba.so': {
        exports: ['f'],
        patch: [
          { in: 'dynsym', at: 24 + 6, bytes: [0xf1, 0xff] },
          { in: 'dynsym', at: 24 + 8, bytes: [0, 0, 0, 0, 0, 0, 0, 0] },
        ],
      },
    },
    unbound: [],
  },
  ...[
    { title: 'a variable that the program copies must be defined elsewhere', lib: {}, unbound: ['v'] },
    {
      title: 'a variable that the program copies is taken from a library',
      lib: { exports: ['v'] },
      unbound: [],
    },
  ].map(({ title, lib, unbound }) => ({
    title,
    app: {
      needed: ['liba.so'],
      imports: ['v'],
      patch: [
        // Defined by the program, and R_X86_64_COPY.
        { in: 'dynsym', at: 24 + 6, bytes: [1, 0, 0x10] },
        { in: 'relocations', at: 8, bytes: [5] },
      ],
    } satisfies ElfSpec,
    libraries: { 'liba.so': lib },
    unbound,
  })),
  {
    title: 'a hidden reference is no matter of the loader',
    app: { needed: ['liba.so'], imports: ['f'], patch: [{ in: 'dynsym', at: 24 + 5, bytes: [2] }] },
    libraries: { 'liba.so': {} },
    unbound: [],
  },
  ...(['gnu', 'sysv'] as const).map((hash) => ({
    title: `definitions are found through the ${hash} hash table alone`,
    app: { needed: ['liba.so'], imports: ['f', 'g', 'none'] },
    libraries: { 'liba.so': { hash, exports: ['e', 'f', 'g', 'h', 'i'] } },
    unbound: ['none'],
  })),
  {
    title: 'a library without a hash table defines nothing that anybody finds',
    app: wants('f'),
    libraries: { 'liba.so': { hash: 'none', exports: ['f'] } },
    unbound: ['f'],
  },
  {
    title: 'the symbols of a preloaded library bind too',
    app: { imports: ['f'], needed: ['libb.so'] },
    libraries: { 'libpre.so': { exports: ['f'] }, 'libb.so': {} },
    unbound: [],
  },
  {
    title: 'a name that is not ASCII is one',
    app: { needed: ['liba.so'], imports: ['größe', 'ключ'] },
    libraries: { 'liba.so': { exports: ['größe'] } },
    unbound: ['ключ'],
  },
  {
    title: 'a missing library leaves its symbols unbound',
    app: { needed: ['libnone.so', 'liba.so'], imports: ['f', 'g'] },
    libraries: { 'liba.so': { exports: ['f'] } },
    unbound: ['g'],
  },
];

const spec = (part: ElfSpec, more: ElfSpec): ElfSpec => ({
  bind: (part.imports?.length ?? 0) > 0,
  ...more,
  ...part,
});
const appSpec = (one: Case): ElfSpec =>
  spec(one.app, { interpreter: LOADER, flags1: 0x08000000, runpath: '$ORIGIN', rpath: '$ORIGIN' });
const libSpec = (name: string, part: ElfSpec): ElfSpec => spec(part, { soname: name, runpath: '$ORIGIN' });

/** What bindSymbols says of /app (or of what stands at `path`), in the form of the cases. */
function unboundIn(
  sysroot: ReturnType<typeof hostSysroot>,
  path: string,
  options: LoaderOptions,
): readonly string[] {
  const tables = new SymbolTables(sysroot);
  const [map] = new Loader(sysroot, { cpu: { levels: [], platform: null }, ...options }).linkMaps(
    rootPath(path),
  );
  assert.ok(map);
  return bindSymbols(map, tables).map(({ symbol, version, neededBy }) => {
    const name = version === null ? symbol : `${symbol}@${version}`;
    return neededBy === path ? name : `${name} ${neededBy.slice(neededBy.lastIndexOf('/') + 1)}`;
  });
}

const preloadOf = ({ libraries = {} }: Case, directory: string): LoaderOptions =>
  'libpre.so' in libraries ? { preload: `${directory}/libpre.so` } : {};

describe('symbols bound through a link map', () => {
  for (const one of CASES) {
    it(one.title, () => {
      const libraries = Object.entries(one.libraries ?? {}).map(([name, part]) => [
        `/opt/${name}`,
        file(buildElf(libSpec(name, part))),
      ]);
      const sysroot = memorySysroot({
        ...Object.fromEntries(libraries),
        '/opt/app': program(buildElf(appSpec(one))),
        [LOADER]: program(buildElf({ soname: 'ld-linux-x86-64.so.2', exports: ['__tls_get_addr'] })),
      });
      assert.deepEqual(unboundIn(sysroot, '/opt/app', preloadOf(one, '/opt')), one.unbound);
    });
  }

  it('the interpreter serves only where somebody names it', () => {
    const interpreter = program(buildElf({ soname: 'ld-linux-x86-64.so.2', exports: ['of_the_loader'] }));
    const with_ = (needed: readonly string[]): readonly string[] => {
      const app = buildElf({ interpreter: LOADER, needed, imports: ['of_the_loader'], bind: true });
      return unboundIn(memorySysroot({ '/app': program(app), [LOADER]: interpreter }), '/app', {});
    };
    assert.deepEqual(with_([]), ['of_the_loader']);
    assert.deepEqual(with_(['ld-linux-x86-64.so.2']), []);
  });

  it('each machine has its relocations read, in its class and byte order', () => {
    const machines: Readonly<Record<string, ElfSpec>> = {
      i386: { class: 32, machine: 3 },
      x32: { class: 32, machine: 62 },
    };
    for (const [name, machine] of Object.entries(machines)) {
      const app = buildElf({
        ...machine,
        needed: ['liba.so'],
        runpath: '/lib',
        imports: ['f', 'g'],
        bind: true,
      });
      const lib = buildElf({ ...machine, soname: 'liba.so', exports: ['f'] });
      const sysroot = memorySysroot({ '/app': program(app), '/lib/liba.so': file(lib) });
      assert.deepEqual(unboundIn(sysroot, '/app', {}), ['g'], name);
    }
  });

  it('a file whose tables are damaged defines and asks for nothing', () => {
    const bad = buildElf({
      soname: 'liba.so',
      exports: ['f'],
      patch: [{ field: 'd_val', entry: 'SYMTAB', value: 0x7fff_0000 }],
    });
    const app = buildElf({
      interpreter: LOADER,
      needed: ['liba.so'],
      runpath: '/lib',
      imports: ['f'],
      bind: true,
    });
    const sysroot = memorySysroot({
      '/app': program(app),
      '/lib/liba.so': file(bad),
      [LOADER]: program(buildElf()),
    });
    assert.deepEqual(unboundIn(sysroot, '/app', {}), ['f']);
  });
});

describe('symbols bound for musl', () => {
  const MUSL = '/lib/ld-musl-x86_64.so.1';
  const under = (app: ElfSpec, lib: ElfSpec): readonly string[] => {
    const all = { interpreter: MUSL, needed: ['liba.so'], runpath: '/lib', bind: true };
    const sysroot = memorySysroot({
      '/app': program(buildElf({ ...all, ...app })),
      '/lib/liba.so': file(buildElf(lib)),
      [MUSL]: program(buildElf({ soname: 'libc.so', exports: ['puts'] })),
    });
    return unboundIn(sysroot, '/app', {});
  };

  it('the loader is the libc, and always serves', () => {
    assert.deepEqual(under({ imports: ['puts', 'gets'] }, {}), ['gets']);
  });

  it('versions are not compared, but a hidden one serves nobody', () => {
    const imports = [{ name: 'f', from: 'liba.so', version: 'V_9' }];
    assert.deepEqual(under({ imports }, { exports: [{ name: 'f', version: 'V_1' }] }), []);
    assert.deepEqual(under({ imports }, { exports: [{ name: 'f', version: 'V_1', hidden: true }] }), [
      'f@V_9',
    ]);
  });

  it('a GNU indirect function is none, and neither is what stands at address zero', () => {
    const patched = (at: number, bytes: readonly number[]): ElfSpec => ({
      exports: ['f'],
      patch: [{ in: 'dynsym', at: 24 + at, bytes: [...bytes] }],
    });
    assert.deepEqual(under({ imports: ['f'] }, patched(4, [0x1a])), ['f']);
    assert.deepEqual(under({ imports: ['f'] }, patched(8, [0, 0, 0, 0, 0, 0, 0, 0])), ['f']);
    assert.deepEqual(under({ imports: ['f'] }, patched(4, [0x02])), ['f']);
  });
});

/** `undefined symbol` lines of a trace, in the form of the cases. */
function toldBy(trace: string, path: string): readonly string[] {
  const line = /^undefined symbol: ([^\t\n]*?)(?:, version ([^\t\n]*))?\t\((.*)\)$/gm;
  const told = [...trace.matchAll(line)].map(([, symbol, version, by = '']) => {
    const name = version === undefined ? symbol : `${symbol}@${version}`;
    return by === path ? `${name}` : `${name} ${by.slice(by.lastIndexOf('/') + 1)}`;
  });
  return [...new Set(told)].sort();
}

describe('symbols bound as the real loader does', () => {
  const files = scratch();
  before(function () {
    if (process.arch !== 'x64') skip(this, 'needs an x86-64 machine');
    needs(this, { tool: LOADER, package: 'libc6' });
  });

  for (const one of CASES) {
    if (one.noOracle !== undefined) continue;
    it(one.title, () => {
      for (const [name, part] of Object.entries(one.libraries ?? {}))
        files.write(name, buildElf(libSpec(name, part)));
      const path = files.write('app', buildElf(appSpec(one)), 0o755);
      const { preload } = preloadOf(one, files.path());
      const env = { LD_TRACE_LOADED_OBJECTS: '1', LD_BIND_NOW: '1', LD_WARN: 'yes' };
      const { stdout, stderr } = spawnSync(path, [], {
        encoding: 'utf8',
        env: { ...env, ...(preload !== undefined && { LD_PRELOAD: preload }) },
      });
      const told = toldBy(`${stdout}\n${stderr}`, path);
      assert.doesNotMatch(stderr, /error while loading|Inconsistency/);
      assert.deepEqual(
        [...told].sort(),
        [...unboundIn(hostSysroot(), path, preloadOf(one, files.path()))].sort(),
      );
      assert.deepEqual(told, [...one.unbound].sort());
    });
  }
});
