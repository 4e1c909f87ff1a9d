import assert from 'node:assert/strict';
import { pam } from '../../src/finders/pam.ts';
import { pamStack } from '../../src/finders/pam-stack.ts';
import { file } from '../../src/testing.ts';
import { elf, foundIn, type House, library } from './house.ts';

const SECURITY = '/lib/x86_64-linux-gnu/security';
const module = (name: string, strings: readonly string[] = [], needed: readonly string[] = []) => ({
  [`${SECURITY}/${name}`]: Object.values(library(name, { needed }, strings))[0] as never,
});

const files = {
  ...library('libpam.so.0', { exports: ['pam_start'] }, [
    `${SECURITY}/`,
    '/lib/security/$ISA/',
    '/etc/pam.d',
  ]),
  ...module('pam_unix.so'),
  '/lib/x86_64-linux-gnu/security/pam_deny.so': elf({
    needed: ['libc.so.6'],
    interpreter: '/lib64/ld-linux-x86-64.so.2',
  }),
  ...module('pam_gone.so', [], ['libgone.so.1']),
  ...module('pam_env.so', ['/etc/security/pam_env.conf', '/etc/security/opasswd']),
  '/etc/pam.d/login': file(
    'auth required pam_unix.so nullok\n@include common\nsession optional pam_gone.so\n',
  ),
  '/etc/pam.d/common': file('-session required pam_env.so\n'),
  '/etc/pam.d/other': file('auth required pam_deny.so\n'),
  '/etc/pam.d/app': file('auth include login\nauth required /opt/pam_mine.so\n'),
  '/etc/security/pam_env.conf': file('X=1'),
  '/etc/security/opasswd': file('old', { mode: 0o600 }),
};
const house: House = { files, imports: ['pam_start'], needed: ['libpam.so.0'] };

const OTHER = ['/etc/pam.d/other', `${SECURITY}/pam_deny.so`];
const LOGIN = [
  '/etc/pam.d/login',
  `${SECURITY}/pam_unix.so`,
  '/etc/pam.d/common',
  `${SECURITY}/pam_env.so`,
  '/etc/security/pam_env.conf',
];

describe('pam', () => {
  it('brings the service that is called like the program, what it includes, and other', () => {
    assert.deepEqual([...foundIn(house, pam)].sort(), ['/etc/pam.d/app', ...LOGIN, ...OTHER].sort());
  });

  it("brings a service that the strings of the program name, and nobody's old passwords", () => {
    const { '/etc/pam.d/app': _, ...rest } = files;
    const named = foundIn({ ...house, files: rest, strings: ['login'] }, pam);
    assert.deepEqual([...named].sort(), [...LOGIN, ...OTHER].sort());
    assert.deepEqual([...foundIn({ ...house, files: rest, strings: ['login shell'] }, pam)].sort(), OTHER);
  });

  it('brings nothing to who opens no session', () => {
    assert.deepEqual(foundIn({ ...house, imports: [] }, pam), []);
    assert.deepEqual(foundIn({ imports: ['pam_start'] }, pam), []);
  });
});

describe('pamStack', () => {
  const cases: readonly (readonly [text: string, includes: readonly string[], modules: readonly string[]])[] =
    [
      ['auth required pam_a.so x=1 # why\n', [], ['pam_a.so']],
      ['auth [success=1 default=ignore]\tpam_a.so\n', [], ['pam_a.so']],
      ['-auth optional /abs/pam_a.so', [], ['/abs/pam_a.so']],
      ['auth substack b\naccount include c\n@include d', ['b', 'c', 'd'], []],
      ['auth required \\\n pam_a.so', [], ['pam_a.so']],
      ['# auth required pam_a.so\n\nauth\n', [], []],
    ];
  for (const [text, includes, modules] of cases) {
    it(`reads ${JSON.stringify(text)}`, () => {
      const stack = pamStack(text);
      assert.deepEqual([[...stack.includes].sort(), stack.modules], [includes, modules]);
    });
  }
});
