import assert from 'node:assert/strict';
import { diagnose, type ProgramFacts } from '../../src/run/diagnose.ts';
import { type KernelFacts, obstacles } from '../../src/run/probe.ts';
import { parseReports } from '../../src/run/reports.ts';
import { plainEnding, reportedEnding } from '../../src/run/result.ts';

describe('parseReports', () => {
  it('reads a line each, and passes over what is none of ours or not whole', () => {
    const text = 'start\nexit 1792\nexec 2 /bin/a b\nsetup 13 mount /proc\nhello 1\nexit 9';
    assert.deepEqual(parseReports(text), [
      { kind: 'start' },
      { kind: 'exit', status: 1792 },
      { kind: 'exec', errno: 2, path: '/bin/a b' },
      { kind: 'setup', errno: 13, what: 'mount /proc' },
    ]);
    assert.deepEqual(parseReports(''), []);
  });
});

const none = () => [];
const ended = { code: 0, signal: null } as const;

describe('the result of a run', () => {
  const cases = [
    ['a code', 'start\nexit 1792\n', { exitCode: 7, signal: null, failure: null }],
    ['a signal', 'start\nexit 15\n', { exitCode: 143, signal: 'SIGTERM', failure: null }],
    ['a signal that left a core', 'start\nexit 139\n', { exitCode: 139, signal: 'SIGSEGV', failure: null }],
    [
      'a real-time signal, which has no name',
      'start\nexit 40\n',
      { exitCode: 168, signal: null, failure: null },
    ],
    [
      'a program that was not found',
      'start\nexec 2 nosuch\nexit 32512\n',
      { exitCode: 127, signal: null, failure: { path: 'nosuch', code: 'ENOENT' } },
    ],
    [
      'a failure whose number has no name',
      'start\nexec 4000 x\nexit 32256\n',
      { exitCode: 126, signal: null, failure: { path: 'x', code: 'error 4000' } },
    ],
    ['PID 1 killed before it could report', 'start\n', { exitCode: 137, signal: 'SIGKILL', failure: null }],
  ] as const;
  for (const [title, text, expected] of cases) {
    it(`is ${title}`, () => {
      assert.deepEqual(reportedEnding('prog', parseReports(text), ended, none), expected);
    });
  }

  it('is the signal that killed unshare, where nothing was said', () => {
    const found = reportedEnding('prog', [], { code: null, signal: 'SIGTERM' }, none);
    assert.deepEqual(found, { exitCode: 143, signal: 'SIGTERM', failure: null });
  });

  const failures = [
    [
      'what is missing',
      'setup 2 enter /w\n',
      'ERR_NOT_FOUND',
      /^cannot run prog: cannot enter \/w: no such file/,
      undefined,
    ],
    [
      'what is refused',
      'setup 1 mount /proc\n',
      'ERR_MACHINE',
      /cannot mount \/proc: operation not permitted$/,
      undefined,
    ],
    [
      'a missing overlayfs',
      'setup 19 mount an overlay on /r\n',
      'ERR_MACHINE',
      /cannot mount an overlay/,
      /--writable/,
    ],
    ['an initramfs', 'setup 22 pivot to /r\n', 'ERR_MACHINE', /cannot pivot/, /switch_root/],
    ['an unknown number', 'setup 4000 mount /x\n', 'ERR_MACHINE', /error 4000$/, undefined],
    [
      'no word at all',
      '',
      'ERR_MACHINE',
      /no namespaces of its own: this machine refused it/,
      /may forbid unshare/,
    ],
  ] as const;
  for (const [title, text, code, message, hint] of failures) {
    it(`is an error for ${title}`, () => {
      assert.throws(
        () => reportedEnding('prog', parseReports(text), { code: 1, signal: null }, none),
        (error: Error & { code: string; details: { hint?: string } }) => {
          assert.equal(error.code, code);
          assert.match(error.message, message);
          if (hint) assert.match(error.details.hint ?? '', hint);
          else assert.equal(error.details.hint, undefined);
          return true;
        },
      );
    });
  }

  it('names what the machine forbids, and the command that mends it', () => {
    const found = () => [{ why: 'it is off', mend: 'sysctl -w x=1' }];
    assert.throws(() => reportedEnding('p', [], ended, found), {
      message: /it is off$/,
      details: { hint: 'sysctl -w x=1' },
    });
    const reports = parseReports('setup 1 mount /proc\n');
    assert.throws(() => reportedEnding('p', reports, ended, found), {
      details: { hint: 'it is off; sysctl -w x=1' },
    });
  });

  it('is that of the process where no PID 1 of ours reports', () => {
    assert.deepEqual(plainEnding({ code: 3, signal: null }), { exitCode: 3, signal: null, failure: null });
    assert.deepEqual(plainEnding({ code: null, signal: 'SIGKILL' }), {
      exitCode: 137,
      signal: 'SIGKILL',
      failure: null,
    });
  });
});

describe('obstacles', () => {
  const free: KernelFacts = {
    maxUserNamespaces: '1000',
    unprivilegedClone: '1',
    appArmorRestricts: '0',
    mountInfo: '22 1 0:20 / /proc rw - proc proc rw\n23 22 0:21 / /proc/sys/fs/binfmt_misc rw - autofs x rw',
    uid: 1000,
  };
  const cases: readonly (readonly [string, Partial<KernelFacts>, RegExp | null])[] = [
    ['nothing on an open machine', {}, null],
    [
      'nothing where the files are not there',
      { maxUserNamespaces: null, unprivilegedClone: null, appArmorRestricts: null, mountInfo: null },
      null,
    ],
    ['user namespaces switched off', { maxUserNamespaces: '0' }, /max_user_namespaces=/],
    ['user namespaces for root only', { unprivilegedClone: '0' }, /unprivileged_userns_clone=1/],
    ['AppArmor', { appArmorRestricts: '1' }, /apparmor_restrict_unprivileged_userns=0/],
    ['nothing of both for root', { unprivilegedClone: '0', appArmorRestricts: '1', uid: 0 }, null],
    ['a masked /proc', { mountInfo: '9 8 0:5 / /proc/kcore rw - tmpfs tmpfs rw' }, /systempaths=unconfined/],
  ];
  for (const [title, facts, mend] of cases) {
    it(`are ${title}`, () => {
      const found = obstacles({ ...free, ...facts });
      assert.equal(found.length, mend === null ? 0 : 1);
      if (mend) assert.match(found[0]?.mend ?? '', mend);
    });
  }
});

describe('diagnose', () => {
  const elf: ProgramFacts = { kind: 'elf', machine: 'x86_64', missing: null };
  const cases: readonly (readonly [string, string, string, ProgramFacts, string, string])[] = [
    [
      'the loader that is missing though the program is there',
      '/hello',
      'ENOENT',
      { ...elf, missing: { path: '/lib64/ld.so', role: 'loader', askedBy: '/hello' } },
      'ERR_NOT_FOUND',
      'the file is there, but the loader that /hello asks for, /lib64/ld.so, is not in rootfs',
    ],
    [
      'the interpreter of a script',
      '/run.sh',
      'ENOENT',
      {
        kind: 'script',
        machine: null,
        missing: { path: '/bin/sh', role: 'interpreter', askedBy: '/run.sh' },
      },
      'ERR_NOT_FOUND',
      'the file is there, but the interpreter that /run.sh asks for, /bin/sh, is not in rootfs',
    ],
    [
      'a path',
      '/x',
      'ENOENT',
      { ...elf, kind: 'absent' },
      'ERR_NOT_FOUND',
      'there is no such file in rootfs',
    ],
    [
      'a name',
      'x',
      'ENOENT',
      { ...elf, kind: 'absent' },
      'ERR_NOT_FOUND',
      'there is no such file in any directory of PATH in rootfs',
    ],
    ['a directory', '/x', 'EACCES', { ...elf, kind: 'directory' }, 'ERR_NOT_A_PROGRAM', 'it is a directory'],
    ['a file without the bit', '/x', 'EACCES', elf, 'ERR_NOT_A_PROGRAM', 'it is not executable'],
    [
      'another machine',
      '/x',
      'ENOEXEC',
      { ...elf, machine: 'riscv' },
      'ERR_NOT_A_PROGRAM',
      'it is a program for riscv, which this machine cannot start',
    ],
    [
      'a text',
      '/x',
      'ENOEXEC',
      { kind: 'other', machine: null, missing: null },
      'ERR_NOT_A_PROGRAM',
      'it is no program: neither ELF nor a script with a #! line',
    ],
    ['anything else by its name', '/x', 'ELIBBAD', elf, 'ERR_NOT_A_PROGRAM', 'ELIBBAD'],
  ];
  for (const [title, path, errno, facts, code, why] of cases) {
    it(`explains ${title}`, () => {
      const error = diagnose({ path, code: errno }, 'rootfs', facts);
      assert.equal(error.code, code);
      assert.equal(error.message, `cannot run ${path}: ${why}`);
      assert.ok(error.details.hint);
    });
  }
});
