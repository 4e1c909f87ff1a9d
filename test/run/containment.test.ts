import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';
import { skip } from '../helpers/capabilities.ts';
import { bench, CALLERS, compile } from './rootfs.ts';

/** Ways that the control, unshare and chroot alone, must show to be open: else the test would prove nothing. */
const OPEN_WITHOUT_US = [
  'double chroot',
  'own descriptors',
  'a proc of its own',
  'setns',
  'ptrace PID 1',
  'abstract socket',
];

const FREESTANDING = ['-ffreestanding', '-nostdlib', '-fno-pie', '-no-pie', '-fno-stack-protector'];

for (const caller of CALLERS) {
  describe(`what mkrootfs run holds, started by ${caller.name}`, () => {
    const own = bench();
    let server: Server;
    let ofHost: readonly string[];
    before((done) => {
      compile('escape', join(own().root, 'bin/escape'));
      const secret = join(own().folder, 'secret');
      writeFileSync(secret, 'of the host');
      // An address that no namespace but that of the network holds apart.
      const socket = `mkrootfs-escape-${process.pid}-${caller.prefix.length}`;
      ofHost = [secret, String(process.pid), socket];
      server = createServer().listen(`\0${socket}`, done);
    });
    after((done) => {
      server.close(done);
    });

    it('is a program on a terminal that tries 25 ways out', async () => {
      const words = own().words(caller, ['run', own().root, 'escape', ...ofHost]);
      const { outcome } = own().onTerminal(caller, words);
      const found = findings((await outcome).stdout);
      assert.equal(found.size, 25);
      assert.deepEqual(open(found), []);
    });

    it('is the same program with a directory of the host left open, where unshare and chroot let it out', () => {
      const held = withLeak(own().words(caller, ['run', own().root, 'escape', ...ofHost]));
      assert.equal(held.size, 25);
      assert.deepEqual(open(held), []);

      const flags = [
        '--fork',
        '--pid',
        '--mount',
        '--user',
        '--map-root-user',
        '--mount-proc',
        `--root=${own().root}`,
      ];
      const loose = withLeak([...caller.prefix, 'unshare', ...flags, '/bin/escape', ...ofHost]);
      const out = open(loose);
      assert.deepEqual(
        OPEN_WITHOUT_US.filter((way) => !out.includes(way)),
        [],
      );
    });

    it('is a program whose very file is our PID 1, which only says that it is called wrongly', () => {
      const { code, stderr } = own().run(caller, ['run', own().root, '/proc/self/exe']);
      assert.deepEqual({ code, stderr }, { code: 125, stderr: 'mkrootfs-init: setup 22 find ROOT\n' });
    });

    const abis = [
      ['i386', ['-m32'], constants.errno.EPERM],
      ['x32', [], constants.errno.ENOSYS],
    ] as const;
    for (const [abi, flags, errno] of abis) {
      it(`is a program that calls the kernel by the numbers of ${abi}`, function () {
        if (process.arch !== 'x64') skip(this, `${abi} is of x86-64`);
        compile('foreign-abi', join(own().root, 'bin/foreign'), [...FREESTANDING, ...flags]);
        assert.equal(own().run(caller, ['run', own().root, 'foreign']).code, errno);
      });
    }

    function withLeak([file = '', ...args]: readonly string[]): ReadonlyMap<string, string> {
      const leaked = openSync('/', 'r');
      try {
        const stdio = ['ignore', 'pipe', 'inherit', leaked, leaked] as const;
        const { stdout } = spawnSync(file, args, {
          env: own().environment(caller),
          stdio: [...stdio],
          timeout: 10_000,
        });
        return findings(String(stdout));
      } finally {
        closeSync(leaked);
      }
    }
  });
}

/** Lines `WAY: held` and `WAY: OUT`. */
function findings(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/^(.+): (held|OUT)\r?$/gm)].map(([, way = '', found = '']) => [way, found]),
  );
}

function open(found: ReadonlyMap<string, string>): readonly string[] {
  return [...found].filter(([, state]) => state !== 'held').map(([way]) => way);
}
