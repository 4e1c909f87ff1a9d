import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { needs, needsNamespaces } from '../helpers/capabilities.ts';
import { mkrootfs, type Outcome } from '../helpers/command-line.ts';
import { scratch } from '../helpers/scratch.ts';
import { inChroot, needsChroot } from './inside.ts';

/** The program of "Hand-crafted containers" (2. Making containers). */
const HELLO = `#include <unistd.h>
int main(void) { write(1, "Hello, world!\\n", 14); return 0; }
`;

/** What the article shows by hand, section by section; each is one command here. */
describe('the article "Hand-crafted containers", done by mkrootfs', () => {
  const { path } = scratch();
  const rootfs = (): string => path('rootfs');

  beforeEach(function () {
    needs(this, { tool: 'gcc', package: 'gcc' });
    needsChroot(this);
  });

  function hello(...flags: string[]): string {
    execFileSync('gcc', ['-x', 'c', '-', '-o', path('hello'), ...flags], { input: HELLO });
    return path('hello');
  }

  function built(...args: string[]): Outcome {
    const outcome = mkrootfs(['build', ...args, '-o', rootfs(), '--force']);
    assert.equal(outcome.code, 0, outcome.stderr);
    return outcome;
  }

  describe('2.0 chroot', () => {
    it('a dynamic program copied alone fails with the worst error message there is', () => {
      const program = hello();
      mkdirSync(rootfs());
      copyFileSync(program, path('rootfs/hello'));
      const { status, stderr } = inChroot(rootfs(), ['/hello']);
      assert.equal(status, 127);
      assert.match(stderr, /No such file or directory/);
    });

    it('run says what that message means: the loader is missing', function () {
      needsNamespaces(this);
      const program = hello();
      mkdirSync(rootfs());
      copyFileSync(program, path('rootfs/hello'));
      const { code, stderr } = mkrootfs(['run', rootfs(), '/hello']);
      assert.equal(code, 127);
      assert.match(stderr, /the loader that \/hello asks for, \S*\/ld-\S+, is not in/);
      assert.match(stderr, /^hint: .*mkrootfs build/m);
    });

    it('inspect shows the interpreter that file(1) shows in the article', () => {
      assert.match(mkrootfs(['inspect', hello()]).stdout, /interpreter\s+\/lib\S*\/ld-/i);
    });

    it('with loader and library in place, built by one command, it says Hello, world!', () => {
      const program = hello();
      built(program);
      assert.equal(inChroot(rootfs(), [program]).stdout, 'Hello, world!\n');
    });

    it('a static program needs no more than itself, and less than the 720K of the article', () => {
      const program = hello('-static', '-s');
      built(program);
      assert.equal(inChroot(rootfs(), [program]).stdout, 'Hello, world!\n');
      const kibibytes = Number(execFileSync('du', ['-sk', rootfs()], { encoding: 'utf8' }).split('\t')[0]);
      assert.ok(kibibytes <= 720, `${kibibytes}K`);
    });
  });

  it('2.1 env: the program sees nothing of the environment outside', function () {
    needsNamespaces(this);
    built('/usr/bin/env');
    const env = { FOO: 'bar', PATH: process.env.PATH ?? '', TERM: 'vt100' };
    const { stdout } = mkrootfs(['run', rootfs(), '/usr/bin/env'], { env });
    assert.deepEqual(stdout.trim().split('\n').sort(), [
      'HOME=/root',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'TERM=vt100',
      'container=mkrootfs',
    ]);
  });

  describe('2.2 unshare', () => {
    beforeEach(function () {
      needsNamespaces(this);
    });

    it('the host name inside is its own', () => {
      built('/bin/uname');
      assert.equal(
        mkrootfs(['run', rootfs(), '--hostname', 'handcraft', '/bin/uname', '-n']).stdout,
        'handcraft\n',
      );
    });

    it('ps sees the virtual /proc: its own processes and none of the host', function () {
      needs(this, { tool: '/bin/ps', package: 'procps' });
      built('/bin/ps');
      const { stdout, stderr } = mkrootfs(['run', rootfs(), '/bin/ps', '-e', '-o', 'comm=']);
      const processes = stdout.trim().split('\n');
      assert.ok(processes.includes('ps') && processes.length <= 2, `${stdout}${stderr}`);
    });

    it('System V queues of the host are not seen', function () {
      needs(this, { tool: '/usr/bin/ipcs', package: 'util-linux' });
      built('/usr/bin/ipcs');
      const id = execFileSync('ipcmk', ['-Q'], { encoding: 'utf8' }).match(/\d+/)?.[0] ?? '';
      try {
        assert.match(execFileSync('ipcs', ['-q'], { encoding: 'utf8' }), new RegExp(`\\s${id}\\s`));
        const inside = mkrootfs(['run', rootfs(), '/usr/bin/ipcs', '-q']).stdout;
        assert.doesNotMatch(inside, /0x[0-9a-f]{8}/);
      } finally {
        execFileSync('ipcrm', ['-q', id]);
      }
    });

    it('the user inside is root of a namespace of its own', () => {
      built('/usr/bin/id');
      assert.equal(mkrootfs(['run', rootfs(), '/usr/bin/id', '-u']).stdout, '0\n');
    });
  });

  it('2.3 network: there is nothing but lo', function () {
    needsNamespaces(this);
    built('/bin/cat');
    const { stdout } = mkrootfs(['run', rootfs(), '/bin/cat', '/proc/net/dev']);
    const interfaces = [...stdout.matchAll(/^\s*(\w+):/gm)].map((match) => match[1]);
    assert.deepEqual(interfaces, ['lo']);
  });

  it('the whole of it is one command', function () {
    needsNamespaces(this);
    const { code, stdout } = mkrootfs(['run', '--of', hello()]);
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'Hello, world!\n' });
  });
});
