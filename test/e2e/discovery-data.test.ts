import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type BuildOptions, buildRootfs } from '../../src/index.ts';
import { needs, needsRoot } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';
import { type Given, inChrootWithKernel } from './inside.ts';

/** A program that needs data which no loader knows of, and the finder that brings it. */
interface Case extends Given {
  readonly finder: string;
  /** First the program, by its path alone. */
  readonly argv: readonly [string, ...string[]];
  readonly package: string;
  readonly prints: RegExp;
  /** Further programs of the same rootfs, and other options. */
  readonly also?: readonly string[];
  readonly options?: BuildOptions;
}

const OPENSSL = '/usr/bin/openssl';
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const CASES: readonly Case[] = [
  {
    finder: 'nss',
    argv: ['/bin/bash', '-c', 'echo ~nonroot'],
    package: 'bash',
    prints: /^\/home\/nonroot$/m,
  },
  { finder: 'nss', argv: ['/usr/bin/id', '-un'], package: 'coreutils', prints: /^root$/m },
  { finder: 'nss', argv: ['/usr/bin/id', '-gn', 'nobody'], package: 'coreutils', prints: /^nobody$/m },
  {
    finder: 'nss',
    argv: ['/usr/bin/getent', 'passwd', '65532'],
    package: 'libc-bin',
    prints: /^nonroot:\*:65532:/m,
  },
  {
    finder: 'nss',
    argv: ['/usr/bin/getent', 'hosts', 'localhost'],
    package: 'libc-bin',
    prints: /localhost/,
  },
  { finder: 'nss', argv: ['/usr/bin/getent', 'services', 'http'], package: 'libc-bin', prints: /80\/tcp/ },
  {
    finder: 'nss',
    argv: ['/usr/bin/ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', '/tmp/key', '-C', 'made'],
    package: 'openssh-client',
    prints: /^$/,
  },
  {
    finder: 'gconv',
    argv: ['/usr/bin/iconv', '-f', 'LATIN1', '-t', 'UTF-8'],
    package: 'libc-bin',
    input: 'plain',
    prints: /^plain$/m,
  },
  {
    finder: 'gconv',
    argv: ['/usr/bin/iconv', '-f', 'UTF-8', '-t', 'EUC-JP'],
    package: 'libc-bin',
    input: 'plain',
    prints: /^plain$/m,
  },
  {
    finder: 'timezone',
    argv: ['/usr/bin/date', '-d', '@0', '+%H'],
    package: 'coreutils',
    options: { timezone: 'Europe/Paris' },
    env: { TZ: 'Europe/Paris' },
    prints: /^01$/m,
  },
  {
    finder: 'terminfo',
    argv: ['/usr/bin/tput', '-T', 'xterm-256color', 'colors'],
    package: 'ncurses-bin',
    prints: /^256$/m,
  },
  {
    finder: 'terminfo',
    argv: ['/usr/bin/tput', '-T', 'vt100', 'cols'],
    package: 'ncurses-bin',
    prints: /^80$/m,
  },
  {
    finder: 'openssl',
    argv: [OPENSSL, 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=x', '-keyout', '/tmp/k'],
    package: 'openssl',
    prints: /^-----BEGIN CERTIFICATE-----$/m,
  },
  {
    finder: 'openssl',
    argv: [OPENSSL, 'dgst', '-provider', 'legacy', '-provider', 'default', '-md4'],
    package: 'openssl',
    input: 'abc',
    prints: /a448017aaf21d8525fc10ae87aa6729d/,
  },
  {
    finder: 'magic',
    argv: ['/usr/bin/file', '-b', '/usr/bin/file'],
    package: 'file',
    prints: /^ELF 64-bit/m,
  },
  {
    finder: 'pam',
    argv: ['/bin/su', '-s', '/usr/bin/id', 'nobody'],
    also: ['/usr/bin/id'],
    package: 'util-linux',
    prints: /^uid=65534\(nobody\)/m,
  },
];

describe('what programs need beyond linking, in a plain chroot', () => {
  const { path, write } = scratch();
  beforeEach(function () {
    needsRoot(this);
  });

  const build = async (
    one: Pick<Case, 'argv' | 'also' | 'options'>,
    output: string,
    off: readonly string[],
  ) => {
    const discover = ['auto', ...off.map((name) => `-${name}`)];
    return await buildRootfs([one.argv[0], ...(one.also ?? [])], { output, discover, ...one.options });
  };

  const check = async (one: Case) => {
    await build(one, path('with'), []);
    const { stdout, stderr, status } = inChrootWithKernel(path('with'), one.argv, one);
    assert.match(stdout, one.prints, stderr);
    assert.equal(status, 0, stderr);
    await build(one, path('without'), [one.finder]);
    const bare = inChrootWithKernel(path('without'), one.argv, one);
    assert.ok(
      bare.status !== 0 || !one.prints.test(bare.stdout),
      `${one.finder} changes nothing: ${bare.stdout}`,
    );
  };

  for (const one of CASES) {
    it(`${one.argv.join(' ')} works, by finder ${one.finder}`, async function () {
      needs(this, { tool: one.argv[0], package: one.package });
      await check(one);
    });
  }

  it('ImageMagick converts PNG to JPEG, by finder plugin-directories', async function () {
    const convert = '/usr/bin/convert-im6.q16';
    needs(this, { tool: convert, package: 'imagemagick-6.q16' });
    const png = write('one.png', Buffer.from(PNG, 'base64'));
    await check({
      finder: 'plugin-directories',
      argv: [convert, '/one.png', 'jpg:-'],
      package: 'imagemagick-6.q16',
      options: { include: [`${png}:/one.png`] },
      prints: /JFIF/,
    });
  });

  it('less shows a page on a terminal without a warning, by finder terminfo', async function () {
    needs(this, { tool: '/usr/bin/less', package: 'less' }, { tool: 'script', package: 'bsdutils' });
    const page = write('page', 'one line\n');
    const show = async (output: string, off: readonly string[]): Promise<string> => {
      await build({ argv: ['/usr/bin/less'], options: { include: [`${page}:/page`] } }, output, off);
      const command = `chroot ${output} /usr/bin/less -FX /page`;
      return execFileSync('script', ['-qec', command, '/dev/null'], {
        encoding: 'utf8',
        input: 'qq',
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', TERM: 'xterm' },
      });
    };
    const shown = await show(path('with'), []);
    assert.match(shown, /one line/);
    assert.doesNotMatch(shown, /WARNING/);
    assert.match(await show(path('without'), ['terminfo']), /WARNING: terminal is not fully functional/);
  });

  it('curl fetches by http and, with an authority included, by https', async function () {
    needs(this, { tool: '/usr/bin/curl', package: 'curl' }, { tool: OPENSSL, package: 'openssl' });
    const key = path('key.pem');
    const certificate = path('certificate.pem');
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const made = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      ...names,
      '-keyout',
      key,
      '-out',
      certificate,
    ];
    assert.equal(spawnSync(OPENSSL, made).status, 0);
    const include = [`${certificate}:/etc/ssl/certs/ca-certificates.crt`];
    await buildRootfs('/usr/bin/curl', { output: path('rootfs'), include });
    await withServers(key, certificate, (http, https) => {
      const get = (url: string) => inChrootWithKernel(path('rootfs'), ['/usr/bin/curl', '-sS', url]);
      assert.equal(get(`http://localhost:${http}/`).stdout, 'served');
      const { stdout, stderr } = get(`https://localhost:${https}/`);
      assert.equal(stdout, 'served', stderr);
    });
  });

  it("curl has the system's authorities by itself, by finder ca-certificates", async function () {
    needs(this, { tool: '/usr/bin/curl', package: 'curl' });
    needs(this, { tool: '/etc/ssl/certs/ca-certificates.crt', package: 'ca-certificates' });
    const files = async (off: readonly string[]): Promise<readonly string[]> => {
      const { plan } = await buildRootfs('/usr/bin/curl', {
        dryRun: true,
        discover: ['auto', ...off],
      });
      return plan.entries.map((entry) => entry.path);
    };
    assert.ok((await files([])).includes('/etc/ssl/certs/ca-certificates.crt'));
    assert.ok(!(await files(['-ca-certificates'])).includes('/etc/ssl/certs/ca-certificates.crt'));
  });

  describe('programs made for one need', () => {
    const compile = (name: string, source: string, ...more: readonly string[]): string => {
      writeFileSync(path(`${name}.c`), source);
      execFileSync('gcc', [path(`${name}.c`), '-o', path(name), ...more]);
      return path(name);
    };
    beforeEach(function () {
      needs(this, { tool: 'gcc', package: 'gcc' });
    });

    it('a program that sets C.UTF-8 gets it, by finder locale', async () => {
      const source = `#include <locale.h>
        #include <stdio.h>
        int main(void) { puts(setlocale(LC_ALL, "C.UTF-8") ? "set" : "refused"); return 0; }`;
      await check({
        finder: 'locale',
        argv: [compile('app', source)],
        package: 'libc-bin',
        prints: /^set$/m,
      });
    });

    it('a thread that ends itself can be unwound, by finder libgcc', async () => {
      const source = `#include <pthread.h>
        #include <stdio.h>
        static void *run(void *x) { pthread_exit(x); }
        int main(void) { pthread_t t; pthread_create(&t, 0, run, 0); pthread_join(t, 0); puts("joined"); return 0; }`;
      const argv = [compile('app', source)] as const;
      await check({ finder: 'libgcc', argv, package: 'libgcc-s1', prints: /^joined$/m });
    });

    it('a static glibc program finds users, by finder nss', async () => {
      const source = `#include <pwd.h>
        #include <stdio.h>
        int main(void) { struct passwd *p = getpwuid(65534); puts(p ? p->pw_name : "none"); return 0; }`;
      const argv = [compile('app', source, '-static', '-w')] as const;
      await check({ finder: 'nss', argv, package: 'libc6-dev', prints: /^nobody$/m });
    });

    it('a library that only .note.dlopen names is found through RUNPATH, by finder dlopen-note', async () => {
      compile('libplug.so', 'int plugged(void) { return 7; }', '-shared', '-fPIC');
      await check({
        finder: 'dlopen-note',
        argv: [
          compile(
            'app',
            noted('required', 'libabsent.so', 'libplug.so'),
            `-Wl,-rpath,${dirname(path('app'))}`,
          ),
        ],
        package: 'libc6-dev',
        prints: /^opened$/m,
      });
    });

    it('a required library that is nowhere fails the build, a recommended one does not', async () => {
      const required = compile('required', noted('required', 'libabsent.so', 'libabsent.so.2'));
      await assert.rejects(buildRootfs(required, { output: path('one') }), {
        code: 'ERR_INCOMPLETE',
        message: /libabsent\.so or libabsent\.so\.2 not found, needed by .*required/,
      });
      const recommended = compile('recommended', noted('recommended', 'libabsent.so', 'libabsent.so.2'));
      await buildRootfs(recommended, { output: path('two') });
    });

    it('a name that only a string tells is suggested, and taken where dlopen-strings is turned on', async () => {
      const source = `#include <dlfcn.h>
        #include <stdio.h>
        int main(void) { puts(dlopen("libgcc_s.so.1", RTLD_NOW) ? "opened" : dlerror()); return 0; }`;
      const program = compile('app', source);
      const { plan } = await buildRootfs(program, { output: path('plain') });
      assert.deepEqual(
        plan.closure.suggestions.map(({ name }) => name),
        ['libgcc_s.so.1'],
      );
      assert.doesNotMatch(inChrootWithKernel(path('plain'), [program]).stdout, /opened/);
      await buildRootfs(program, { output: path('with'), discover: ['auto', 'dlopen-strings'] });
      assert.match(inChrootWithKernel(path('with'), [program]).stdout, /opened/);
    });
  });
});

/** A program with a dlopen note that opens the last of its names. */
function noted(priority: string, ...names: readonly [string, ...string[]]): string {
  const json = JSON.stringify([{ feature: 'plug', priority, soname: names }]).replaceAll('"', '\\\\\\"');
  return `#include <dlfcn.h>
    #include <stdio.h>
    __asm__(".pushsection .note.dlopen, \\"a\\", %note\\n.balign 4\\n.long 4, 2f-1f, 0x407c0c0a\\n.asciz \\"FDO\\"\\n"
            "1: .asciz \\"${json}\\"\\n2: .balign 4\\n.popsection");
    int main(void) { puts(dlopen("${names.at(-1)}", RTLD_NOW) ? "opened" : "absent"); return 0; }`;
}

/** Servers in a process of their own: the caller blocks while its programs run. */
async function withServers(
  key: string,
  certificate: string,
  use: (http: number, https: number) => void,
): Promise<void> {
  const { spawn } = await import('node:child_process');
  const source = `const fs = require('node:fs');
    const serve = (_, answer) => answer.end('served');
    const [key, cert] = process.argv.slice(1).map((file) => fs.readFileSync(file));
    const servers = [require('node:http').createServer(serve), require('node:https').createServer({ key, cert }, serve)];
    let ports = [];
    for (const server of servers) server.listen(0, '127.0.0.1', () => {
      ports = servers.map((one) => one.address()?.port);
      if (ports.every(Boolean)) console.log(ports.join(' '));
    });`;
  const child = spawn(process.execPath, ['-e', source, key, certificate], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const line = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data) => resolve(String(data))),
    );
    const [http = 0, https = 0] = line.split(/\s+/).map(Number);
    use(http, https);
  } finally {
    child.kill();
  }
}
