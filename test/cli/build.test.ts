import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { skip } from '../helpers/capabilities.ts';
import { mkrootfs, mkrootfsHere, type Outcome } from '../helpers/command-line.ts';
import { madeUpDirectory } from './made-up-sysroot.ts';

for (const [how, start] of [
  ['as built', mkrootfs],
  ['from the sources', mkrootfsHere],
] as const) {
  describe(`mkrootfs build, ${how}`, () => {
    let cwd: string;
    beforeEach(() => {
      cwd = madeUpDirectory();
    });
    afterEach(() => rmSync(cwd, { recursive: true, force: true }));

    it('writes the same tree under the bare form and under its name', async () => {
      await run('--sysroot sysroot /bin/app -o bare');
      await run('build --sysroot sysroot /bin/app -o named');
      assert.ok(tree('bare').includes('usr/lib/app/libgreet.so.1'));
      assert.deepEqual(tree('bare'), tree('named'));
    });

    it('writes the same bytes again, and stamps them with --epoch before SOURCE_DATE_EPOCH', async () => {
      await run('build --sysroot sysroot /bin/app -o first.tar');
      await run('build --sysroot sysroot /bin/app -o second.tar');
      assert.equal(digest('first.tar'), digest('second.tar'));

      const env = { SOURCE_DATE_EPOCH: '1000000000' };
      await run('build --sysroot sysroot /bin/app -o dated', env);
      assert.equal(lstatSync(join(cwd, 'dated/usr/bin/app')).mtimeMs, 1e12);
      await run('build --sysroot sysroot /bin/app -o chosen --epoch 1234', env);
      assert.equal(lstatSync(join(cwd, 'chosen/usr/bin/app')).mtimeMs, 1_234_000);
    });

    it('prints one JSON document with --json', async () => {
      const { stdout } = await run('build --sysroot sysroot /bin/app -o out --json');
      const report = JSON.parse(stdout);
      assert.equal(report.output, join(cwd, 'out'));
      assert.equal(report.format, 'dir');
      assert.equal(report.emitted.entries.file, 4);
      assert.deepEqual(report.plan.command, ['/bin/app']);
    });

    it('prints the plan alone with --dry-run --json, and writes nothing', async () => {
      const { stdout } = await run('build --sysroot sysroot /bin/app -o out --dry-run --json');
      assert.equal(JSON.parse(stdout).emitted, null);
      assert.ok(!readdirSync(cwd).includes('out'));
    });

    it('replaces what stands there only with --force', async () => {
      assert.equal((await start('build --sysroot sysroot /bin/app -o taken'.split(' '), { cwd })).code, 5);
      assert.deepEqual(tree('taken'), ['file']);
      await run('build --sysroot sysroot /bin/app -o taken --force');
      assert.ok(!tree('taken').includes('file'));
    });

    it('does not write a byte where the closure is incomplete', async () => {
      const before = readdirSync(cwd);
      assert.equal((await start('build --sysroot sysroot /bin/broken -o out'.split(' '), { cwd })).code, 3);
      assert.deepEqual(readdirSync(cwd), before);
    });

    it('adds, moves and leaves out files', async () => {
      await run(
        'build --sysroot sysroot /bin/app -o out --include /etc/*.conf --include list.txt:/srv/list --exclude /dev',
      );
      assert.equal(readFileSync(join(cwd, 'out/etc/app.conf'), 'utf8'), 'colour = green\n');
      assert.ok(tree('out').includes('srv/list'));
      assert.ok(!tree('out').includes('dev'));
    });

    it('looks in what LD_LIBRARY_PATH would be, and does not read the variable', async () => {
      const env = { LD_LIBRARY_PATH: '/opt/gone' };
      assert.equal((await start('resolve --sysroot sysroot /bin/broken'.split(' '), { cwd, env })).code, 3);
      rmSync(join(cwd, 'sysroot/opt/lib/libgone.so.3'));
      const library = readFileSync(join(cwd, 'sysroot/usr/lib/app/libgreet.so.1.0'));
      writeFileSync(join(cwd, 'sysroot/usr/lib/app/libgone.so.3'), library);
      await run('build --sysroot sysroot /bin/broken -o out --library-path /usr/lib/app');
      assert.ok(tree('out').includes('usr/lib/app/libgone.so.3'));
    });

    it('says in an image what its options say, as OCI layout and for Docker', async () => {
      const options = [
        ...['--tag', 'team/app:1', '--entrypoint', '["/bin/app", "--serve it"]', '--cmd', 'two words'],
        ...['--env', 'A=1', '--env', 'A=B=2', '--workdir', '/tmp', '--user', '7:8', '--label', 'a=b'],
        ...['--layers', 'single', '--epoch', '86400'],
      ];
      const build = (output: string, format: string) =>
        start(['build', '--sysroot', 'sysroot', '/bin/app', '-o', output, '-f', format, ...options], { cwd });
      const made = await build('image', 'oci');
      assert.match(made.stdout, /^built image: 4 files, .* as oci\n/);
      assert.match(made.stdout, /\nload it: podman load -i image\n$/);
      assert.equal((await build('image.tar', 'docker')).code, 0);
      const [{ annotations, digest: manifest }] = json('image/index.json').manifests;
      assert.equal(annotations['io.containerd.image.name'], 'team/app:1');
      const { config, layers } = json(blob(manifest));
      assert.equal(layers.length, 1);
      const said = json(blob(config.digest));
      assert.equal(said.created, '1970-01-02T00:00:00Z');
      assert.deepEqual(said.config, {
        User: '7:8',
        Env: [
          'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
          'container=mkrootfs',
          'A=B=2',
        ],
        Entrypoint: ['/bin/app', '--serve it'],
        Cmd: ['two words'],
        WorkingDir: '/tmp',
        Labels: { a: 'b' },
      });
      assert.ok(readFileSync(join(cwd, 'image.tar')).includes(JSON.stringify(said)));
    });

    it('names the tool that this machine lacks', async function () {
      if ('createZstdCompress' in zlib) skip(this, 'this Node compresses zstd itself');
      const line = 'build --sysroot sysroot /bin/app -o out.tar.zst';
      const { code, stderr } = await start(line.split(' '), { cwd, env: { PATH: '/nowhere' } });
      assert.match(stderr, /^mkrootfs: cannot .*zstd/);
      assert.equal(code, 6);
      assert.ok(!readdirSync(cwd).some((name) => name.includes('out')));
    });

    it('refuses a device for an output', async () => {
      const outcome = await start(
        ['build', '--sysroot', 'sysroot', '/bin/app', '-f', 'tar', '-o', '/dev/full'],
        {
          cwd,
        },
      );
      assert.equal(outcome.code, 5);
      assert.match(outcome.stderr, /^mkrootfs: cannot write \/dev\/full: /);
    });

    function json(name: string) {
      return JSON.parse(readFileSync(join(cwd, name), 'utf8'));
    }

    function blob(of: string): string {
      return `image/blobs/${of.replace(':', '/')}`;
    }

    async function run(line: string, env: Record<string, string> = {}): Promise<Outcome> {
      const outcome = await start(line.split(' '), { cwd, env });
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
}
