import assert from 'node:assert/strict';
import type { Closure, Evidence, Node } from '../../src/closure/types.ts';
import type { EmitReport } from '../../src/emit/emitter.ts';
import type { Entry, RootfsPlan } from '../../src/plan/entry.ts';
import { byteCount } from '../../src/report/bytes.ts';
import { evidenceRule, evidenceText } from '../../src/report/evidence.ts';
import { planList } from '../../src/report/plan-list.ts';
import { buildSummary } from '../../src/report/summary.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';

const LIBRARY: Evidence = { by: 'needed', name: 'libc.so.6', via: 'cache', tried: [] };
const GENERATED: Evidence = { by: 'generated', rule: 'mount points' };

describe('summary of a build', () => {
  it('says where, how much, of what, found how, and how to run it', () => {
    const text = buildSummary(plan(), emitted('rootfs', 'dir'), true);
    assert.equal(
      text,
      [
        'built rootfs: 3 files, 2.1 MiB',
        '  holds     1 program, 2 libraries',
        '  found by  needed 2 (2 bytes), program 1 (1 byte)',
        '  proved    all that is inside finds what it needs inside',
        'run it: mkrootfs run rootfs /bin/app',
        '',
      ].join('\n'),
    );
  });

  it('counts what a plugin needs for the finder that brought the plugin, and names what may be wanted', () => {
    const plugin = rootPath('/usr/lib/legacy.so');
    const depends = rootPath('/lib/libz.so.1');
    const found: Evidence = { by: 'symbol', symbol: 'OPENSSL_init_crypto', rule: 'openssl' };
    const base = plan();
    const suggestions = ['liba.so', 'libb.so', 'libc.so', 'libd.so'].map((name) => {
      return { from: plugin, name, to: rootPath(`/lib/${name}`) };
    });
    const closure = {
      ...base.closure,
      suggestions,
      nodes: [
        { path: depends, realPath: rootPath('/usr/lib/libz.so.1'), hops: [], role: 'library', image: null },
      ],
      edges: [
        { from: rootPath('/bin/app'), to: plugin, want: plugin, evidence: found },
        { from: plugin, to: depends, want: 'libz.so.1', evidence: LIBRARY },
        { from: rootPath('/bin/app'), to: depends, want: 'libz.so.1', evidence: LIBRARY },
        { from: plugin, to: null, want: 'libgone.so', evidence: LIBRARY },
      ],
    } as const;
    const entries = [file(plugin, found), file('/usr/lib/libz.so.1', LIBRARY)];
    const text = buildSummary({ ...base, entries, closure }, emitted('rootfs', 'dir'), true);
    assert.match(text, /\n {2}found by {2}openssl 2 \(2 bytes\)\n/);
    assert.match(
      text,
      /\n {2}may want {2}liba\.so, libb\.so, libc\.so and 1 more: --discover auto,dlopen-strings /,
    );
  });

  it('says of an archive how large it is and how to unpack it', () => {
    const text = buildSummary(plan(), emitted('my app.tar.gz', 'tar.gz'), false);
    assert.match(text, /^built my app\.tar\.gz: 3 files, 2\.1 MiB, 1\.0 MiB as tar\.gz\n/);
    assert.match(
      text,
      /\nunpack it: mkdir rootfs && tar -xf 'my app\.tar\.gz' -C rootfs\nrun it: mkrootfs run rootfs /,
    );
  });

  for (const [format, advice] of [
    ['oci', 'load it: podman load -i out'],
    ['docker', 'load it: docker load -i out'],
    ['cpio.gz', 'boot it: as the initramfs of a Linux kernel, whose /init is /bin/app'],
    ['squashfs', 'mount it: mount -o loop,ro out /mnt'],
    ['erofs', 'mount it: mount -o loop,ro out /mnt'],
  ] as const) {
    it(`says what to do with ${format}`, () => {
      const lines = buildSummary(plan(), emitted('out', format), false).trimEnd().split('\n');
      assert.equal(lines.at(-1), advice);
      assert.ok(!lines.some((line) => line.startsWith('unpack')));
    });
  }

  it('gives no advice about standard output', () => {
    const text = buildSummary(plan(), emitted('-', 'tar'), false);
    assert.match(text, /^built standard output: /);
    assert.doesNotMatch(text, /run it|unpack/);
  });

  it('names every file that carries privileges', () => {
    const capable = { ...file('/bin/ping', LIBRARY), xattrs: { 'security.capability': 'AQAAAg==' } };
    const entries = [file('/bin/su', LIBRARY, 0o4755), file('/bin/wall', LIBRARY, 0o2755), capable];
    const text = buildSummary({ ...plan(), entries }, emitted('r', 'dir'), false);
    assert.match(text, /keeps {5}setuid: \/bin\/su\n/);
    assert.match(text, /keeps {5}setgid: \/bin\/wall\n/);
    assert.match(text, /keeps {5}file capabilities: \/bin\/ping\n/);
  });

  it('quotes a command for the shell that reads it', () => {
    const text = buildSummary({ ...plan(), command: ["/bin/it's"] }, emitted('r', 'dir'), false);
    assert.match(text, /run it: mkrootfs run r '\/bin\/it'\\''s'\n/);
  });
});

describe('list of a plan', () => {
  it('shows kind, mode, size, path, target, why and by whom', () => {
    const common = { uid: 0, gid: 0, xattrs: {}, neededBy: null };
    const entries: Entry[] = [
      { ...common, type: 'directory', path: rootPath('/'), mode: 0o755, evidence: GENERATED },
      { ...common, type: 'directory', path: rootPath('/tmp'), mode: 0o1777, evidence: GENERATED },
      { ...common, type: 'directory', path: rootPath('/odd'), mode: 0o1660, evidence: GENERATED },
      { ...file('/bin/su', { by: 'program' }, 0o4755), size: 12345 },
      { ...file('/bin/odd', { by: 'program' }, 0o6644), size: 0 },
      {
        ...common,
        type: 'symlink',
        path: rootPath('/lib/l.so'),
        target: 'l.so.1',
        mode: 0o777,
        evidence: LIBRARY,
        neededBy: rootPath('/bin/su'),
      },
      {
        ...common,
        type: 'hardlink',
        path: rootPath('/bin/sudo'),
        target: rootPath('/bin/su'),
        mode: 0o4755,
        evidence: { by: 'program' },
      },
      {
        ...common,
        type: 'device',
        kind: 'character',
        major: 1,
        minor: 3,
        path: rootPath('/dev/null'),
        mode: 0o666,
        evidence: GENERATED,
      },
      {
        ...common,
        type: 'device',
        kind: 'block',
        major: 8,
        minor: 0,
        path: rootPath('/dev/sda'),
        mode: 0o660,
        evidence: GENERATED,
      },
    ];
    assert.deepEqual(planList({ ...plan(), entries }).split('\n'), [
      'drwxr-xr-x     - /  # generated: mount points',
      'drwxrwxrwt     - /tmp  # generated: mount points',
      'drw-rw---T     - /odd  # generated: mount points',
      '-rwsr-xr-x 12345 /bin/su  # asked for',
      '-rwSr-Sr--     0 /bin/odd  # asked for',
      'lrwxrwxrwx     - /lib/l.so -> l.so.1  # needed as libc.so.6 (cache), by /bin/su',
      '-rwsr-xr-x     - /bin/sudo = /bin/su  # asked for',
      'crw-rw-rw-     - /dev/null  # generated: mount points',
      'brw-rw----     - /dev/sda  # generated: mount points',
      '',
    ]);
  });

  it('is empty for an empty plan', () => {
    assert.equal(planList({ ...plan(), entries: [] }), '');
  });
});

describe('evidence in words', () => {
  const cases: readonly [evidence: Evidence, text: string, rule: string][] = [
    [{ by: 'program' }, 'asked for', 'program'],
    [{ by: 'interpreter', name: '/lib/ld.so' }, 'interpreter /lib/ld.so', 'interpreter'],
    [LIBRARY, 'needed as libc.so.6 (cache)', 'needed'],
    [{ by: 'shebang', line: '/bin/sh -e' }, 'script line /bin/sh -e', 'shebang'],
    [
      { by: 'dlopen-note', feature: 'x11', priority: 'required' },
      'dlopen note, x11 (required)',
      'dlopen-note',
    ],
    [{ by: 'symbol', symbol: 'getpwnam', rule: 'nss' }, 'nss: calls getpwnam', 'nss'],
    [{ by: 'runtime', rule: 'python' }, 'python', 'python'],
    [{ by: 'package', package: 'git' }, 'package git', 'package'],
    [{ by: 'traced', process: '/bin/sh' }, 'opened by /bin/sh', 'traced'],
    [{ by: 'include', pattern: '/etc/*' }, 'included by /etc/*', 'include'],
    [GENERATED, 'generated: mount points', 'mount points'],
    [{ by: 'shebang', line: '\x1b[2J' }, 'script line \\x1b[2J', 'shebang'],
  ];
  for (const [evidence, text, rule] of cases) {
    it(`reads "${text}"`, () => {
      assert.equal(evidenceText(evidence), text);
      assert.equal(evidenceRule(evidence), rule);
    });
  }
});

describe('sizes for people', () => {
  const cases: readonly [bytes: number, text: string][] = [
    [0, '0 bytes'],
    [1, '1 byte'],
    [1023, '1023 bytes'],
    [1024, '1.0 KiB'],
    [2 ** 20 * 2.1, '2.1 MiB'],
    [2 ** 30 * 150, '150 GiB'],
    [2 ** 50, '1024 TiB'],
  ];
  for (const [bytes, text] of cases) {
    it(`writes ${bytes} as ${text}`, () => assert.equal(byteCount(bytes), text));
  }
});

function plan(): RootfsPlan {
  const nodes = [node('/bin/app', 'program'), node('/lib/a', 'library'), node('/lib/b', 'library')];
  const closure: Closure = {
    programs: [rootPath('/bin/app')],
    nodes,
    edges: [],
    generated: [],
    suggestions: [],
    libc: 'glibc',
    defaultDirectories: [],
    machine: 62,
    problems: [],
  };
  const entries = [file('/bin/app', { by: 'program' }), file('/lib/a', LIBRARY), file('/lib/b', LIBRARY)];
  return { entries, machine: 62, epoch: 0, command: ['/bin/app'], closure };
}

function emitted(output: string, format: string): EmitReport {
  return {
    output,
    format,
    entries: { directory: 1, file: 3, symlink: 0, hardlink: 0, device: 0 },
    contentBytes: Math.round(2.1 * 2 ** 20),
    outputBytes: 2 ** 20,
    warnings: [],
  };
}

function node(path: string, role: Node['role']): Node {
  return { path: rootPath(path), realPath: rootPath(path), hops: [], role, image: null };
}

function file(path: string, evidence: Evidence, mode = 0o755): Entry & { type: 'file' } {
  const at = rootPath(path);
  return {
    type: 'file',
    path: at,
    mode,
    uid: 0,
    gid: 0,
    xattrs: {},
    evidence,
    neededBy: null,
    size: 1,
    content: { from: 'sysroot', path: at },
  };
}
