import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';

const INIT = join(import.meta.dirname, '../../src/run/init');

describe('PID 1', () => {
  const files = scratch();

  it('is shipped as its sources make it, byte for byte, for both processors', function () {
    this.timeout(60_000);
    needs(this, { tool: 'gcc', package: 'gcc' });
    needs(this, { tool: 'aarch64-linux-gnu-gcc', package: 'gcc-aarch64-linux-gnu' });
    needs(this, { tool: '/usr/aarch64-linux-gnu/include/asm/unistd.h', package: 'libc6-dev-arm64-cross' });
    execFileSync(process.execPath, [join(INIT, 'build.mjs'), '--check'], { stdio: 'pipe' });
  });

  it('is small, and an executable of its processor', () => {
    for (const [machine, number] of [
      ['x86_64', '3e'],
      ['aarch64', 'b7'],
    ] as const) {
      const { size, mode } = statSync(join(INIT, 'prebuilt', machine, 'mkrootfs-init'));
      assert.ok(size < 20_000, `${machine}: ${size} bytes`);
      assert.equal(mode & 0o111, 0o111, `${machine}: e_machine ${number}`);
    }
  });

  it('says what is wrong with its command line, and changes nothing', function () {
    if (process.arch !== 'x64') this.skip();
    const root = files.path('root');
    mkdirSync(root);
    const cases: readonly (readonly [readonly string[], string])[] = [
      [[], 'setup 22 find ROOT'],
      [[root], 'setup 22 find CMD'],
      [[root, '--'], 'setup 22 find CMD'],
      [[root, '--frobnicate', '--', 'x'], 'setup 22 understand --frobnicate'],
      [[root, '--chdir'], 'setup 22 read the value of --chdir'],
      [[root, '--ro-bind', '/nowhere', '/x', '--', 'x'], 'setup 2 open /nowhere'],
      [
        [
          root,
          ...Array<string>(257)
            .fill('--proc=')
            .flatMap(() => ['--proc', '/p']),
          '--',
          'x',
        ],
        'setup 7 mount /p',
      ],
      [
        [
          root,
          ...Array<string>(1025)
            .fill('')
            .flatMap(() => ['--setenv', 'A=b']),
          '--',
          'x',
        ],
        'setup 7 set A=b',
      ],
    ];
    for (const [argv, said] of cases) {
      const { status, stderr } = spawnSync(join(INIT, 'prebuilt/x86_64/mkrootfs-init'), argv, {
        encoding: 'utf8',
      });
      assert.deepEqual({ status, stderr }, { status: 125, stderr: `mkrootfs-init: ${said}\n` });
    }
  });
});
