import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { BINARY, environment } from '../helpers/command-line.ts';

const WRITER = join(import.meta.dirname, 'terminal-writer.ts');

describe('standard streams', () => {
  it('writes all to a pipe that is full and does not block', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', WRITER, '4000000'], {
      env: process.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.equal((await text(child.stdout)).length, 4_000_000);
  });

  it('ends as by SIGPIPE when its reader goes away', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', WRITER, '4000000'], {
      env: process.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once('exit', resolve));
    assert.equal(code, 141);
  });

  it('says when standard output has no room', () => {
    const { status, stderr } = spawnSync(process.execPath, [BINARY, '--help'], {
      env: environment(),
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      encoding: 'utf8',
    });
    assert.match(stderr, /^mkrootfs: cannot write standard output: no space left on device\n/);
    assert.equal(status, 5);
  });

  it('ends in silence when even the error cannot be told', () => {
    const { status } = spawnSync(process.execPath, ['--import', 'tsx', WRITER, 'note'], {
      stdio: ['ignore', 'ignore', openSync('/dev/full', 'w')],
    });
    assert.equal(status, 70);
  });

  it('says from the sources, too, when standard output has no room', () => {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', WRITER, 'colour'], {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      encoding: 'utf8',
    });
    assert.match(stderr, /cannot write standard output: no space left on device/);
    assert.equal(status, 1);
  });

  it('keeps bytes that are no UTF-8', () => {
    const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', WRITER, 'odd-name']);
    assert.deepEqual([...stdout], [0x6c, 0xff, 0x0a]);
  });
});

describe('terminals', () => {
  const cases: readonly [what: string, env: Record<string, string>, coloured: boolean][] = [
    ['shows colour', { TERM: 'xterm' }, true],
    ['shows none where NO_COLOR is set', { TERM: 'xterm', NO_COLOR: '1' }, false],
    ['shows colour where NO_COLOR is empty', { TERM: 'xterm', NO_COLOR: '' }, true],
    ['shows none where TERM is dumb', { TERM: 'dumb' }, false],
  ];
  for (const [what, env, coloured] of cases) {
    it(what, () => assert.equal(onTerminal(writer('colour'), env), coloured ? '\x1b[1mx\x1b[22m' : 'x'));
  }

  it('shows no colour in a pipe, and none of the progress', () => {
    for (const [what, shown] of [
      ['colour', 'x'],
      ['progress', ''],
    ]) {
      const [command = '', ...args] = writer(what ?? '');
      const { stdout, stderr } = spawnSync(command, args, {
        env: { ...process.env, TERM: 'xterm' },
        encoding: 'utf8',
      });
      assert.equal(stdout + stderr, shown);
    }
  });

  it('shows progress over itself, and takes it away', () => {
    assert.equal(onTerminal(writer('progress'), { TERM: 'xterm' }), '\r\x1b[Kone\r\x1b[Ktwo\r\x1b[K');
    assert.equal(onTerminal(writer('progress'), { TERM: 'dumb' }), '');
  });

  it('shows the colours of the built command line', () => {
    const tree = onTerminal([process.execPath, BINARY, 'resolve', '/bin/sh'], {
      TERM: 'xterm',
      NODE_V8_COVERAGE: '',
    });
    assert.ok(tree.startsWith('\x1b[1m/bin/sh\x1b[22m'), JSON.stringify(tree));
  });
});

function writer(what: string): readonly string[] {
  return [process.execPath, '--import', 'tsx', WRITER, what];
}

/** What a terminal gets to see: script(1) gives the command a pseudo-terminal for both streams. */
function onTerminal(words: readonly string[], env: Record<string, string>): string {
  const { NO_COLOR, ...inherited } = process.env;
  const line = words.map((word) => `'${word}'`).join(' ');
  const { stdout, status } = spawnSync('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    env: { ...inherited, SHELL: '/bin/sh', ...env },
    encoding: 'utf8',
  });
  assert.equal(status, 0);
  return stdout;
}
