import assert from 'node:assert/strict';
import { caCertificates } from '../../src/finders/ca-certificates.ts';
import { openssl } from '../../src/finders/openssl.ts';
import { file, link } from '../../src/testing.ts';
import { foundIn, generatedIn, type House, library } from './house.ts';

const LIB = '/usr/lib/x86_64-linux-gnu';
const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const moved = (to: string, name: string, needed: readonly string[] = ['libcrypto.so.3']) => ({
  [`${to}/${name}`]: Object.values(library(name, { needed }))[0] as never,
});

const files = {
  ...library(
    'libcrypto.so.3',
    { exports: ['OPENSSL_init_crypto', 'EVP_MD_fetch', 'ENGINE_by_id', 'X509_get_default_cert_file'] },
    ['OPENSSLDIR: "/usr/lib/ssl"', `MODULESDIR: "${LIB}/ossl-modules"`, `ENGINESDIR: "${LIB}/engines-3"`],
  ),
  ...library('libgnutls.so.30', { exports: ['gnutls_certificate_set_x509_system_trust'] }, [BUNDLE]),
  '/usr/lib/ssl/openssl.cnf': link('/etc/ssl/openssl.cnf'),
  '/usr/lib/ssl/cert.pem': link(BUNDLE),
  '/usr/lib/ssl/private/key.pem': file('secret'),
  '/etc/ssl/openssl.cnf': file('[default]'),
  [BUNDLE]: file('authorities'),
  ...moved(`${LIB}/ossl-modules`, 'legacy.so'),
  ...moved(`${LIB}/ossl-modules`, 'broken.so', ['libgone.so.1']),
  ...moved(`${LIB}/engines-3`, 'padlock.so'),
  [`${LIB}/ossl-modules/README`]: file('text'),
};
const house: House = { files, needed: ['libcrypto.so.3'] };
const CNF = '/usr/lib/ssl/openssl.cnf';
const LEGACY = `${LIB}/ossl-modules/legacy.so`;

describe('openssl', () => {
  const cases: readonly (readonly [title: string, imports: readonly string[], found: readonly string[]])[] = [
    ['brings the configuration and the providers that load', ['EVP_MD_fetch'], [CNF, LEGACY]],
    ['brings engines to who names one', ['ENGINE_by_id'], [`${LIB}/engines-3/padlock.so`]],
    ['brings nothing to who does neither', ['dlopen'], []],
  ];
  for (const [title, imports, found] of cases) {
    it(title, () => assert.deepEqual(foundIn({ ...house, imports }, openssl), found));
  }

  it('brings nothing where the library does not say where it looks', () => {
    const bare = library('libcrypto.so.3', { exports: ['OPENSSL_init_crypto', 'ENGINE_by_id'] });
    const imports = ['OPENSSL_init_crypto', 'ENGINE_by_id'];
    assert.deepEqual(foundIn({ ...house, files: bare, imports }, openssl), []);
    assert.deepEqual(foundIn({ imports }, openssl), []);
  });
});

describe('ca-certificates', () => {
  const cases: readonly (readonly [title: string, house: House, found: readonly string[]])[] = [
    [
      "brings OpenSSL's own file to who asks for the system's authorities",
      { ...house, imports: ['X509_get_default_cert_file'] },
      ['/usr/lib/ssl/cert.pem'],
    ],
    [
      "brings the file that GnuTLS's strings name",
      { files, needed: ['libgnutls.so.30'], imports: ['gnutls_certificate_set_x509_system_trust'] },
      [BUNDLE],
    ],
    [
      'brings the first that is there where no library says which',
      { files, imports: ['SSL_CTX_set_default_verify_paths'] },
      [BUNDLE],
    ],
    [
      'brings a file that who opens one names',
      { files, imports: ['SSL_CTX_load_verify_file'], strings: [BUNDLE] },
      [BUNDLE],
    ],
    ['brings none to who opens one and names none', { files, imports: ['SSL_CTX_load_verify_file'] }, []],
    ['brings none to who only names one', { files, strings: [BUNDLE] }, []],
    ['brings one to a static program that names it', { libc: 'static', files, strings: [BUNDLE] }, [BUNDLE]],
    ['brings none where there is none', { imports: ['SSL_CTX_set_default_verify_paths'] }, []],
  ];
  for (const [title, one, found] of cases) {
    it(title, () => assert.deepEqual(foundIn(one, caCertificates), found));
  }

  it('makes none up', () => {
    assert.deepEqual(generatedIn({ imports: ['SSL_CTX_set_default_verify_paths'] }, caCertificates), {});
  });
});
