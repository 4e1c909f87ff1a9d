import assert from 'node:assert/strict';
import { dlopenNote } from '../../src/finders/dlopen-note.ts';
import { dlopenStrings, dlopenSuggestions } from '../../src/finders/dlopen-strings.ts';
import { closureIn, foundIn, type House, library } from './house.ts';

const LIB = '/usr/lib/x86_64-linux-gnu';

describe('dlopen-note', () => {
  const noted = (notes: readonly unknown[], more: House = {}): House => ({
    ...more,
    app: { notes: { dlopen: [notes] }, ...more.app },
  });
  const files = { ...library('liba.so.1'), ...library('libb.so.2') };
  const a = { feature: 'a', soname: ['liba.so.1'] };

  const cases: readonly (readonly [title: string, house: House, found: readonly string[]])[] = [
    ['takes what is required', noted([{ ...a, priority: 'required' }], { files }), [`${LIB}/liba.so.1`]],
    [
      'takes what is recommended',
      noted([{ ...a, priority: 'recommended' }], { files }),
      [`${LIB}/liba.so.1`],
    ],
    ['leaves out what is suggested', noted([{ ...a, priority: 'suggested' }], { files }), []],
    [
      'takes the first alternative that is there',
      noted([{ soname: ['libgone.so.1', 'libb.so.2', 'liba.so.1'] }], { files }),
      [`${LIB}/libb.so.2`],
    ],
    ['passes over what is recommended and not there', noted([{ soname: ['libgone.so.1'] }]), []],
    [
      "searches by the caller's own RUNPATH",
      noted([a], {
        app: { runpath: '/opt/lib' },
        files: { ...files, '/opt/lib/liba.so.1': Object.values(library('liba.so.1'))[0] as never },
      }),
      ['/opt/lib/liba.so.1'],
    ],
    ['leaves a file without notes alone', { files }, []],
  ];
  for (const [title, house, found] of cases)
    it(title, () => assert.deepEqual(foundIn(house, dlopenNote), found));

  it('brings what the library needs itself', () => {
    const house = noted([a], {
      files: { ...library('liba.so.1', { needed: ['libb.so.2'] }), ...library('libb.so.2') },
    });
    const { nodes } = closureIn(house, [dlopenNote]);
    assert.deepEqual(
      nodes.filter(({ path }) => /lib[ab]/.test(path)).map(({ path, role }) => [path, role]),
      [
        [`${LIB}/liba.so.1`, 'plugin'],
        [`${LIB}/libb.so.2`, 'library'],
      ],
    );
  });

  it('tells of what is required and not there, by all its names and what was tried', () => {
    const { problems, edges } = closureIn(
      noted([{ soname: ['libx.so.1', 'libx.so.0'], priority: 'required' }]),
      [dlopenNote],
    );
    assert.equal(problems.length, 1);
    const [problem] = problems;
    assert.ok(problem?.kind === 'missing-library');
    assert.deepEqual([problem.name, problem.neededBy], ['libx.so.1 or libx.so.0', '/bin/app']);
    assert.ok(problem.tried.some(({ path }) => path === `${LIB}/libx.so.0`));
    assert.equal(edges.filter(({ to }) => to === null).length, 1);
  });

  it('reads the notes of libraries too, and searches from the library', () => {
    const noting = { notes: { dlopen: [[a]] }, runpath: '$ORIGIN/own' };
    const house: House = {
      needed: ['libn.so.1'],
      files: {
        ...library('libn.so.1', noting),
        [`${LIB}/own/liba.so.1`]: Object.values(library('liba.so.1'))[0] as never,
      },
    };
    assert.deepEqual(foundIn(house, dlopenNote), [`${LIB}/own/liba.so.1`]);
  });

  it("searches from the program under musl, whoever's the note is", () => {
    const files = {
      '/usr/lib/liba.so.1': Object.values(library('liba.so.1', { needed: ['libc.so'] }))[0] as never,
    };
    assert.deepEqual(foundIn(noted([a], { libc: 'musl', files }), dlopenNote), ['/usr/lib/liba.so.1']);
    assert.deepEqual(foundIn(noted([{ soname: 'libx.so' }], { libc: 'musl' }), dlopenNote), []);
  });
});

describe('dlopen-strings', () => {
  const files = { ...library('liba.so.1'), ...library('libc.so.6.1') };
  const house: House = {
    imports: ['dlopen'],
    strings: [
      'liba.so.1',
      `${LIB}/liba.so.1`,
      'cannot load libb.so.2',
      'lib%s.so',
      'libgone.so.1',
      'libc.so.6',
      '.so',
    ],
    files,
  };

  it('takes whole names that lead to a library', () => {
    assert.deepEqual(foundIn(house, dlopenStrings), [`${LIB}/liba.so.1`]);
  });

  it('takes nothing of who opens nothing', () => {
    assert.deepEqual(foundIn({ ...house, imports: [] }, dlopenStrings), []);
  });

  it('suggests the same, and takes none of it', () => {
    const closure = closureIn(house, [dlopenSuggestions]);
    assert.deepEqual(foundIn(house, dlopenSuggestions), []);
    assert.deepEqual(
      closure.suggestions.map(({ from, to }) => [from, to]),
      [['/bin/app', `${LIB}/liba.so.1`]],
    );
  });

  it('suggests nothing that is in anyway', () => {
    assert.deepEqual(closureIn(house, [dlopenStrings, dlopenSuggestions]).suggestions, []);
  });
});
