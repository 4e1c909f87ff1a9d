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
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.equal((await text(child.stdout)).length, 4_000_000);
  });

  it('ends as by SIGPIPE when its reader goes away', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', WRITER, '4000000'], {
      env: environment(),
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

  it('keeps bytes that are no UTF-8', () => {
    const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', WRITER, 'odd-name'], {
      env: environment(),
    });
    assert.deepEqual([...stdout], [0x6c, 0xff, 0x0a]);
  });
});

describe('colour', () => {
  const cases: readonly [what: string, env: Record<string, string>, coloured: boolean][] = [
    ['shows on a terminal', { TERM: 'xterm' }, true],
    ['is off where NO_COLOR is set', { TERM: 'xterm', NO_COLOR: '1' }, false],
    ['is on where NO_COLOR is empty', { TERM: 'xterm', NO_COLOR: '' }, true],
    ['is off on a dumb terminal', { TERM: 'dumb' }, false],
  ];
  for (const [what, env, coloured] of cases) {
    it(what, () => assert.equal(onTerminal('resolve /bin/sh', env).includes('\x1b['), coloured));
  }

  it('is off in a pipe', () => {
    const { stdout } = spawnSync(process.execPath, [BINARY, 'resolve', '/bin/sh'], {
      env: environment({ TERM: 'xterm' }),
      encoding: 'utf8',
    });
    assert.ok(stdout.startsWith('/bin/sh\n'), stdout);
  });
});

/** What a terminal gets to see: script(1) gives the command a pseudo-terminal. */
function onTerminal(line: string, env: Record<string, string>): string {
  const command = `${process.execPath} ${BINARY} ${line}`;
  const { stdout, status } = spawnSync('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: environment({ ...env, SHELL: '/bin/sh' }),
    encoding: 'utf8',
  });
  assert.equal(status, 0);
  return stdout;
}
