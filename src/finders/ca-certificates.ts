import type { Finder, FinderContext } from '../closure/finder.ts';
import type { Evidence, Node } from '../closure/types.ts';
import { rootPath } from '../sysroot/sysroot.ts';
import { dataFile } from './data-file.ts';
import { imported, namedByStatic } from './symbol-rule.ts';
import { opensslDirectory } from './tls-directories.ts';

/** Calls that take the authorities of the system: OpenSSL's, then GnuTLS's. */
const DEFAULTS = [
  ...[
    'SSL_CTX_set_default_verify_paths',
    'SSL_CTX_set_default_verify_file',
    'SSL_CTX_set_default_verify_store',
  ],
  ...['X509_STORE_set_default_paths', 'X509_STORE_set_default_paths_ex', 'X509_get_default_cert_file'],
  ...['gnutls_x509_trust_list_add_system_trust', 'gnutls_certificate_set_x509_system_trust'],
];

/** Calls that take a file of authorities, whose usual name the caller's strings hold. */
const FILES = [
  ...['SSL_CTX_load_verify_locations', 'SSL_CTX_load_verify_file', 'gnutls_certificate_set_x509_trust_file'],
  ...['mbedtls_x509_crt_parse_file', 'wolfSSL_CTX_load_verify_locations'],
];

/** Where distributions keep all authorities in one file: Debian, Fedora, openSUSE, Alpine (crypto/x509, certFiles of Go). */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** The authorities that a TLS client trusts, for whoever asks for the system's or names their file. */
export const caCertificates: Finder = {
  name: 'ca-certificates',
  *find(node, context) {
    const asked = imported(node, DEFAULTS, 'ca-certificates', context);
    if (asked !== null) {
      const path = defaultFile(node, asked.symbol, context);
      yield* dataFile(node, path ?? BUNDLES.find((file) => isThere(file, context)) ?? '', asked, context);
      return;
    }
    const opens = imported(node, FILES, 'ca-certificates', context);
    for (const file of BUNDLES) {
      const names: Evidence | null =
        opens !== null && context.strings(node.realPath, file).length > 0
          ? { by: 'string', string: file, rule: 'ca-certificates' }
          : namedByStatic(node, file, 'ca-certificates', context);
      if (names === null || !isThere(file, context)) continue;
      yield* dataFile(node, file, names, context);
      return;
    }
  },
};

/** The file that the library behind a call was built to read: cert.pem in OPENSSLDIR, or a path in its strings. */
function defaultFile(node: Node, symbol: string, context: FinderContext): string | null {
  const own = symbol.startsWith('gnutls_');
  const libcrypto = own ? null : context.provider(node, 'X509_get_default_cert_file');
  const directory = libcrypto === null ? null : opensslDirectory(libcrypto, 'OPENSSLDIR', context);
  if (directory !== null && isThere(`${directory}/cert.pem`, context)) return `${directory}/cert.pem`;
  const library = context.provider(node, symbol);
  const named = (file: string): boolean =>
    library !== null && isThere(file, context) && context.strings(library, file).length > 0;
  return BUNDLES.find(named) ?? null;
}

function isThere(path: string, { sysroot }: FinderContext): boolean {
  return sysroot.stat(rootPath(path))?.type === 'file';
}
