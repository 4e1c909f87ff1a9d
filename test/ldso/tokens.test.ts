import assert from 'node:assert/strict';
import { expandTokens, hasToken, type TokenValues } from '../../src/ldso/tokens.ts';

const VALUES: TokenValues = { ORIGIN: '/o', LIB: 'lib64', PLATFORM: 'x86_64' };

describe('expandTokens', () => {
  const cases: readonly (readonly [text: string, expanded: string])[] = [
    ['/plain', '/plain'],
    ['$ORIGIN', '/o'],
    ['${ORIGIN}', '/o'],
    ['$ORIGIN/$LIB/${PLATFORM}', '/o/lib64/x86_64'],
    ['$ORIGINAL', '$ORIGINAL'],
    ['$ORIGIN_', '$ORIGIN_'],
    ['$ORIGIN9', '$ORIGIN9'],
    ['$ORIGIN-', '/o-'],
    ['$ORIGINü', '/oü'],
    ['${ORIGIN', '${ORIGIN'],
    ['${ORIGINAL}', '${ORIGINAL}'],
    ['${ORIGIN}AL', '/oAL'],
    ['{ORIGIN}', '{ORIGIN}'],
    ['$', '$'],
    ['$$ORIGIN', '$/o'],
    ['$origin', '$origin'],
    ['$OS', '$OS'],
    ['', ''],
  ];
  for (const [text, expanded] of cases) {
    it(`${JSON.stringify(text)} becomes ${JSON.stringify(expanded)}`, () => {
      assert.equal(expandTokens(text, VALUES), expanded);
      assert.equal(hasToken(text), text !== expanded);
    });
  }

  it('a token without a value voids the text', () => {
    assert.equal(expandTokens('/a/$PLATFORM', { ...VALUES, PLATFORM: null }), null);
    assert.equal(expandTokens('/a/$LIB', { ...VALUES, PLATFORM: null }), '/a/lib64');
  });

  it('what a token stands for is not expanded again', () => {
    assert.equal(expandTokens('$ORIGIN', { ...VALUES, ORIGIN: '/$LIB' }), '/$LIB');
    assert.equal(expandTokens('$ORIGIN', { ...VALUES, ORIGIN: '/$&' }), '/$&');
  });
});
