import type { Finder, FinderContext, Finding } from '../closure/finder.ts';
import type { Evidence, Node } from '../closure/types.ts';
import type { RootPath } from '../sysroot/sysroot.ts';
import { dataFile } from './data-file.ts';
import { loadable } from './loadable.ts';
import { imported } from './symbol-rule.ts';
import { type OpensslDirectory, opensslDirectory } from './tls-directories.ts';

/** libcrypto reads its configuration when it starts up, which many calls make it do; each user has one of these. */
const USERS = [
  ...[
    'OPENSSL_init_crypto',
    'OPENSSL_init_ssl',
    'CONF_modules_load_file',
    'EVP_DigestInit_ex',
    'EVP_CipherInit_ex',
  ],
  ...['EVP_EncryptInit_ex', 'EVP_MD_fetch', 'EVP_CIPHER_fetch', 'OSSL_PROVIDER_load', 'OSSL_LIB_CTX_new'],
];

/** Engines are opened by name, from a program's options or the configuration. */
const ENGINES = ['ENGINE_by_id', 'ENGINE_load_builtin_engines'];

/** The configuration, providers and engines of OpenSSL, in the directories that its libcrypto was built with. */
export const openssl: Finder = {
  name: 'openssl',
  *find(node, context) {
    const evidence = imported(node, USERS, 'openssl', context);
    const library = evidence === null ? null : context.provider(node, 'OPENSSL_init_crypto');
    if (evidence !== null && library !== null) {
      const directory = opensslDirectory(library, 'OPENSSLDIR', context);
      if (directory !== null) yield* dataFile(node, `${directory}/openssl.cnf`, evidence, context);
      yield* modules(node, library, 'MODULESDIR', evidence, context);
    }
    const engine = imported(node, ENGINES, 'openssl', context);
    const owner = engine === null ? null : context.provider(node, engine.symbol);
    if (engine !== null && owner !== null) yield* modules(node, owner, 'ENGINESDIR', engine, context);
  },
};

function* modules(
  node: Node,
  library: RootPath,
  which: OpensslDirectory,
  evidence: Evidence,
  context: FinderContext,
): Generator<Finding> {
  const directory = opensslDirectory(library, which, context);
  if (directory === null) return;
  for (const name of context.sysroot.readdir(directory as RootPath)) {
    const path = `${directory}/${name}` as RootPath;
    if (name.endsWith('.so') && loadable(path, context)) {
      yield { from: node.path, to: path, want: path, role: 'plugin', evidence };
    }
  }
}
