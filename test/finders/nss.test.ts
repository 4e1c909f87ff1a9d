import assert from 'node:assert/strict';
import { GROUP, HOSTS, PASSWD } from '../../src/finders/accounts.ts';
import { nss } from '../../src/finders/nss.ts';
import { servicesOf } from '../../src/finders/nsswitch.ts';
import { file } from '../../src/testing.ts';
import { closureIn, foundIn, generatedIn, type House, library } from './house.ts';

describe('nss', () => {
  const cases: readonly (readonly [title: string, house: House, texts: Record<string, string>])[] = [
    ['leaves a program alone that asks for nothing', { imports: ['setlocale'] }, {}],
    [
      'makes passwd and its line of nsswitch.conf for getpwuid',
      { imports: ['getpwuid'] },
      { '/etc/passwd': PASSWD.text, '/etc/nsswitch.conf': 'passwd: files\n' },
    ],
    [
      'joins the lines of several databases',
      { imports: ['getgrgid', 'getpwnam', 'getaddrinfo'] },
      {
        '/etc/passwd': PASSWD.text,
        '/etc/group': GROUP.text,
        '/etc/hosts': HOSTS.text,
        '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
      },
    ],
    [
      'makes no switch for musl, which has none',
      { libc: 'musl', imports: ['getpwnam'] },
      { '/etc/passwd': PASSWD.text },
    ],
    [
      'knows a static program by the paths in it',
      { libc: 'static', strings: ['/etc/nsswitch.conf', '/etc/group'] },
      { '/etc/group': GROUP.text, '/etc/nsswitch.conf': 'group: files\n' },
    ],
    [
      'makes no switch for a static program that has none',
      { libc: 'static', strings: ['/etc/hosts'] },
      { '/etc/hosts': HOSTS.text },
    ],
    ['leaves a static program alone that names nothing', { libc: 'static', strings: ['/etc/motd'] }, {}],
  ];
  for (const [title, house, texts] of cases) {
    it(title, () => assert.deepEqual(generatedIn(house, nss), texts));
  }

  it('never copies the users of the machine', () => {
    const house: House = { imports: ['getpwnam'], files: { '/etc/passwd': file('me:x:1000:') } };
    assert.deepEqual(foundIn(house, nss), []);
    assert.doesNotMatch(generatedIn(house, nss)['/etc/passwd'] ?? '', /1000/);
  });

  it('asks for a library what it imports, whoever loads it', () => {
    const files = library('libuser.so.1', { imports: ['getpwnam'] });
    assert.ok('/etc/passwd' in generatedIn({ needed: ['libuser.so.1'], files }, nss));
  });

  it('copies /etc/services, which is the same everywhere', () => {
    const house: House = { imports: ['getservbyname'], files: { '/etc/services': file('http 80/tcp') } };
    assert.deepEqual(foundIn(house, nss), ['/etc/services']);
  });

  const modules = {
    ...library('libnss_files.so.2'),
    ...library('libnss_dns.so.2'),
    ...library('libnss_db.so.2'),
  };
  const at = (name: string): string => `/usr/lib/x86_64-linux-gnu/${name}`;

  it('brings the modules that glibc before 2.34 has outside', () => {
    const house: House = { imports: ['getaddrinfo'], files: modules, release: '2.33' };
    assert.deepEqual(foundIn(house, nss), [at('libnss_files.so.2'), at('libnss_dns.so.2')]);
    assert.deepEqual(foundIn({ ...house, release: '2.34' }, nss), []);
  });

  it('brings the modules that an included nsswitch.conf names, and does not write over it', () => {
    const path = '/etc/nsswitch.conf' as never;
    const files = { ...modules, [path]: file('passwd: db [NOTFOUND=return] files # nis\nhosts: absent\n') };
    const closure = closureIn({ imports: ['getpwnam'], files }, [nss], {
      included: [{ path, pattern: path, executable: false }],
    });
    const plugins = closure.nodes.filter(({ role }) => role === 'plugin').map((node) => node.path);
    assert.deepEqual(plugins, [at('libnss_db.so.2')]);
    assert.deepEqual(
      closure.generated.map((made) => made.path),
      ['/etc/passwd'],
    );
  });
});

describe('servicesOf', () => {
  it('reads the services of the databases asked for', () => {
    const text =
      '# hosts: nis\npasswd:\tfiles systemd\n hosts: files [!UNAVAIL=return] dns # mdns\nhosts db\n';
    assert.deepEqual(servicesOf(text, new Set(['hosts', 'passwd'])), ['files', 'systemd', 'dns']);
    assert.deepEqual(servicesOf(text, new Set(['group'])), []);
  });
});
