import assert from 'node:assert/strict';
import { problemTitle } from '../../src/closure/problems.ts';
import { writeLoaderCache } from '../../src/plan/write-loader-cache.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';
import { buildElf, file, link, memorySysroot, program } from '../../src/testing.ts';
import { verify } from '../../src/verify/verify.ts';

const INTERPRETER = '/lib64/ld-linux-x86-64.so.2';
const needsA = { file: 'liba.so.1', versions: [{ name: 'A_1' }] };

type Tree = Parameters<typeof memorySysroot>[0];

/** A rootfs in which everything is right. */
const GOOD: Tree = {
  [INTERPRETER]: program(buildElf({ soname: 'ld-linux-x86-64.so.2' })),
  '/bin/app': program(buildElf({ interpreter: INTERPRETER, needed: ['liba.so.1'], verneed: [needsA] })),
  '/bin/tool': program('#!/bin/app -x\n'),
  '/bin/alias': link('app'),
  '/lib64/liba.so.1': link('liba.so.1.0'),
  '/lib64/liba.so.1.0': file(buildElf({ soname: 'liba.so.1', verdef: ['liba.so.1', 'A_1'] })),
  '/opt/plugin.so': file(buildElf({ needed: ['liba.so.1'] })),
  '/etc/mtab': link('/proc/mounts'),
  '/share/text': file('\x7fELF, says the text'),
};

const cache = (path: string): Uint8Array =>
  writeLoaderCache([{ name: 'liba.so.1', path: rootPath(path), flags: 0x303, level: null }], 'LE');

const without = (name: string): Tree =>
  Object.fromEntries(Object.entries(GOOD).filter(([path]) => path !== name));

interface Fault {
  readonly title: string;
  readonly tree: Tree;
  readonly says: readonly string[];
}

const FAULTS: readonly Fault[] = [
  {
    title: 'a library that was removed, with its link dangling',
    tree: without('/lib64/liba.so.1.0'),
    says: [
      '/lib64/liba.so.1: its target liba.so.1.0 is not inside, needed by /lib64/liba.so.1',
      'liba.so.1 not found, needed by /bin/app',
      'liba.so.1 not found, needed by /opt/plugin.so',
    ],
  },
  {
    title: 'an older library without a version that is wanted',
    tree: {
      ...GOOD,
      '/lib64/liba.so.1.0': file(buildElf({ soname: 'liba.so.1', verdef: ['liba.so.1', 'A_0'] })),
    },
    says: ['/lib64/liba.so.1 lacks version A_1, needed by /bin/app'],
  },
  {
    title: 'an interpreter that is not there',
    tree: without(INTERPRETER),
    says: [`interpreter ${INTERPRETER} cannot be used (no such file), needed by /bin/app`],
  },
  {
    title: 'an interpreter that is not executable',
    tree: { ...GOOD, [INTERPRETER]: file(buildElf({ soname: 'ld-linux-x86-64.so.2' })) },
    says: [`interpreter ${INTERPRETER} cannot be used (not executable), needed by /bin/app`],
  },
  {
    title: 'a script whose interpreter is not there',
    tree: { ...GOOD, '/bin/tool': program('#!/bin/perl\n') },
    says: ['interpreter /bin/perl cannot be used (no executable file of that name), needed by /bin/tool'],
  },
  {
    title: 'a link that runs in a circle',
    tree: { ...GOOD, '/bin/alias': link('alias') },
    says: ['/bin/alias: the link runs in a circle, needed by /bin/alias'],
  },
  {
    title: 'a file for another machine',
    tree: { ...GOOD, '/opt/arm.so': file(buildElf({ machine: 183 })) },
    says: [
      '/opt/arm.so: it is for aarch64 64-bit LE, the programs are for x86_64 64-bit LE, needed by /opt/arm.so',
    ],
  },
  {
    title: 'a plugin whose library is not there',
    tree: { ...GOOD, '/opt/plugin.so': file(buildElf({ needed: ['libno.so'] })) },
    says: ['libno.so not found, needed by /opt/plugin.so'],
  },
  {
    title: 'a cache that names a file that is not there',
    tree: { ...GOOD, '/etc/ld.so.cache': file(cache('/opt/liba.so.1')) },
    says: ['/opt/liba.so.1: the cache names it and it is not there, needed by /etc/ld.so.cache'],
  },
  {
    title: 'a cache that the loader cannot read',
    tree: { ...GOOD, '/etc/ld.so.cache': file('cache') },
    says: ['/etc/ld.so.cache: the loader cannot read it, needed by /etc/ld.so.cache'],
  },
];

describe('verify', () => {
  it('finds nothing wrong in a tree where everything resolves inside', () => {
    const tree = { ...GOOD, '/etc/ld.so.cache': file(cache('/lib64/liba.so.1')) };
    const { problems, checked } = verify(memorySysroot(tree), { programs: [rootPath('/bin/app')] });
    assert.deepEqual(problems, []);
    assert.deepEqual(checked, { objects: 4, scripts: 1, links: 3 });
  });

  for (const { title, tree, says } of FAULTS) {
    it(`finds ${title}`, () => {
      const { problems } = verify(memorySysroot(tree));
      assert.deepEqual(problems.map(problemTitle).sort(), [...says].sort());
    });
  }

  it('finds that a program that was to be there is not', () => {
    const { problems } = verify(memorySysroot(GOOD), { programs: [rootPath('/bin/gone')] });
    assert.deepEqual(problems.map(problemTitle), [
      '/bin/gone: the program is not there, needed by /bin/gone',
    ]);
  });

  it('lets a plugin use what the programs have loaded from their own directories', () => {
    const { problems } = verify(
      memorySysroot({
        [INTERPRETER]: program(buildElf({ soname: 'ld-linux-x86-64.so.2' })),
        '/bin/app': program(
          buildElf({ interpreter: INTERPRETER, needed: ['libown.so'], runpath: '/opt/own' }),
        ),
        '/opt/own/libown.so': file(buildElf({ soname: 'libown.so' })),
        '/opt/plugin.so': file(buildElf({ needed: ['libown.so'] })),
      }),
    );
    assert.deepEqual(problems, []);
  });

  it('finds a symbol that nothing defines, of programs and what they load, but not of plugins', () => {
    const tree: Tree = {
      ...GOOD,
      '/bin/app': program(
        buildElf({
          interpreter: INTERPRETER,
          needed: ['liba.so.1'],
          imports: ['own', { name: 'of_a', from: 'liba.so.1', version: 'A_1' }],
          bind: true,
        }),
      ),
      '/lib64/liba.so.1.0': file(
        buildElf({ soname: 'liba.so.1', verdef: ['A_1'], imports: ['gone'], bind: true }),
      ),
      '/opt/plugin.so': file(buildElf({ needed: ['liba.so.1'], imports: ['of_the_host'], bind: true })),
    };
    const { problems } = verify(memorySysroot(tree));
    assert.deepEqual(problems.map(problemTitle), [
      'symbol own not defined, needed by /bin/app',
      'symbol of_a@A_1 not defined, needed by /bin/app',
      'symbol gone not defined, needed by /lib64/liba.so.1',
    ]);
    assert.deepEqual(verify(memorySysroot(tree), { symbols: false }).problems, []);
  });

  it('says of a name that many programs lack each program once', () => {
    const app = program(buildElf({ interpreter: INTERPRETER, needed: ['libno.so'] }));
    const tree = { ...GOOD, '/bin/one': app, '/bin/two': app };
    const { problems } = verify(memorySysroot(tree));
    assert.deepEqual(problems.map((problem) => problem.neededBy).sort(), ['/bin/one', '/bin/two']);
  });
});
