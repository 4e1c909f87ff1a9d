import assert from 'node:assert/strict';
import { RootfsError } from '../../src/errors.ts';
import type { Entry, RootfsPlan } from '../../src/plan/entry.ts';
import { planLookup } from '../../src/plan/lookup.ts';
import { planSummary } from '../../src/plan/summary.ts';
import { validatePlan } from '../../src/plan/validate.ts';
import { type RootPath, rootPath } from '../../src/sysroot/sysroot.ts';

const common = {
  mode: 0o755,
  uid: 0,
  gid: 0,
  xattrs: {},
  evidence: { by: 'generated', rule: 'test' },
  neededBy: null,
} as const;
const at = (path: string) => path as RootPath;
const dir = (path: string): Entry => ({ ...common, path: at(path), type: 'directory' });
const file = (path: string, more: object = {}): Entry => ({
  ...common,
  path: at(path),
  type: 'file',
  size: 1,
  content: { from: 'sysroot', path: at(path) },
  ...more,
});
const link = (path: string, target: string): Entry => ({
  ...common,
  path: at(path),
  type: 'symlink',
  target,
});
const hard = (path: string, target: string): Entry => ({
  ...common,
  path: at(path),
  type: 'hardlink',
  target: at(target),
});
const device = (path: string, major: number, minor: number): Entry => ({
  ...common,
  path: at(path),
  type: 'device',
  kind: 'character',
  major,
  minor,
});

function planOf(entries: readonly Entry[], more: Partial<RootfsPlan> = {}): RootfsPlan {
  const closure = {
    programs: [],
    nodes: [],
    edges: [],
    generated: [],
    suggestions: [],
    libc: 'none',
    defaultDirectories: [],
    machine: 62,
    problems: [],
  } as const;
  return { entries, machine: 62, epoch: 0, command: [], closure, ...more };
}

/** Every fault that is found. */
function faults(plan: RootfsPlan): readonly string[] {
  try {
    validatePlan(plan);
    return [];
  } catch (error) {
    assert.ok(error instanceof RootfsError && error.code === 'ERR_INTERNAL');
    return error.details.tried ?? [];
  }
}

describe('validatePlan', () => {
  it('takes a plan with every kind of entry', () => {
    const entries = [
      dir('/'),
      link('/bin', 'usr/bin'),
      dir('/dev'),
      device('/dev/null', 1, 3),
      dir('/usr'),
      dir('/usr/bin'),
      file('/usr/bin/a'),
      hard('/usr/bin/b', '/usr/bin/a'),
      file('/usr/bin/c', { size: 3, content: { from: 'inline', base64: 'YWJj' } }),
    ];
    assert.deepEqual(faults(planOf(entries, { command: ['/bin/b', '--all'] })), []);
  });

  const cases: readonly (readonly [title: string, entries: readonly Entry[], expected: readonly string[]])[] =
    [
      ['an empty plan', [], ['the root directory / is not at its head']],
      ['a root that is no directory', [file('/')], ['the root directory / is not at its head']],
      ['a path twice', [dir('/'), file('/a'), file('/a')], ['/a: stands there twice']],
      ['disorder', [dir('/'), file('/b'), file('/a')], ['/a: stands after /b']],
      ['a missing parent', [dir('/'), file('/a/b')], ['/a/b: its parent /a is missing']],
      ['a file for a parent', [dir('/'), file('/a'), file('/a/b')], ['/a/b: its parent /a is a file']],
      [
        'a link for a parent',
        [dir('/'), link('/a', '/etc'), file('/a/b')],
        ['/a/b: its parent /a is a symlink'],
      ],
      [
        '`..`',
        [dir('/'), dir('/a'), dir('/a/..'), file('/a/../b')],
        ['/a/..: its path has a component ..', '/a/../b: its path has a component ..'],
      ],
      ['`.`', [dir('/'), file('/.')], ['/.: its path has a component .']],
      ['an empty component', [dir('/'), dir('/a'), dir('/a/')], ['/a/: its path has an empty component']],
      [
        'a relative path',
        [dir('/'), file('a')],
        ['a: its path is not absolute', 'a: its parent . is missing', 'a: its source is not absolute'],
      ],
      [
        'a NUL, shown as text',
        [dir('/'), file('/a\0b')],
        [
          '/a\\u0000b: its path is too long or holds a NUL',
          '/a\\u0000b: its path has a component that is too long',
        ],
      ],
      [
        'a name of 256 bytes',
        [dir('/'), file(`/${'é'.repeat(128)}`)],
        [`/${'é'.repeat(128)}: its path has a component that is too long`],
      ],
      [
        'a mode beyond the permission bits',
        [dir('/'), file('/a', { mode: 0o100644 })],
        ['/a: mode 33188 is none'],
      ],
      [
        'an owner that is none',
        [dir('/'), file('/a', { uid: -1, gid: 2 ** 32 - 1 })],
        ['/a: owner -1 is none', '/a: group 4294967295 is none'],
      ],
      ['a size that is none', [dir('/'), file('/a', { size: 1.5 })], ['/a: size 1.5 is none']],
      [
        'a relative source',
        [dir('/'), file('/a', { content: { from: 'sysroot', path: 'a' } })],
        ['/a: its source is not absolute'],
      ],
      [
        'bytes that do not fit the size',
        [dir('/'), file('/a', { size: 4, content: { from: 'inline', base64: 'YWJj' } })],
        ['/a: it has 3 bytes where its size says 4'],
      ],
      ['an empty link target', [dir('/'), link('/a', '')], ['/a: its target cannot be one of a link']],
      ['a link target with a NUL', [dir('/'), link('/a', 'b\0')], ['/a: its target cannot be one of a link']],
      ['a hard link to nothing', [dir('/'), hard('/a', '/b')], ['/a: it links to /b, which is missing']],
      [
        'a hard link to a link',
        [dir('/'), link('/a', 'b'), hard('/b', '/a')],
        ['/b: it links to /a, which is a symlink'],
      ],
      [
        'a hard link to a later file',
        [dir('/'), hard('/a', '/b'), file('/b')],
        ['/a: it links to /b, which comes later'],
      ],
      [
        'a hard link to a hard link',
        [dir('/'), file('/a'), hard('/b', '/a'), hard('/c', '/b')],
        ['/c: it links to /b, which is a hardlink'],
      ],
      [
        'device numbers that are none',
        [dir('/'), device('/a', -1, 2 ** 32)],
        ['/a: major number -1 is none', '/a: minor number 4294967296 is none'],
      ],
    ];
  for (const [title, entries, expected] of cases) {
    it(`finds ${title}`, () => {
      assert.deepEqual(faults(planOf(entries)), expected);
    });
  }

  const heads: readonly (readonly [title: string, more: Partial<RootfsPlan>, expected: readonly string[]])[] =
    [
      ['a command that is missing', { command: ['/b'] }, ['its command /b is not in it (ENOENT)']],
      ['a command that is a directory', { command: ['/d'] }, ['its command /d is a directory']],
      [
        'a command behind a link that leaves nothing',
        { command: ['/l'] },
        ['its command /l is not in it (ELOOP)'],
      ],
      [
        'a time before 1970 and a machine that is none',
        { epoch: -1, machine: 65_536 },
        ['epoch -1 is none', 'machine 65536 is none'],
      ],
    ];
  for (const [title, more, expected] of heads) {
    it(`finds ${title}`, () => {
      assert.deepEqual(faults(planOf([dir('/'), dir('/d'), link('/l', 'l')], more)), expected);
    });
  }

  it('lists every fault and says the first in its message', () => {
    const plan = planOf([dir('/'), file('/a/b'), file('/a/b', { mode: -1 })]);
    assert.equal(faults(plan).length, 4);
    assert.throws(() => validatePlan(plan), {
      message: 'cannot use the plan: /a/b: stands there twice (and 3 more)',
    });
    assert.throws(() => validatePlan(planOf([])), {
      message: 'cannot use the plan: the root directory / is not at its head',
    });
  });
});

describe('planLookup', () => {
  const lookup = planLookup(
    planOf([
      dir('/'),
      link('/bin', '/usr/bin'),
      device('/null', 1, 3),
      dir('/usr'),
      dir('/usr/bin'),
      file('/usr/bin/a'),
      hard('/usr/bin/b', '/usr/bin/a'),
    ]),
  );

  it('follows links inside the rootfs', () => {
    const found = ['/bin/b', '/bin/../bin/a', '/null', '/'].map((path) => lookup.follow(rootPath(path)));
    assert.deepEqual(
      found.map((entry) => (typeof entry === 'string' ? entry : entry.path)),
      ['/usr/bin/b', '/usr/bin/a', '/null', '/'],
    );
    assert.equal(lookup.at(rootPath('/bin'))?.type, 'symlink');
  });

  it('says why a path leads nowhere', () => {
    assert.deepEqual(
      ['/no', '/null/x', '/bin/b/c'].map((path) => lookup.follow(rootPath(path))),
      ['ENOENT', 'ENOTDIR', 'ENOTDIR'],
    );
  });
});

describe('planSummary', () => {
  it('counts entries and bytes, and names what gives other rights', () => {
    const plan = planOf([
      dir('/'),
      { ...dir('/tmp'), mode: 0o1777 },
      { ...dir('/shared'), mode: 0o2775 },
      file('/ping', { size: 5, xattrs: { 'security.capability': 'AA==' } }),
      file('/su', { size: 7, mode: 0o4755 }),
      { ...hard('/sudo', '/su'), mode: 0o4755 },
      link('/x', 'su'),
    ]);
    assert.deepEqual(planSummary(plan), {
      entries: { directory: 3, file: 2, symlink: 1, hardlink: 1, device: 0 },
      bytes: 12,
      privileged: ['/ping', '/su', '/sudo'],
    });
  });
});
