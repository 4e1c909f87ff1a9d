import assert from 'node:assert/strict';
import type { Machine } from '../../src/run/backend.ts';
import { backendNamed } from '../../src/run/backends/table.ts';
import { unshare } from '../../src/run/backends/unshare.ts';
import type { RunOptions } from '../../src/run/options.ts';
import { shellWords } from '../../src/run/shell-words.ts';
import { runSpec } from '../../src/run/spec.ts';

const MACHINE: Machine = { uid: 0, gid: 0, tools: { unshare: '/usr/bin/unshare' }, init: '/lib/init' };
const ORDINARY: Machine = { ...MACHINE, uid: 1000, gid: 1000 };
const WITHOUT_INIT: Machine = { ...MACHINE, init: null };

const NAMESPACES = '--fork --kill-child --mount --uts --ipc --pid --net --cgroup --user';
const ENVIRONMENT =
  '--setenv container=mkrootfs --setenv PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --setenv HOME=/root --setenv TERM=vt100';
const MOUNTS = '--proc /proc --dev /dev --tmpfs /tmp';

const launch = (options: RunOptions = {}, machine: Machine = MACHINE) =>
  unshare.launch(
    runSpec('/srv/r', ['sh', '-c', 'id'], options, { cwd: '/', term: 'vt100', tmpHasFiles: false }),
    machine,
  );

describe('the unshare backend', () => {
  const cases: readonly (readonly [string, RunOptions, string])[] = [
    [
      'starts PID 1 in namespaces of its own',
      {},
      `${NAMESPACES} --map-root-user -- /lib/init /srv/r ${MOUNTS} --lo --hostname mkrootfs ${ENVIRONMENT} -- sh -c id`,
    ],
    [
      'shares the network of the host, whose lo is up',
      { net: 'host' },
      `${NAMESPACES.replace(' --net', '')} --map-root-user -- /lib/init /srv/r ${MOUNTS} --hostname mkrootfs ${ENVIRONMENT} -- sh -c id`,
    ],
    [
      'keeps capabilities for PID 1 under another user',
      { user: '33:44' },
      `${NAMESPACES} --map-user=33 --map-group=44 --keep-caps -- /lib/init /srv/r ${MOUNTS} --lo --hostname mkrootfs ${ENVIRONMENT.replace('/root', '/')} -- sh -c id`,
    ],
    [
      'hands everything else to PID 1',
      { readOnly: true, workdir: '/w', bind: ['/a:/b', '/c:/d:ro'], tmpfs: ['/e'], hostname: 'box' },
      `${NAMESPACES} --map-root-user -- /lib/init /srv/r --read-only ${MOUNTS} --tmpfs /e --bind /a /b --ro-bind /c /d --lo --hostname box --chdir /w ${ENVIRONMENT} -- sh -c id`,
    ],
    [
      'says that writing is for good',
      { writable: true },
      `${NAMESPACES} --map-root-user -- /lib/init /srv/r --writable ${MOUNTS} --lo --hostname mkrootfs ${ENVIRONMENT} -- sh -c id`,
    ],
  ];
  for (const [title, options, expected] of cases) {
    it(title, () => {
      for (const machine of [MACHINE, ORDINARY]) {
        const { file, args, env, init, gaps } = launch(options, machine);
        assert.equal(args.join(' '), expected);
        assert.deepEqual(
          { file, env, init, gaps },
          { file: '/usr/bin/unshare', env: {}, init: true, gaps: [] },
        );
      }
    });
  }

  describe('without PID 1 for this processor', () => {
    it('is unshare and chroot, and says what that leaves open', () => {
      const { args, env, init, gaps } = launch({ writable: true, workdir: '/w' }, WITHOUT_INIT);
      assert.equal(
        args.join(' '),
        `${NAMESPACES} --map-root-user --root=/srv/r --wd=/w --mount-proc -- sh -c id`,
      );
      assert.deepEqual(Object.keys(env), ['container', 'PATH', 'HOME', 'TERM']);
      assert.equal(init, false);
      assert.equal(gaps.length, 4);
      assert.equal(launch({ writable: true }, { ...WITHOUT_INIT, uid: 1 }).gaps.length, 3);
    });

    const refused: readonly (readonly [string, RunOptions, RegExp])[] = [
      ['a rootfs that stays as it is', {}, /cannot keep the rootfs as it is/],
      ['a rootfs that refuses writing', { readOnly: true }, /cannot keep the rootfs as it is/],
      ['binds', { writable: true, bind: ['/a:/b'] }, /cannot mount \/b/],
      ['tmpfs', { writable: true, tmpfs: ['/run'] }, /cannot mount \/run/],
      [
        'variables that unshare would obey',
        { writable: true, env: { LD_PRELOAD: 'x' } },
        /LD_PRELOAD would reach/,
      ],
      [
        'modules that unshare would load',
        { writable: true, env: { GCONV_PATH: 'x' } },
        /GCONV_PATH would reach/,
      ],
    ];
    for (const [title, options, message] of refused) {
      it(`refuses ${title}`, () => {
        assert.throws(() => launch(options, WITHOUT_INIT), { code: 'ERR_MACHINE', message });
      });
    }
  });

  const refused: readonly (readonly [string, RunOptions, Machine, RegExp])[] = [
    ['another network', { net: 'ns:blue' }, MACHINE, /no network of kind netns/],
    ['limits', { pids: 5 }, MACHINE, /limits neither memory, pids nor cpus/],
    ['a machine without unshare', {}, { ...MACHINE, tools: { unshare: null } }, /unshare is not installed/],
  ];
  for (const [title, options, machine, message] of refused) {
    it(`refuses ${title}`, () => {
      assert.throws(() => launch(options, machine), { code: 'ERR_MACHINE', message });
    });
  }
});

describe('the table of backends', () => {
  it('has unshare, which auto takes', () => {
    assert.equal(backendNamed('unshare'), unshare);
    assert.equal(backendNamed('auto'), unshare);
  });

  it('tells a backend that is to come from one that nobody knows', () => {
    assert.throws(() => backendNamed('bwrap'), { code: 'ERR_MACHINE', message: /no backend bwrap/ });
    for (const name of ['docker', 'constructor', '']) {
      assert.throws(() => backendNamed(name), { code: 'ERR_USAGE' });
    }
  });
});

describe('shellWords', () => {
  it('quotes what a shell would take apart', () => {
    const line = shellWords({
      file: '/bin/x',
      args: ['a=b', "it's", '', '$(id)', 'ä\nb'],
      env: { A: '1 2' },
      init: false,
      gaps: [],
    });
    assert.equal(line, "env -i 'A=1 2' /bin/x a=b 'it'\\''s' '' '$(id)' 'ä\nb'");
  });
});
