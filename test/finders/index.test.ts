import assert from 'node:assert/strict';
import { isRootfsError } from '../../src/errors.ts';
import { selectFinders } from '../../src/finders/index.ts';

const names = (...given: Parameters<typeof selectFinders>): readonly string[] =>
  selectFinders(...given).map(({ name }) => name);

describe('selectFinders', () => {
  const auto = names();

  it('asks the loader and the shebang whatever is chosen', () => {
    assert.deepEqual(names('none'), ['needed', 'shebang']);
    assert.deepEqual(names(['nss']), ['needed', 'shebang', 'nss']);
  });

  it('asks those that confirm what they find by default, and none that guesses', () => {
    assert.deepEqual(names('auto'), auto);
    assert.ok(auto.includes('nss') && !auto.includes('dlopen-strings'));
  });

  it('adds to auto, and takes from it', () => {
    assert.deepEqual(names(['auto', 'dlopen-strings']), [...auto, 'dlopen-strings']);
    const fewer = auto.filter((name) => name !== 'nss');
    assert.deepEqual(names(['auto', '-nss']), fewer);
    assert.deepEqual(names(['-nss']), fewer);
  });

  for (const word of ['nothing', '-nothing', '']) {
    it(`refuses '${word}', and says which there are`, () => {
      assert.throws(
        () => selectFinders([word]),
        (error) =>
          isRootfsError(error) && /^the rules are needed, shebang, .*nss/.test(error.details.hint ?? ''),
      );
    });
  }
});
