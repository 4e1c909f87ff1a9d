import assert from 'node:assert/strict';
import type { Command } from '../../src/cli/command.ts';
import { readCommandLine } from '../../src/cli/command-line.ts';
import { type CommandName, FLAGS, type Flag, flagsOf } from '../../src/cli/flags.ts';
import { MANUAL } from '../../src/cli/manual.ts';
import { isRootfsError, type RootfsError } from '../../src/errors.ts';

const PLAIN: Command = { run: () => 0 };

const FORMATS: readonly string[] =
  (FLAGS as readonly Flag[]).find(({ name }) => name === 'format')?.choices ?? [];

/** As `run`: one operand of its own, none with --of. */
const RUNNER: Command = { operandsBeforeTrailing: (given) => (given.has('of') ? 0 : 1), run: () => 0 };

describe('command line', () => {
  it('tells options, their values and operands apart, wherever they stand', () => {
    const { flags, operands, trailing } = readCommandLine('build', PLAIN, [
      '/bin/sh',
      '-o',
      'out',
      '--include=/etc/a',
      '/bin/ls',
      '--include',
      '/etc/b',
      '--force',
    ]);
    assert.deepEqual(operands, ['/bin/sh', '/bin/ls']);
    assert.equal(flags.text('output'), 'out');
    assert.deepEqual(flags.list('include'), ['/etc/a', '/etc/b']);
    assert.equal(flags.has('force'), true);
    assert.equal(flags.has('json'), false);
    assert.equal(flags.text('epoch'), undefined);
    assert.deepEqual(flags.list('exclude'), []);
    assert.deepEqual(trailing, []);
  });

  it('takes the last value of an option given twice', () => {
    assert.equal(readCommandLine('build', PLAIN, ['-o', 'a', '-o', 'b']).flags.text('output'), 'b');
  });

  it('takes a single dash for a value, and all after -- for operands', () => {
    const { flags, operands } = readCommandLine('build', PLAIN, ['-o', '-', '--', '--force', '-x']);
    assert.equal(flags.text('output'), '-');
    assert.equal(flags.has('force'), false);
    assert.deepEqual(operands, ['--force', '-x']);
  });

  const trailing: readonly [argv: string[], operands: string[], trailing: string[]][] = [
    [['root', 'ls', '-l', '--json'], ['root'], ['ls', '-l', '--json']],
    [['root', '--', 'ls', '--', '-l'], ['root'], ['ls', '--', '-l']],
    [['root', '--', '--odd'], ['root'], ['--odd']],
    [['root'], ['root'], []],
    [[], [], []],
  ];
  for (const [argv, operands, rest] of trailing) {
    it(`leaves the foreign command line in [${argv.join(' ')}] as it is`, () => {
      const input = readCommandLine('run', RUNNER, argv);
      assert.deepEqual(input.operands, operands);
      assert.deepEqual(input.trailing, rest);
    });
  }

  const wrong: readonly [name: CommandName, argv: string[], message: RegExp, hint: string | undefined][] = [
    ['build', ['--ouput', 'x'], /--ouput is no option of mkrootfs build$/, 'did you mean --output?'],
    ['build', ['--flat'], /--flat is no option/, 'mkrootfs resolve has it'],
    ['build', ['-Z'], /-Z is no option/, 'mkrootfs build --help lists them'],
    ['resolve', ['-o', 'x'], /-o is no option of mkrootfs resolve/, 'mkrootfs resolve --help lists them'],
    ['build', ['-o'], /option -o needs a value \(OUT\)$/, undefined],
    ['build', ['-o', '--force'], /option -o needs a value/, 'to mean it, write --output=--force'],
    ['build', ['--force=yes'], /option --force takes no value$/, undefined],
    ['build', ['-f', 'tra'], /option -f does not take 'tra'$/, 'did you mean tar?'],
    ['build', ['-f', 'iso9660'], /does not take 'iso9660'$/, `one of: ${FORMATS.join(' ')}`],
  ];
  for (const [name, argv, message, hint] of wrong) {
    it(`refuses ${name} ${argv.join(' ')}`, () => {
      const error = thrown(() => readCommandLine(name, PLAIN, argv));
      assert.equal(error.code, 'ERR_USAGE');
      assert.match(error.message, message);
      assert.match(error.message, /^cannot read the command line: /);
      assert.equal(error.details.hint, hint);
    });
  }
});

describe('table of flags', () => {
  const flags: readonly Flag[] = FLAGS;
  const commands = Object.keys(MANUAL) as CommandName[];

  for (const command of commands) {
    it(`gives no name and no letter twice to ${command}`, () => {
      const of = flagsOf(command);
      const words = [...of.map(({ name }) => name), ...of.flatMap(({ short }) => (short ? [short] : []))];
      assert.deepEqual(words, [...new Set(words)]);
    });
  }

  it('gives every option a sentence for help, a home, and a value where it has choices', () => {
    for (const { name, help, commands: homes, choices, value } of flags) {
      assert.ok(help.length > 10 && !help.endsWith('.'), name);
      assert.ok(homes.length > 0, name);
      assert.ok(choices === undefined || value !== undefined, name);
    }
  });
});

function thrown(act: () => unknown): RootfsError {
  try {
    act();
  } catch (error) {
    if (isRootfsError(error)) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: 'nothing was thrown' });
}
