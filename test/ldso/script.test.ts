import assert from 'node:assert/strict';
import { envCommand, parseShebang } from '../../src/ldso/script.ts';

describe('parseShebang', () => {
  const cases: readonly (readonly [text: string, interpreter: string | null, argument: string | null])[] = [
    ['#!/bin/sh\n', '/bin/sh', null],
    ['#!/bin/sh -e\n', '/bin/sh', '-e'],
    ['#! /bin/sh  -e  x \t\n', '/bin/sh', '-e  x'],
    ['#!/bin/sh', '/bin/sh', null],
    ['#!/bin/sh\0 -e\n', '/bin/sh', null],
    ['#!/bin/sh\r\n', '/bin/sh\r', null],
    ['#!\n', '', null],
    ['#!', '', null],
    ['# !/bin/sh\n', null, null],
    ['!#/bin/sh\n', null, null],
    ['', null, null],
  ];
  for (const [text, interpreter, argument] of cases) {
    it(`${JSON.stringify(text)}`, () => {
      const shebang = parseShebang(Buffer.from(text));
      if (interpreter === null) assert.equal(shebang, null);
      else assert.deepEqual([shebang?.interpreter, shebang?.argument], [interpreter, argument]);
    });
  }

  it('a path that fills 256 bytes has no end', () => {
    assert.equal(parseShebang(Buffer.from(`#!/${'x'.repeat(300)}\n`))?.interpreter, '');
    assert.equal(parseShebang(Buffer.from(`#!/${'x'.repeat(253)}`))?.interpreter, '');
    assert.equal(parseShebang(Buffer.from(`#!/${'x'.repeat(252)}`))?.interpreter.length, 253);
    assert.equal(parseShebang(Buffer.from(`#!/${'x'.repeat(252)}\n`))?.interpreter.length, 253);
  });
});

describe('envCommand', () => {
  const cases: readonly (readonly [argument: string | null, command: string | null, chdir?: string])[] = [
    [null, null],
    ['P', 'P'],
    ['P -x', 'P -x'],
    ['-i', null],
    ['A=1', null],
    ['-S P a b', 'P'],
    ['-SP a b', 'P'],
    ['-iS P', 'P'],
    ['-vS P', 'P'],
    ['--split-string=P a', 'P'],
    ['--split-string P a', 'P'],
    ['-S -i P', 'P'],
    ['-S -u A P', 'P'],
    ['-S --unset A P', 'P'],
    ['-S -C /d P', 'P', '/d'],
    ['-S --chdir=/d P', 'P', '/d'],
    ['-S A=1 B=2 P', 'P'],
    ['-S A=1 -- P', 'P'],
    ['-S -- A=1 P', 'P'],
    ['-S -- ', null],
    ['-S a/b=c', 'a/b=c'],
    ["-S 'a b' c", 'a b'],
    ['-S "a\\"b" c', 'a"b'],
    ["-S 'a\\'b' c", "a'b"],
    ['-S a\\ b', 'a b'],
    ['-S a\\_b', 'a'],
    ['-S \\c P', null],
    ['-S # P', null],
    ['-S a# P', 'a#'],
    ["-S ''", ''],
    ['-S', null],
  ];
  for (const [argument, command, chdir = null] of cases) {
    it(`${JSON.stringify(argument)} starts ${JSON.stringify(command)}`, () => {
      assert.deepEqual(envCommand(argument), command === null ? null : { command, chdir });
    });
  }
});
