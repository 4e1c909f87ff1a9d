import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { buildRootfs } from '../../src/index.ts';
import { needs } from '../helpers/capabilities.ts';
import { BINARY } from '../helpers/command-line.ts';
import { scratch } from '../helpers/scratch.ts';
import { inChroot, inChrootWithKernel, needsChroot } from './inside.ts';

interface Case {
  readonly argv: readonly [string, ...string[]];
  readonly package: string;
  readonly prints: RegExp;
  /** Needs /proc or /dev/null before it does anything. */
  readonly kernel?: true;
}

const CASES: readonly Case[] = [
  { argv: ['/bin/echo', 'Hello, world!'], package: 'coreutils', prints: /^Hello, world!$/m },
  { argv: ['/bin/ls', '/'], package: 'coreutils', prints: /^bin\n(.*\n)*usr$/m },
  { argv: ['/bin/bash', '-c', 'x=$((6*7)); echo $x'], package: 'bash', prints: /^42$/m },
  { argv: ['/bin/cat', '--version'], package: 'coreutils', prints: /^cat \(GNU coreutils\)/ },
  { argv: ['/usr/bin/sqlite3', ':memory:', 'select 6*7'], package: 'sqlite3', prints: /^42$/m },
  { argv: ['/usr/bin/git', '--version'], package: 'git', prints: /^git version \d/, kernel: true },
  { argv: [process.execPath, '--version'], package: 'nodejs', prints: /^v\d+\./, kernel: true },
  { argv: ['/usr/bin/openssl', 'version'], package: 'openssl', prints: /^OpenSSL \d/ },
  { argv: ['/usr/sbin/gosu', '--version'], package: 'gosu', prints: /^\d+\.\d+.*\(go/, kernel: true },
];

describe('real programs of this machine', () => {
  const { path } = scratch();
  beforeEach(function () {
    needsChroot(this);
  });

  for (const { argv, package: name, prints, kernel } of CASES) {
    it(`${argv.join(' ')} runs from a rootfs built by its path alone`, async function () {
      needs(this, { tool: argv[0], package: name });
      await buildRootfs(argv[0], { output: path('rootfs') });
      const run = kernel ? inChrootWithKernel : inChroot;
      const { stdout, stderr, status } = run(path('rootfs'), argv);
      assert.match(stdout, prints, stderr);
      assert.equal(status, 0, stderr);
    });
  }

  it('the Go program among them is static and comes alone', async function () {
    needs(this, { tool: '/usr/sbin/gosu', package: 'gosu' });
    const { plan } = await buildRootfs('/usr/sbin/gosu', { output: path('rootfs'), discover: 'none' });
    const files = plan.entries.filter(({ type }) => type === 'file').map((entry) => entry.path);
    assert.deepEqual(files, ['/usr/sbin/gosu']);
  });

  it('a program linked with musl runs with musl as its loader', async function () {
    needs(this, { tool: 'musl-gcc', package: 'musl-tools' });
    const program = compiled('musl-gcc', path('hello'), []);
    const { plan } = await buildRootfs(program, { output: path('rootfs') });
    assert.equal(plan.closure.libc, 'musl');
    assert.equal(inChroot(path('rootfs'), [program]).stdout, 'Hello, world!\n');
  });

  for (const flag of ['-static-pie', '-static']) {
    it(`a ${flag.slice(1)} program needs nothing and runs`, async function () {
      needs(this, { tool: 'gcc', package: 'gcc' });
      const program = compiled('gcc', path('hello'), [flag]);
      const { plan } = await buildRootfs(program, { output: path('rootfs'), discover: 'none' });
      assert.deepEqual(
        plan.closure.nodes.map((node) => node.path),
        [program],
      );
      assert.equal(inChroot(path('rootfs'), [program]).stdout, 'Hello, world!\n');
    });
  }

  it('needs no privilege to be built', async function () {
    needs(this, { tool: 'setpriv', package: 'util-linux' });
    const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];
    const command = [process.execPath, BINARY, 'build', '/bin/echo', '-f', 'tar', '-o', '-'];
    const { status, stdout, stderr } =
      process.getuid?.() === 0
        ? spawnSync('setpriv', [...asNobody, ...command], { maxBuffer: ARCHIVE })
        : spawnSync(process.execPath, command.slice(1), { maxBuffer: ARCHIVE });
    assert.equal(status, 0, stderr.toString());
    const names = execFileSync('tar', ['-t'], { input: stdout, encoding: 'utf8' });
    assert.match(names, /usr\/bin\/echo/);
  });
});

/** Bytes that the archive of /bin/echo stays below. */
const ARCHIVE = 64 << 20;

const HELLO = '#include <stdio.h>\nint main(void) { puts("Hello, world!"); return 0; }\n';

function compiled(compiler: string, output: string, flags: readonly string[]): string {
  execFileSync(compiler, ['-x', 'c', '-', '-o', output, ...flags], { input: HELLO });
  return output;
}
