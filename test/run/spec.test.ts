import assert from 'node:assert/strict';
import type { RunOptions } from '../../src/run/options.ts';
import type { RunSpec } from '../../src/run/run-spec.ts';
import { runSpec } from '../../src/run/spec.ts';

const CALLER = { cwd: '/home/u', term: 'xterm', tmpHasFiles: false };
const spec = (options: RunOptions = {}, argv: readonly string[] = ['prog', '-x']): RunSpec =>
  runSpec('/srv/rootfs', argv, options, CALLER);

describe('runSpec', () => {
  it('has the defaults of docs/running.md', () => {
    assert.deepEqual(spec(), {
      root: '/srv/rootfs',
      argv: ['prog', '-x'],
      env: {
        container: 'mkrootfs',
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: '/root',
        TERM: 'xterm',
      },
      cwd: '/',
      user: { uid: 0, gid: 0 },
      hostname: 'mkrootfs',
      namespaces: {
        mount: true,
        uts: true,
        ipc: true,
        pid: true,
        user: true,
        net: true,
        cgroup: true,
        time: false,
      },
      mounts: [
        { type: 'proc', destination: '/proc' },
        { type: 'dev', destination: '/dev' },
        { type: 'tmpfs', destination: '/tmp' },
      ],
      network: { kind: 'none' },
      limits: { memoryBytes: null, pids: null, cpus: null },
      writes: 'discarded',
      timeoutMs: null,
    });
  });

  const cases: readonly (readonly [string, RunOptions, Partial<RunSpec>])[] = [
    ['a user, whose group is of the same number', { user: '1000' }, { user: { uid: 1000, gid: 1000 } }],
    ['a user and a group', { user: '1:2' }, { user: { uid: 1, gid: 2 } }],
    ['a directory without dots', { workdir: '/a/../b/./c' }, { cwd: '/b/c' }],
    ['a host name', { hostname: 'box.example' }, { hostname: 'box.example' }],
    ['a network by name', { net: 'ns:blue' }, { network: { kind: 'netns', name: 'blue' } }],
    ['pasta', { net: 'pasta' }, { network: { kind: 'pasta' } }],
    ['a bridge', { net: 'veth:br0' }, { network: { kind: 'veth', bridge: 'br0', address: null } }],
    [
      'a bridge with an address',
      { net: 'veth:br0,addr=10.0.0.2/24' },
      { network: { kind: 'veth', bridge: 'br0', address: '10.0.0.2/24' } },
    ],
    [
      'a bridge with DHCP',
      { net: 'veth:br0,addr=dhcp' },
      { network: { kind: 'veth', bridge: 'br0', address: 'dhcp' } },
    ],
    ['a root that refuses writing', { readOnly: true }, { writes: 'refused' }],
    ['a root that keeps what is written', { writable: true }, { writes: 'kept' }],
    ['a time in seconds', { timeout: 1.5 }, { timeoutMs: 1500 }],
    [
      'limits',
      { memory: '64M', pids: 20, cpus: 0.25 },
      { limits: { memoryBytes: 67_108_864, pids: 20, cpus: 0.25 } },
    ],
    ['a limit in bytes', { memory: 4096 }, { limits: { memoryBytes: 4096, pids: null, cpus: null } }],
  ];
  for (const [title, options, expected] of cases) {
    it(`takes ${title}`, () => {
      const found = spec(options);
      for (const [key, value] of Object.entries(expected))
        assert.deepEqual(found[key as keyof RunSpec], value);
    });
  }

  it('has a network namespace of its own unless another one is asked for', () => {
    assert.equal(spec({ net: 'host' }).namespaces.net, false);
    assert.equal(spec({ net: 'ns:blue' }).namespaces.net, false);
    assert.equal(spec({ net: 'pasta' }).namespaces.net, true);
  });

  it('adds to the environment, and replaces in it', () => {
    assert.deepEqual(spec({ env: { HOME: '/h', X: '' } }).env.HOME, '/h');
    assert.deepEqual(Object.keys(spec({ env: { X: '' } }).env), ['container', 'PATH', 'HOME', 'TERM', 'X']);
    assert.equal(spec({ user: '5' }).env.HOME, '/');
    assert.equal(runSpec('/r', ['p'], {}, { ...CALLER, term: null }).env.TERM, 'dumb');
  });

  it('makes mounts in the order of the options, after its own', () => {
    const { mounts } = spec({ tmpfs: ['/run/'], bind: ['data:/data', '/etc/x:/x:ro'] });
    assert.deepEqual(mounts.slice(3), [
      { type: 'tmpfs', destination: '/run/' },
      { type: 'bind', source: '/home/u/data', destination: '/data', readOnly: false },
      { type: 'bind', source: '/etc/x', destination: '/x', readOnly: true },
    ]);
  });

  it('leaves /tmp as it is where the rootfs has files there', () => {
    const { mounts } = runSpec('/srv/rootfs', ['sh'], {}, { ...CALLER, tmpHasFiles: true });
    assert.deepEqual(
      mounts.map(({ destination }) => destination),
      ['/proc', '/dev'],
    );
  });

  const wrong: readonly (readonly [string, RunOptions])[] = [
    ['a user by name', { user: 'root' }],
    ['a third id', { user: '1:2:3' }],
    ['the id that means none', { user: '4294967295' }],
    ['a relative directory', { workdir: 'tmp' }],
    ['a directory with a NUL byte', { workdir: '/a\0b' }],
    ['an unknown network', { net: 'bridge' }],
    ['a network namespace with a slash', { net: 'ns:../x' }],
    ['a bridge with nonsense', { net: 'veth:br0,mtu=1' }],
    ['a bind without destination', { bind: ['/etc'] }],
    ['a bind to a relative destination', { bind: ['/etc:etc'] }],
    ['a bind with an unknown mode', { bind: ['/etc:/etc:rx'] }],
    ['a bind of four parts', { bind: ['/etc:/etc:ro:x'] }],
    ['a bind without source', { bind: [':/etc'] }],
    ['a tmpfs over the root', { tmpfs: ['/a/..'] }],
    ['both read-only and writable', { readOnly: true, writable: true }],
    ['a time of nothing', { timeout: 0 }],
    ['a time beyond the longest timer', { timeout: 3e6 }],
    ['no number of seconds', { timeout: Number.NaN }],
    ['half a process', { pids: 1.5 }],
    ['less than no processor', { cpus: -1 }],
    ['a size in words', { memory: 'much' }],
    ['a size of nothing', { memory: '0K' }],
    ['an empty host name', { hostname: '' }],
    ['a host name of 65 bytes', { hostname: 'x'.repeat(65) }],
    ['a host name with a blank', { hostname: 'a b' }],
    ['a variable without a name', { env: { '': 'x' } }],
    ['a variable with an equals sign in its name', { env: { 'A=B': 'x' } }],
    ['a variable with a NUL byte', { env: { A: 'x\0y' } }],
  ];
  for (const [title, options] of wrong) {
    it(`refuses ${title}`, () => {
      assert.throws(() => spec(options), {
        name: 'RootfsError',
        code: 'ERR_USAGE',
        message: /^cannot run: /,
      });
    });
  }

  it('refuses no command, an empty one, and a word with a NUL byte', () => {
    for (const argv of [[], [''], ['prog', 'a\0b']])
      assert.throws(() => spec({}, argv), { code: 'ERR_USAGE' });
  });

  it('refuses the root of the whole machine', () => {
    assert.throws(() => runSpec('/', ['sh'], {}, CALLER), { code: 'ERR_USAGE' });
  });
});
