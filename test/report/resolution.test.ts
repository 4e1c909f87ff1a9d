import assert from 'node:assert/strict';
import type { Binding, Resolution, ResolvedObject } from '../../src/ldso/resolution.ts';
import type { Attempt, Via } from '../../src/ldso/types.ts';
import { resolutionFlat, resolutionPaths } from '../../src/report/flat.ts';
import { resolutionJson } from '../../src/report/json.ts';
import { ANSI } from '../../src/report/paint.ts';
import { resolutionTree } from '../../src/report/tree.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';

describe('resolution as a tree', () => {
  it('shows each name, the file that answers, the rule that found it, and no subtree twice', () => {
    const resolution: Resolution = {
      roots: [rootPath('/bin/app')],
      objects: [
        program('/bin/app', [
          bound('liba.so', '/opt/liba.so', 'runpath'),
          bound('libb.so', '/lib/libb.so', 'cache'),
        ]),
        library('/opt/liba.so', [bound('libb.so', '/lib/libb.so', 'soname')]),
        library('/lib/libb.so', [bound('libc.so.6', '/lib/libc.so.6', 'default')]),
        library('/lib/libc.so.6', []),
      ],
      missing: [],
    };
    assert.equal(
      resolutionTree(resolution),
      [
        '/bin/app',
        `├── ${LOADER} [interpreter]`,
        '├── liba.so => /opt/liba.so [runpath]',
        '│   └── libb.so => /lib/libb.so [soname]',
        '│       └── libc.so.6 => /lib/libc.so.6 [default]',
        '└── libb.so => /lib/libb.so [cache]',
        '',
      ].join('\n'),
    );
  });

  it('shows an interpreter that is missing as such, for its own program only', () => {
    const missing = [{ name: LOADER, neededBy: rootPath('/bin/a'), tried: [] }];
    const objects = [program('/bin/a', []), program('/bin/b', [])];
    const resolution: Resolution = { roots: [rootPath('/bin/a'), rootPath('/bin/b')], objects, missing };
    assert.equal(
      resolutionTree(resolution),
      `/bin/a\n└── ${LOADER} not found\n/bin/b\n└── ${LOADER} [interpreter]\n`,
    );
    assert.equal(
      resolutionFlat(resolution),
      `/bin/a:\n\t${LOADER} not found\n/bin/b:\n\t${LOADER} [interpreter]\n`,
    );
  });

  it('begins anew for each program', () => {
    const needs = [bound('libc.so.6', '/lib/libc.so.6', 'default')];
    const objects = [program('/bin/a', needs), program('/bin/b', needs), library('/lib/libc.so.6', [])];
    const tree = resolutionTree({ roots: [rootPath('/bin/a'), rootPath('/bin/b')], objects, missing: [] });
    assert.equal(tree.split('libc.so.6 => ').length - 1, 2);
  });

  it('lists below a miss what was tried, in order, with the reason', () => {
    const tried: Attempt[] = [
      { path: rootPath('/opt/libx.so'), via: 'rpath', verdict: 'skipped', why: 'DT_RUNPATH is there' },
      { path: rootPath('/lib/libx.so'), via: 'default', verdict: 'wrong-class', why: '32-bit' },
      { path: rootPath('/usr/lib/libx.so'), via: 'default', verdict: 'absent', why: null },
    ];
    const resolution = missingOne(tried);
    assert.equal(
      resolutionTree(resolution),
      [
        '/bin/app',
        `├── ${LOADER} [interpreter]`,
        '└── libx.so not found',
        '    rpath: /opt/libx.so: DT_RUNPATH is there',
        '    default: /lib/libx.so: 32-bit',
        '    default: /usr/lib/libx.so: no such file',
        '',
      ].join('\n'),
    );
  });

  it('names a symbol version that is missing after all trees', () => {
    const resolution: Resolution = {
      roots: [rootPath('/bin/app')],
      objects: [program('/bin/app', [])],
      missing: [{ name: 'libc.so.6', version: 'GLIBC_9.9', neededBy: rootPath('/bin/app'), tried: [] }],
    };
    assert.match(
      resolutionTree(resolution),
      /\nlibc\.so\.6 lacks version GLIBC_9\.9, needed by \/bin\/app\n$/,
    );
  });

  it('draws a library that needs itself, and a ring, once', () => {
    const objects = [
      program('/bin/app', [bound('a', '/a', 'direct')]),
      library('/a', [bound('a', '/a', 'soname'), bound('b', '/b', 'direct')]),
      library('/b', [bound('a', '/a', 'soname')]),
    ];
    const tree = resolutionTree({ roots: [rootPath('/bin/app')], objects, missing: [] });
    assert.equal(tree.split('\n').length - 1, 6);
  });

  it('stays small for a chain of ten thousand libraries', () => {
    const chain = Array.from({ length: 10_000 }, (_, at) =>
      library(`/l${at}`, [bound(`l${at + 1}`, `/l${at + 1}`, 'default')]),
    );
    const objects = [program('/bin/app', [bound('l0', '/l0', 'default')]), ...chain];
    const tree = resolutionTree({ roots: [rootPath('/bin/app')], objects, missing: [] });
    assert.ok(tree.length < 100_000, `${tree.length} characters`);
    assert.match(tree, /deeper levels: --flat/);
  });

  it('escapes control characters that a file puts into its names', () => {
    const tree = resolutionTree({
      roots: [rootPath('/bin/app')],
      objects: [program('/bin/app', [bound('\x1b[31mlib\n.so', '/\x07lib', 'direct')])],
      missing: [],
    });
    assert.match(tree, /\\x1b\[31mlib\\x0a\.so => \/\\x07lib \[direct\]/);
  });

  it('is coloured only where colours are given', () => {
    const resolution = missingOne([]);
    assert.ok(!resolutionTree(resolution).includes('\x1b'));
    assert.ok(resolutionTree(resolution, ANSI).includes('\x1b[31mlibx.so not found\x1b[39m'));
  });

  it('names a root without an object alone', () => {
    assert.equal(resolutionTree({ roots: [rootPath('/x')], objects: [], missing: [] }), '/x\n');
  });
});

describe('resolution as lists', () => {
  it('gives each program its own list in load order, each file once', () => {
    const objects = [
      program('/bin/a', [
        bound('liba.so', '/lib/liba.so', 'cache'),
        bound('libc.so.6', '/lib/libc.so.6', 'cache'),
      ]),
      program('/bin/b', [bound('libc.so.6', '/lib/libc.so.6', 'cache')]),
      library('/lib/liba.so', [bound('libc.so.6', '/lib/libc.so.6', 'soname'), missed('libx.so')]),
      library('/lib/libc.so.6', []),
      { ...program('/bin/static', []), interp: null },
    ];
    const roots = ['/bin/a', '/bin/b', '/bin/static'].map(rootPath);
    assert.equal(
      resolutionFlat({ roots, objects, missing: [] }),
      [
        '/bin/a:',
        `\t${LOADER} [interpreter]`,
        '\tliba.so => /lib/liba.so [cache]',
        '\tlibc.so.6 => /lib/libc.so.6 [cache]',
        '\tlibx.so not found',
        '\t\tdefault: /lib/libx.so: no such file',
        '/bin/b:',
        `\t${LOADER} [interpreter]`,
        '\tlibc.so.6 => /lib/libc.so.6 [cache]',
        '/bin/static:',
        '',
      ].join('\n'),
    );
  });

  it('gives every real path once, byte for byte', () => {
    const odd = { ...library('/lib/l', []), realpath: rootPath('/usr/lib/l \x1b.so') };
    const objects = [program('/bin/a', []), odd, { ...odd, path: rootPath('/other') }];
    assert.equal(resolutionPaths({ roots: [], objects, missing: [] }), '/bin/a\n/usr/lib/l \x1b.so\n');
  });
});

describe('resolution as JSON', () => {
  it('has the fixed names and nothing else', () => {
    const tried: Attempt[] = [{ path: rootPath('/lib/x'), via: 'default', verdict: 'absent', why: null }];
    const parsed = JSON.parse(resolutionJson(missingOne(tried)));
    assert.deepEqual(parsed, {
      roots: ['/bin/app'],
      objects: [
        {
          path: '/bin/app',
          realpath: '/bin/app',
          kind: 'executable',
          class: 64,
          machine: 'x86_64',
          soname: null,
          interp: LOADER,
          needed: [{ name: 'libx.so', path: null, via: null, tried }],
        },
      ],
      missing: [{ name: 'libx.so', neededBy: '/bin/app', tried }],
    });
  });

  it('names the version that is missing, and leaves empty lists of attempts out of bindings', () => {
    const resolution: Resolution = {
      roots: [],
      objects: [program('/bin/app', [bound('libc.so.6', '/lib/libc.so.6', 'cache')])],
      missing: [{ name: 'libc.so.6', version: 'V', neededBy: rootPath('/bin/app'), tried: [] }],
    };
    const parsed = JSON.parse(resolutionJson(resolution));
    assert.deepEqual(parsed.objects[0].needed, [{ name: 'libc.so.6', path: '/lib/libc.so.6', via: 'cache' }]);
    assert.equal(parsed.missing[0].version, 'V');
  });
});

function missingOne(tried: readonly Attempt[]): Resolution {
  const name = 'libx.so';
  return {
    roots: [rootPath('/bin/app')],
    objects: [program('/bin/app', [{ name, path: null, via: null, tried }])],
    missing: [{ name, neededBy: rootPath('/bin/app'), tried }],
  };
}

function program(path: string, needed: readonly Binding[]): ResolvedObject {
  return { ...library(path, needed), kind: 'executable', interp: LOADER };
}

function library(path: string, needed: readonly Binding[]): ResolvedObject {
  const at = rootPath(path);
  return {
    path: at,
    realpath: at,
    kind: 'library',
    class: 64,
    machine: 'x86_64',
    soname: null,
    interp: null,
    needed,
  };
}

function bound(name: string, path: string, via: Via): Binding {
  return { name, path: rootPath(path), via, tried: [] };
}

function missed(name: string): Binding {
  const tried: Attempt[] = [{ path: rootPath(`/lib/${name}`), via: 'default', verdict: 'absent', why: null }];
  return { name, path: null, via: null, tried };
}
