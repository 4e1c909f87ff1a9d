import assert from 'node:assert/strict';
import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { needsNamespaces, skip } from '../helpers/capabilities.ts';
import { BINARY, environment, mkrootfs, type Outcome } from '../helpers/command-line.ts';
import { madeUpDirectory } from './made-up-sysroot.ts';

describe('mkrootfs build', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = madeUpDirectory();
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  it('writes the same tree under the bare form and under its name', () => {
    run('--sysroot sysroot /bin/app -o bare');
    run('build --sysroot sysroot /bin/app -o named');
    assert.ok(tree('bare').includes('usr/lib/app/libgreet.so.1'));
    assert.deepEqual(tree('bare'), tree('named'));
  });

  it('writes the same bytes again, and stamps them with --epoch before SOURCE_DATE_EPOCH', () => {
    run('build --sysroot sysroot /bin/app -o first.tar');
    run('build --sysroot sysroot /bin/app -o second.tar');
    assert.equal(digest('first.tar'), digest('second.tar'));

    const env = { SOURCE_DATE_EPOCH: '1000000000' };
    run('build --sysroot sysroot /bin/app -o dated', env);
    assert.equal(lstatSync(join(cwd, 'dated/usr/bin/app')).mtimeMs, 1e12);
    run('build --sysroot sysroot /bin/app -o chosen --epoch 1234', env);
    assert.equal(lstatSync(join(cwd, 'chosen/usr/bin/app')).mtimeMs, 1_234_000);
  });

  it('puts an archive alone on standard output, and its summary on standard error', () => {
    const child = spawnSync(
      process.execPath,
      [BINARY, ...'build --sysroot sysroot /bin/app -f tar -o -'.split(' ')],
      {
        cwd,
        env: environment(),
      },
    );
    assert.equal(child.status, 0);
    writeFileSync(join(cwd, 'piped.tar'), child.stdout);
    const names = execFileSync('tar', ['-tf', join(cwd, 'piped.tar')], { encoding: 'utf8' });
    assert.ok(names.includes('usr/bin/app'), names);
    assert.match(child.stderr.toString(), /^built standard output: 4 files/);
  });

  it('prints one JSON document with --json', () => {
    const { stdout } = run('build --sysroot sysroot /bin/app -o out --json');
    const report = JSON.parse(stdout);
    assert.equal(report.output, join(cwd, 'out'));
    assert.equal(report.format, 'dir');
    assert.equal(report.emitted.entries.file, 4);
    assert.deepEqual(report.plan.command, ['/bin/app']);
  });

  it('prints the plan alone with --dry-run --json, and writes nothing', () => {
    const { stdout } = run('build --sysroot sysroot /bin/app -o out --dry-run --json');
    assert.equal(JSON.parse(stdout).emitted, null);
    assert.ok(!readdirSync(cwd).includes('out'));
  });

  it('replaces what stands there only with --force', () => {
    assert.equal(mkrootfs('build --sysroot sysroot /bin/app -o taken'.split(' '), { cwd }).code, 5);
    assert.deepEqual(tree('taken'), ['file']);
    run('build --sysroot sysroot /bin/app -o taken --force');
    assert.ok(!tree('taken').includes('file'));
  });

  it('does not write a byte where the closure is incomplete', () => {
    const before = readdirSync(cwd);
    assert.equal(mkrootfs('build --sysroot sysroot /bin/broken -o out'.split(' '), { cwd }).code, 3);
    assert.deepEqual(readdirSync(cwd), before);
  });

  it('adds, moves and leaves out files', () => {
    run(
      'build --sysroot sysroot /bin/app -o out --include /etc/*.conf --include list.txt:/srv/list --exclude /dev',
    );
    assert.equal(readFileSync(join(cwd, 'out/etc/app.conf'), 'utf8'), 'colour = green\n');
    assert.ok(tree('out').includes('srv/list'));
    assert.ok(!tree('out').includes('dev'));
  });

  it('looks in what LD_LIBRARY_PATH would be, and does not read the variable', () => {
    const env = { LD_LIBRARY_PATH: '/opt/gone' };
    assert.equal(mkrootfs('resolve --sysroot sysroot /bin/broken'.split(' '), { cwd, env }).code, 3);
    rmSync(join(cwd, 'sysroot/opt/lib/libgone.so.3'));
    const library = readFileSync(join(cwd, 'sysroot/usr/lib/app/libgreet.so.1.0'));
    writeFileSync(join(cwd, 'sysroot/usr/lib/app/libgone.so.3'), library);
    run('build --sysroot sysroot /bin/broken -o out --library-path /usr/lib/app');
    assert.ok(tree('out').includes('usr/lib/app/libgone.so.3'));
  });

  it('says that a file cannot be read', () => {
    chmodSync(join(cwd, 'sysroot/usr/bin/app'), 0);
    const line = 'build --sysroot sysroot /bin/app -o out';
    const { status, stderr } = asOrdinaryUser([process.execPath, BINARY, ...line.split(' ')]);
    assert.match(stderr, /^mkrootfs: cannot read \/bin\/app: permission denied\nhint: /);
    assert.equal(status, 4);
  });

  it('leaves nothing on a disk that is full', function () {
    needsNamespaces(this);
    truncateSync(join(cwd, 'sysroot/etc/app.conf'), 2 ** 20);
    const line = `'${process.execPath}' '${BINARY}' build --sysroot sysroot /bin/app --include /etc -o small/out`;
    // A file system of its own for this one command, seen by nobody else.
    const script = `mkdir small && mount -t tmpfs -o size=256k tmpfs small && ${line}; echo "code $?"; ls -A small`;
    const { stdout, stderr } = spawnSync(
      'unshare',
      ['--user', '--map-root-user', '--mount', 'sh', '-c', script],
      {
        cwd,
        env: environment(),
        encoding: 'utf8',
      },
    );
    assert.match(stderr, /^mkrootfs: cannot write .*no space left on device/);
    assert.equal(stdout, 'code 5\n');
  });

  it('names the tool that this machine lacks', function () {
    if ('createZstdCompress' in zlib) skip(this, 'this Node compresses zstd itself');
    const line = 'build --sysroot sysroot /bin/app -o out.tar.zst';
    const { code, stderr } = mkrootfs(line.split(' '), { cwd, env: { PATH: '/nowhere' } });
    assert.match(stderr, /^mkrootfs: cannot .*zstd/);
    assert.equal(code, 6);
    assert.ok(!readdirSync(cwd).some((name) => name.includes('out')));
  });

  it('refuses a device for an output', () => {
    const outcome = mkrootfs(['build', '--sysroot', 'sysroot', '/bin/app', '-f', 'tar', '-o', '/dev/full'], {
      cwd,
    });
    assert.equal(outcome.code, 5);
    assert.match(outcome.stderr, /^mkrootfs: cannot write \/dev\/full: /);
  });

  /** Root stays root, without the powers that pass over permission bits. */
  function asOrdinaryUser([command = '', ...args]: readonly string[]): SpawnSyncReturns<string> {
    const options = { cwd, env: environment(), encoding: 'utf8' } as const;
    if (process.getuid?.() !== 0) return spawnSync(command, args, options);
    return spawnSync('setpriv', ['--bounding-set=-all', '--inh-caps=-all', command, ...args], options);
  }

  function run(line: string, env: Record<string, string> = {}): Outcome {
    const outcome = mkrootfs(line.split(' '), { cwd, env });
    assert.equal(outcome.stderr, '');
    assert.equal(outcome.code, 0);
    return outcome;
  }

  function tree(directory: string): readonly string[] {
    return readdirSync(join(cwd, directory), { recursive: true, encoding: 'utf8' }).sort();
  }

  function digest(file: string): string {
    return createHash('sha256')
      .update(readFileSync(join(cwd, file)))
      .digest('hex');
  }
});
