import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { treeDump } from '../../src/testing/tree-dump.ts';
import { bench, CALLERS, until } from './rootfs.ts';

const SIGNAL = constants.signals;

for (const caller of CALLERS) {
  describe(`mkrootfs run, started by ${caller.name}`, () => {
    const own = bench();
    const run = (...argv: readonly string[]) => own().run(caller, ['run', own().root, ...argv]);
    const start = (...argv: readonly string[]) => own().start(caller, ['run', own().root, ...argv]);
    const lines = (...argv: readonly string[]) => {
      const { code, stdout, stderr } = run(...argv);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      return stdout.trimEnd().split('\n');
    };

    describe('exit codes', () => {
      const cases: readonly (readonly [string, readonly string[], number])[] = [
        ['0', ['probe', 'exit', '0'], 0],
        ['the program’s own', ['probe', 'exit', '7'], 7],
        ['the highest', ['probe', 'exit', '255'], 255],
        ['127 where no directory of PATH has the program', ['nosuch'], 127],
        ['127 where the path does not exist', ['/bin/nosuch'], 127],
        ['126 where the file is not executable', ['/bin/locked'], 126],
        ['126 where it is not executable and found in PATH', ['locked'], 126],
        ['126 where it is a directory', ['/bin'], 126],
        ['126 where it is no program', ['/data/file'], 126],
        ['128 + 15 where SIGTERM killed it', ['probe', 'die', String(SIGNAL.SIGTERM)], 143],
        ['128 + 9 where SIGKILL killed it', ['probe', 'die', String(SIGNAL.SIGKILL)], 137],
        ['128 + 11 where SIGSEGV killed it', ['probe', 'die', String(SIGNAL.SIGSEGV)], 139],
      ];
      for (const [title, argv, expected] of cases) {
        it(`are ${title}`, () => assert.equal(run(...argv).code, expected));
      }

      it('are 125 where the runner itself fails, with the reason', () => {
        const { code, stderr } = run('--workdir', '/nowhere', 'probe', 'exit', '0');
        assert.equal(code, 125);
        assert.equal(
          stderr,
          'mkrootfs: cannot run probe: cannot enter /nowhere: no such file or directory\n',
        );
      });
    });

    describe('what the program is given', () => {
      it('is an environment of four variables', () => {
        const env = { HOME: '/home/x', SECRET: 'of the host', TERM: 'vt100', LANG: 'de_DE.UTF-8' };
        const { stdout } = own().run(caller, ['run', own().root, 'probe', 'environment'], { env });
        assert.deepEqual(stdout.trimEnd().split('\n').sort(), [
          'HOME=/root',
          'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
          'TERM=vt100',
          'container=mkrootfs',
        ]);
      });

      it('has variables added and replaced by --env, whatever they would do to a tool of the host', () => {
        const found = lines(
          '--env',
          'LD_PRELOAD=/x.so',
          '--env',
          'HOME=/data',
          '--env',
          'A=b=c',
          'probe',
          'environment',
        );
        assert.ok(['LD_PRELOAD=/x.so', 'HOME=/data', 'A=b=c'].every((variable) => found.includes(variable)));
        assert.equal(found.length, 6);
      });

      it('is every argument as it was typed', () => {
        const odd = ['', ' a  b ', "it's", '--print', '--', '$(id)', '*', 'ö\nö'];
        assert.equal(
          run('--', 'probe', 'arguments', ...odd).stdout,
          `${['probe', 'arguments', ...odd].join('\n')}\n`,
        );
      });

      it('is the standard streams and no other descriptor of the caller', () => {
        const leaked = openSync('/', 'r');
        try {
          const [file = '', ...args] = own().words(caller, ['run', own().root, 'probe', 'descriptors']);
          const stdio = ['ignore', 'pipe', 'inherit', leaked, leaked, leaked, 'ignore', leaked] as const;
          const { stdout } = spawnSync(file, args, { env: own().environment(caller), stdio: [...stdio] });
          assert.equal(String(stdout), '0\n1\n2\n');
        } finally {
          closeSync(leaked);
        }
      });

      it('is uid 0 in /, with a host name of its own', () => {
        assert.deepEqual(lines('probe', 'identity'), ['uid 0 gid 0 pid 2 host mkrootfs in /']);
      });

      it('is the ids, directory and host name asked for', () => {
        const asked = ['--user', '1000:100', '--workdir', '/data', '--hostname', 'box'];
        assert.deepEqual(lines(...asked, 'probe', 'identity'), ['uid 1000 gid 100 pid 2 host box in /data']);
      });

      it('is one interface, lo, and that is up', () => {
        assert.deepEqual(lines('probe', 'interfaces'), ['lo up']);
        assert.deepEqual(lines('probe', 'talk'), ['connected']);
      });

      it("is the host's interfaces with --net host", () => {
        const host = readFileSync('/proc/net/dev', 'latin1').split('\n').slice(2, -1);
        const names = host.map((line) => line.split(':')[0]?.trim()).sort();
        assert.deepEqual(
          lines('--net', 'host', 'probe', 'interfaces')
            .map((line) => line.split(' ')[0])
            .sort(),
          names,
        );
      });

      it('is a /proc that knows only PID 1 and the program', () => {
        const pids = lines('probe', 'list', '/proc').filter((name) => /^\d+$/.test(name));
        assert.deepEqual(pids, ['1', '2']);
      });

      it('is a /dev of harmless devices', () => {
        assert.deepEqual(lines('probe', 'list', '/dev').sort(), [
          ...[
            'fd',
            'full',
            'null',
            'ptmx',
            'pts',
            'random',
            'shm',
            'stderr',
            'stdin',
            'stdout',
            'tty',
            'urandom',
            'zero',
          ],
        ]);
        assert.deepEqual(lines('probe', 'write', '/dev/null'), ['written']);
      });
    });

    describe('the rootfs', () => {
      const writable = caller.prefix.length === 0;

      it('stays as it was, though the program may write to it', async () => {
        const before = await treeDump(own().root);
        const made = run('probe', 'write', '/data/new').stdout;
        assert.equal(made, writable ? 'written\n' : 'Permission denied\n');
        if (writable) {
          assert.equal(run('probe', 'write', '/data/file').stdout, 'written\n');
          assert.equal(run('probe', 'remove', '/data/file').stdout, 'removed\n');
        }
        assert.equal(run('probe', 'write', '/tmp/new').stdout, 'written\n');
        assert.deepEqual(await treeDump(own().root), before);
      });

      it('cannot be written with --read-only, but for /tmp', () => {
        assert.equal(run('--read-only', 'probe', 'write', '/data/new').stdout, 'Read-only file system\n');
        assert.equal(run('--read-only', 'probe', 'write', '/tmp/new').stdout, 'written\n');
      });

      it('keeps what is written with --writable', () => {
        if (!writable) return;
        assert.equal(run('--writable', 'probe', 'write', '/data/kept').stdout, 'written\n');
        assert.equal(readFileSync(`${own().root}/data/kept`, 'utf8'), 'changed');
        assert.equal(run('--writable', 'probe', 'remove', '/data/kept').stdout, 'removed\n');
      });

      it('has what --bind and --tmpfs add, where nothing was before too', () => {
        const bind = [
          '--bind',
          `${own().folder}/probe:/bound/file:ro`,
          '--bind',
          `${own().root}/data:/bound/data`,
        ];
        assert.deepEqual(lines(...bind, 'probe', 'list', '/bound').sort(), ['data', 'file']);
        assert.equal(run(...bind, 'probe', 'write', '/bound/file').stdout, 'Read-only file system\n');
        assert.equal(run('--tmpfs', '/data', 'probe', 'list', '/data').stdout, '');
        assert.equal(run('--tmpfs', '/data', 'probe', 'write', '/data/x').stdout, 'written\n');
      });
    });

    describe('signals', () => {
      for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const) {
        it(`${name} to mkrootfs reaches the program, whose exit code counts`, async () => {
          const { process: child, said, outcome } = start('probe', 'wait', String(SIGNAL[name]));
          await said('ready');
          child.kill(name);
          const { code, stdout } = await outcome;
          assert.deepEqual(
            { code, stdout },
            { code: 40 + SIGNAL[name], stdout: `ready\ngot ${SIGNAL[name]}\n` },
          );
        });
      }

      it('kill a program that has no handler, as outside of a PID namespace', async () => {
        const { process: child, said, outcome } = start('probe', 'sleep');
        await said('ready');
        child.kill('SIGTERM');
        assert.equal((await outcome).code, 143);
      });

      it('leave a program alone that goes on', async () => {
        const { process: child, said, outcome } = start('probe', 'wait-twice', String(SIGNAL.SIGTERM));
        await said('ready');
        child.kill('SIGTERM');
        await said(`got ${SIGNAL.SIGTERM}`);
        child.kill('SIGTERM');
        assert.equal((await outcome).code, 40 + SIGNAL.SIGTERM);
      });

      it('come once to the program where the terminal sends them to everyone', async () => {
        const count = own().words(caller, ['run', own().root, 'probe', 'count', String(SIGNAL.SIGINT)]);
        const terminal = own().onTerminal(caller, count);
        await terminal.said('ready');
        terminal.process.stdin?.write('\x03');
        await terminal.said('counted');
        assert.match((await terminal.outcome).stdout, /counted 1\r?\n/);
      });
    });

    describe('its end', () => {
      it('takes everything along, even where mkrootfs is killed', async () => {
        const mounts = readFileSync('/proc/self/mountinfo', 'latin1');
        const mark = `--env=MARK=${Math.random()}`;
        const { process: child, said, outcome } = start(mark, 'probe', 'sleep');
        await said('ready');
        assert.ok(processesNaming(mark.slice(6)).length >= 2);
        child.kill('SIGKILL');
        await outcome;
        await until(() => processesNaming(mark.slice(6)).length === 0);
        assert.equal(readFileSync('/proc/self/mountinfo', 'latin1'), mounts);
      });

      it('comes after --timeout seconds, by SIGKILL', () => {
        assert.equal(run('--timeout', '0.2', 'probe', 'wait-twice', String(SIGNAL.SIGTERM)).code, 137);
      });

      it('leaves no zombie: PID 1 fetches the orphans', () => {
        assert.deepEqual(lines('probe', 'orphans'), ['all reaped']);
      });
    });

    describe('a machine that cannot', () => {
      const cases = [
        [
          'makes no namespaces',
          '#!/bin/sh\nexit 1\n',
          /^mkrootfs: cannot run probe: no namespaces of its own: .+\nhint: .+\n$/,
        ],
        [
          'has an unshare that cannot be started',
          '#!/nowhere\n',
          /^mkrootfs: cannot run probe: cannot start .*\/unshare: /,
        ],
      ] as const;
      for (const [title, unshare, message] of cases) {
        it(`is named where it ${title}`, () => {
          const tools = mkdtempSync(join(own().folder, 'tools-'));
          chmodSync(tools, 0o755);
          writeFileSync(join(tools, 'unshare'), unshare, { mode: 0o755 });
          const env = { PATH: `${tools}:${process.env.PATH}` };
          const { code, stderr } = own().run(caller, ['run', own().root, 'probe', 'exit', '0'], { env });
          assert.equal(code, 125);
          assert.match(stderr, message);
        });
      }
    });

    it('prints with --print the very command that it would run', () => {
      const [line = ''] = lines('--print', '--env', "WORD=it's", 'probe', 'environment');
      const [file = '', ...args] = [...caller.prefix, 'sh', '-c', line];
      const printed = spawnSync(file, args, { encoding: 'utf8', env: own().environment(caller) });
      assert.equal(printed.stdout, run('--env', "WORD=it's", 'probe', 'environment').stdout);
    });
  });
}

/** Processes of this machine whose command line holds a text. */
function processesNaming(text: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text);
    } catch {
      return false;
    }
  });
}
