import assert from 'node:assert/strict';
import { findClosure } from '../../src/closure/closure.ts';
import { problemTitle } from '../../src/closure/problems.ts';
import type { Closure } from '../../src/closure/types.ts';
import { selectFinders } from '../../src/finders/index.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';
import { buildElf, file, link, memorySysroot, program } from '../../src/testing.ts';

const INTERPRETER = '/lib64/ld-linux-x86-64.so.2';
const LOADER = program(buildElf({ soname: 'ld-linux-x86-64.so.2' }));

type Tree = Parameters<typeof memorySysroot>[0];
type Options = Partial<Parameters<typeof findClosure>[2]>;

function closureOf(tree: Tree, programs: readonly string[] = ['/bin/app'], options: Options = {}): Closure {
  return findClosure(programs, memorySysroot({ [INTERPRETER]: LOADER, ...tree }), {
    finders: selectFinders('none'),
    ...options,
  });
}

const roles = (closure: Closure): readonly string[] =>
  closure.nodes.map(({ path, role }) => `${role} ${path}`);

describe('the closure of a program', () => {
  it('holds the program, its interpreter and the libraries of its link map, each with its evidence', () => {
    const closure = closureOf({
      '/bin/app': program(buildElf({ interpreter: INTERPRETER, needed: ['liba.so'] })),
      '/lib64/liba.so': file(buildElf({ soname: 'liba.so', needed: ['libb.so'] })),
      '/lib64/libb.so': file(buildElf({ soname: 'libb.so' })),
    });
    assert.deepEqual(closure.problems, []);
    assert.deepEqual(roles(closure), [
      'program /bin/app',
      `interpreter ${INTERPRETER}`,
      'library /lib64/liba.so',
      'library /lib64/libb.so',
    ]);
    const edges = closure.edges.map(({ from, to, evidence }) => `${from} -> ${to} by ${evidence.by}`);
    assert.deepEqual(edges, [
      `/bin/app -> ${INTERPRETER} by interpreter`,
      '/bin/app -> /lib64/liba.so by needed',
      '/lib64/liba.so -> /lib64/libb.so by needed',
    ]);
  });

  it('keeps the links between the path that the loader opens and the file', () => {
    const closure = closureOf({
      '/bin/app': program(buildElf({ interpreter: INTERPRETER, needed: ['liba.so'] })),
      '/lib64/liba.so': link('real/liba.so.1'),
      '/lib64/real': link('../opt'),
      '/opt/liba.so.1': file(buildElf({ soname: 'liba.so' })),
    });
    const library = closure.nodes.find((node) => node.role === 'library');
    assert.equal(library?.realPath, '/opt/liba.so.1');
    assert.deepEqual(library?.hops, ['/lib64/liba.so', '/lib64/real']);
  });

  it('is the program alone where that is static', () => {
    const closure = closureOf({ '/bin/app': program(buildElf({ type: 'EXEC', dynamic: false })) });
    assert.deepEqual(roles(closure), ['program /bin/app']);
    assert.equal(closure.libc, 'none');
    assert.deepEqual(closure.defaultDirectories, []);
  });

  it('follows a script to its interpreter, and through env to the command', () => {
    const app = program(buildElf({ interpreter: INTERPRETER }));
    const closure = closureOf({
      '/bin/app': program('#!/usr/bin/env tool\n'),
      '/usr/bin/env': app,
      '/usr/local/bin/tool': program('#!/bin/sh -e\n'),
      '/bin/sh': app,
    });
    assert.deepEqual(roles(closure), [
      'script /bin/app',
      'program /usr/bin/env',
      'script /usr/local/bin/tool',
      `interpreter ${INTERPRETER}`,
      'program /bin/sh',
    ]);
  });

  it('brings what an included plugin needs, and leaves included data alone', () => {
    const included = [
      { path: rootPath('/opt/plugin.so'), pattern: '/opt', executable: false },
      { path: rootPath('/opt/readme'), pattern: '/opt', executable: false },
      { path: rootPath('/opt/hook'), pattern: '/opt', executable: true },
    ];
    const tree = {
      '/bin/app': program(buildElf({ interpreter: INTERPRETER })),
      '/bin/sh': program(buildElf({ interpreter: INTERPRETER })),
      '/lib64/liba.so': file(buildElf({ soname: 'liba.so' })),
      '/opt/plugin.so': file(buildElf({ needed: ['liba.so'] })),
      '/opt/readme': file('read me'),
      '/opt/hook': program('#!/bin/sh\n'),
    };
    assert.deepEqual(roles(closureOf(tree, ['/bin/app'], { included })), [
      'program /bin/app',
      'plugin /opt/plugin.so',
      'script /opt/hook',
      `interpreter ${INTERPRETER}`,
      'library /lib64/liba.so',
      'program /bin/sh',
    ]);
  });

  const missing: readonly { readonly title: string; readonly tree: Tree; readonly says: RegExp }[] = [
    {
      title: 'a library',
      tree: { '/bin/app': program(buildElf({ interpreter: INTERPRETER, needed: ['libno.so'] })) },
      says: /^libno\.so not found, needed by \/bin\/app$/,
    },
    {
      title: 'an interpreter',
      tree: { '/bin/app': program(buildElf({ interpreter: '/lib/ld-none.so' })) },
      says: /^interpreter \/lib\/ld-none\.so cannot be used \(no such file\), needed by \/bin\/app$/,
    },
    {
      title: 'a symbol version',
      tree: {
        '/bin/app': program(
          buildElf({
            interpreter: INTERPRETER,
            needed: ['liba.so'],
            verneed: [{ file: 'liba.so', versions: [{ name: 'A_2' }] }],
          }),
        ),
        '/lib64/liba.so': file(buildElf({ soname: 'liba.so', verdef: ['liba.so', 'A_1'] })),
      },
      says: /^\/lib64\/liba\.so lacks version A_2, needed by \/bin\/app$/,
    },
    {
      title: "a script's interpreter",
      tree: { '/bin/app': program('#!/bin/none\n') },
      says: /^interpreter \/bin\/none cannot be used .*, needed by \/bin\/app$/,
    },
  ];
  for (const { title, tree, says } of missing) {
    it(`tells of ${title} that is missing as a problem, not as an error`, () => {
      const { problems } = closureOf(tree);
      assert.equal(problems.length, 1);
      assert.match(problemTitle(problems[0]!), says);
    });
  }

  it('is plain data: it survives JSON unchanged', () => {
    const closure = closureOf({ '/bin/app': program(buildElf({ interpreter: INTERPRETER })) });
    assert.deepEqual(JSON.parse(JSON.stringify(closure)), closure);
  });
});

describe('selectFinders', () => {
  it('refuses a rule that there is not, and names those that there are', () => {
    assert.throws(() => selectFinders(['needed', 'crystal-ball']), {
      code: 'ERR_USAGE',
      message: 'cannot discover by crystal-ball: there is no such rule',
    });
  });

  it('asks the loader and #! lines when nothing else is to be discovered', () => {
    assert.deepEqual(
      selectFinders('none').map(({ name }) => name),
      ['needed', 'shebang'],
    );
  });
});
