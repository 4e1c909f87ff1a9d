import assert from 'node:assert/strict';
import { decodeName } from '../../src/bytes.ts';
import { ANSI, PLAIN } from '../../src/report/paint.ts';
import { printable } from '../../src/report/printable.ts';

describe('printable text', () => {
  const cases: readonly [what: string, text: string, shown: string][] = [
    ['plain text', '/lib/libstdc++.so.6 (x)', '/lib/libstdc++.so.6 (x)'],
    ['letters of any script', 'ü漢字🦎', 'ü漢字🦎'],
    ['escape sequences', '\x1b[2J', '\\x1b[2J'],
    ['line feeds and NUL', 'a\nb\0c', 'a\\x0ab\\x00c'],
    ['C1 controls and DEL', '\x7f\x9b', '\\x7f\\x9b'],
    ['text that turns its direction', 'a\u202egpj.exe\u2066', 'a\\u202egpj.exe\\u2066'],
    ['bytes that are no UTF-8', decodeName(Uint8Array.of(0x6c, 0xff, 0x80)), 'l\\xff\\x80'],
    ['a lone surrogate of another kind', '\ud800', '\\ud800'],
  ];
  for (const [what, text, shown] of cases) {
    it(`shows ${what} safely`, () => assert.equal(printable(text), shown));
  }
});

describe('paint', () => {
  it('surrounds text and ends what it began', () => {
    assert.equal(ANSI.bold('x'), '\x1b[1mx\x1b[22m');
    assert.equal(ANSI.dim('x'), '\x1b[2mx\x1b[22m');
    assert.equal(ANSI.good('x'), '\x1b[32mx\x1b[39m');
  });

  it('leaves text alone where there are no colours', () => {
    for (const way of Object.values(PLAIN)) assert.equal(way('x'), 'x');
  });
});
