import assert from 'node:assert/strict';
import { locatePrograms } from '../../src/cli/programs.ts';
import { isRootfsError } from '../../src/errors.ts';
import { memorySysroot } from '../../src/sysroot/memory.ts';
import { dir, link, program } from '../../src/sysroot/memory-entries.ts';

const SYSROOT = memorySysroot({
  '/usr/bin/echo': program('#!/bin/sh\n'),
  '/usr/bin/both': program('#!/bin/sh\n'),
  '/bin': link('usr/bin'),
  '/usr/local/bin/both': program('#!/bin/sh\n'),
  '/home/me/hello': program('#!/bin/sh\n'),
  '/home/me/echo': dir(),
  '/home/me/src': dir(),
});

describe('programs as typed', () => {
  const cases: readonly [name: string, directory: string, path: string][] = [
    ['/bin/echo', '/', '/bin/echo'],
    ['/no/such', '/', '/no/such'],
    ['hello', '/home/me', '/home/me/hello'],
    ['./hello', '/home/me', '/home/me/hello'],
    ['.///./hello', '/home/me', '/home/me/hello'],
    ['../me/hello', '/home/me', '/home/me/../me/hello'],
    ['me/hello', '/home', '/home/me/hello'],
    ['bin/echo', '/', '/bin/echo'],
    ['echo', '/', '/usr/bin/echo'],
    ['both', '/', '/usr/local/bin/both'],
    // A directory of the same name is not what was meant; with no program of the name it must be told of.
    ['echo', '/home/me', '/usr/bin/echo'],
    ['src', '/home/me', '/home/me/src'],
  ];
  for (const [name, directory, path] of cases) {
    it(`takes ${name} in ${directory} for ${path}`, () => {
      assert.deepEqual(locatePrograms([name], SYSROOT, directory), [path]);
    });
  }

  it('says where it looked for a name that is nowhere', () => {
    assert.throws(
      () => locatePrograms(['nosuch'], SYSROOT, '/home/me'),
      (error) =>
        isRootfsError(error) &&
        error.code === 'ERR_NOT_FOUND' &&
        error.message === 'cannot find program nosuch: no such file' &&
        error.details.tried?.[0] === '/home/me/nosuch' &&
        error.details.tried.includes('/usr/bin/nosuch'),
    );
  });

  it('refuses an empty name', () => {
    assert.throws(
      () => locatePrograms([''], SYSROOT, '/'),
      (error) => isRootfsError(error) && error.code === 'ERR_USAGE',
    );
  });
});
