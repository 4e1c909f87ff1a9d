import assert from 'node:assert/strict';
import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needsNamespaces } from '../helpers/capabilities.ts';
import { BINARY, environment } from '../helpers/command-line.ts';
import { madeUpDirectory } from './made-up-sysroot.ts';

describe('mkrootfs build as a process', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = madeUpDirectory();
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

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

  /** Root stays root, without the powers that pass over permission bits. */
  function asOrdinaryUser([command = '', ...args]: readonly string[]): SpawnSyncReturns<string> {
    const options = { cwd, env: environment(), encoding: 'utf8' } as const;
    if (process.getuid?.() !== 0) return spawnSync(command, args, options);
    return spawnSync('setpriv', ['--bounding-set=-all', '--inh-caps=-all', command, ...args], options);
  }
});
