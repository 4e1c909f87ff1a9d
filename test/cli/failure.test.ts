import assert from 'node:assert/strict';
import { describeFailure } from '../../src/cli/failure.ts';
import { type ErrorCode, EXIT_CODES, RootfsError } from '../../src/errors.ts';

describe('failure', () => {
  for (const code of Object.keys(EXIT_CODES) as ErrorCode[]) {
    if (code === 'ERR_INTERNAL') continue;
    it(`says ${code} in one sentence, without a stack`, () => {
      const { text, exitCode } = describeFailure(new RootfsError(code, 'cannot read file /x: it is odd'));
      assert.equal(text, 'mkrootfs: cannot read file /x: it is odd\n');
      assert.equal(exitCode, EXIT_CODES[code]);
    });
  }

  it('lists what was tried, then the hint', () => {
    const error = new RootfsError('ERR_NOT_FOUND', 'cannot find a: no', {
      tried: ['/1', '/2'],
      hint: 'look up',
    });
    assert.equal(
      describeFailure(error).text,
      'mkrootfs: cannot find a: no\ntried:\n  /1\n  /2\nhint: look up\n',
    );
  });

  it('lets no control character of a name reach the terminal', () => {
    const error = new RootfsError('ERR_NOT_FOUND', 'cannot find \x1b[2Jx: no', {
      tried: ['\r/1'],
      hint: '\x07',
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the point
    assert.doesNotMatch(describeFailure(error).text, /[\x00-\x09\x0b-\x1f]/);
  });

  it('knows an error of another bundle by its name', () => {
    const foreign = Object.assign(new Error('cannot do it: why'), {
      name: 'RootfsError',
      code: 'ERR_MACHINE',
      details: {},
    });
    assert.deepEqual(describeFailure(foreign), { text: 'mkrootfs: cannot do it: why\n', exitCode: 6 });
  });

  const bugs: readonly [what: string, thrown: unknown, shown: RegExp][] = [
    ['any other error', new TypeError('x is undefined'), /TypeError: x is undefined\n\s+at /],
    ['an internal error', new RootfsError('ERR_INTERNAL', 'cannot be'), /cannot be\n\s+at /],
    ['an error without a stack', Object.assign(new Error('bare'), { stack: undefined }), /bare/],
    ['a string', 'thrown', /thrown/],
  ];
  for (const [what, error, shown] of bugs) {
    it(`calls ${what} a bug and shows where it came from`, () => {
      const { text, exitCode } = describeFailure(error);
      assert.equal(exitCode, 70);
      assert.match(text, /^mkrootfs: internal error: this is a bug in mkrootfs/);
      assert.match(text, shown);
    });
  }
});
