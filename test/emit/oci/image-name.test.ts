import assert from 'node:assert/strict';
import { parseImageName, repositoryOf } from '../../../src/emit/oci/image-name.ts';

describe('parseImageName', () => {
  for (const [text, repository, tag] of [
    ['latest', null, 'latest'],
    ['V1.2_x', null, 'V1.2_x'],
    ['app:1.2', 'app', '1.2'],
    ['team/app', 'team/app', 'latest'],
    ['example.org/team/app:1', 'example.org/team/app', '1'],
    ['localhost:5000/app', 'localhost:5000/app', 'latest'],
    ['Example.org:5000/a__b-c.d:x', 'Example.org:5000/a__b-c.d', 'x'],
  ] as const) {
    it(`reads ${text}`, () => {
      assert.deepEqual(parseImageName(text), { repository, tag });
    });
  }

  for (const text of [
    '',
    '.x',
    'a b',
    'App:1',
    'app:',
    ':1',
    'a//b',
    'a/b:c:d',
    'x'.repeat(129),
    `${'a/'.repeat(128)}b`,
  ]) {
    it(`refuses ${JSON.stringify(text.slice(0, 20))} of ${text.length} characters`, () => {
      assert.throws(() => parseImageName(text), { code: 'ERR_USAGE' });
    });
  }
});

describe('repositoryOf', () => {
  for (const [program, repository] of [
    ['/bin/echo', 'echo'],
    ['/opt/My App/Run_It.sh', 'run-it-sh'],
    ['/bin/[', 'rootfs'],
    [undefined, 'rootfs'],
  ] as const) {
    it(`calls an image of ${program} ${repository}, which is a name`, () => {
      assert.equal(repositoryOf(program), repository);
      assert.equal(parseImageName(`${repository}:latest`).repository, repository);
    });
  }
});
