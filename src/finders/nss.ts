import type { Finder, FinderContext, Finding } from '../closure/finder.ts';
import type { Evidence, Node } from '../closure/types.ts';
import { readText } from '../ldso/text.ts';
import { type RootPath, rootPath } from '../sysroot/sysroot.ts';
import { GROUP, HOSTS, PASSWD, type Text } from './accounts.ts';
import { dataFile } from './data-file.ts';
import { type Database, NSSWITCH, servicesOf } from './nsswitch.ts';
import { imported, namedByStatic, type SymbolList } from './symbol-rule.ts';

/** Who asks a database, and what answers. A static program is known by the path of the file. */
const DATABASES: readonly {
  readonly database: Database;
  readonly symbols: SymbolList;
  /** Made up: the machine's own is its owner's business. */
  readonly text?: Text;
  /** Copied: the same on every machine. */
  readonly copied?: string;
}[] = [
  {
    database: 'passwd',
    symbols: ['getpwnam', 'getpwnam_r', 'getpwuid', 'getpwuid_r', 'getpwent', 'getpwent_r'],
    text: PASSWD,
  },
  {
    database: 'group',
    symbols: [
      'getgrnam',
      'getgrnam_r',
      'getgrgid',
      'getgrgid_r',
      'getgrent',
      'getgrent_r',
      'getgrouplist',
      'initgroups',
    ],
    text: GROUP,
  },
  {
    database: 'hosts',
    symbols: [
      ...[
        'getaddrinfo',
        'getnameinfo',
        'gethostbyname',
        'gethostbyname_r',
        'gethostbyname2',
        'gethostbyname2_r',
      ],
      ...['gethostbyaddr', 'gethostbyaddr_r', 'gethostent'],
    ],
    text: HOSTS,
  },
  {
    database: 'services',
    symbols: ['getservbyname', 'getservbyname_r', 'getservbyport', 'getservbyport_r', 'getservent'],
    copied: '/etc/services',
  },
  {
    database: 'protocols',
    symbols: ['getprotobyname', 'getprotobyname_r', 'getprotobynumber', 'getprotobynumber_r', 'getprotoent'],
    copied: '/etc/protocols',
  },
];

const SWITCH = rootPath('/etc/nsswitch.conf');

/**
 * The databases of users, groups and hosts, for whoever asks the C library for an entry. No resolv.conf: one
 * without servers says the same as none (resolv.conf(5)), and which servers there are is known only where it runs.
 */
export const nss: Finder = {
  name: 'nss',
  *find(node, context) {
    for (const { database, symbols, text, copied } of DATABASES) {
      const file = text?.path ?? (copied as string);
      const evidence = imported(node, symbols, 'nss', context) ?? namedByStatic(node, file, 'nss', context);
      if (evidence === null) continue;
      if (text !== undefined) generate(node, text, context);
      if (copied !== undefined) yield* dataFile(node, copied, evidence, context);
      yield* switched(node, database, evidence, context);
    }
  },
};

function generate(node: Node, { path, text }: Text, context: FinderContext): void {
  context.generate({ path, mode: 0o644, text, rule: 'nss', neededBy: node.path });
}

/** glibc's switch: a made-up line for the database, or the modules that an included nsswitch.conf names for it. */
function* switched(
  node: Node,
  database: Database,
  evidence: Evidence,
  context: FinderContext,
): Generator<Finding> {
  const libc = libcOf(node, context);
  if (libc === null) return;
  if (!context.isIncluded(SWITCH)) generate(node, { path: SWITCH, text: `${NSSWITCH[database]}\n` }, context);
  const text = context.isIncluded(SWITCH) ? (readText(context.sysroot, SWITCH) ?? '') : NSSWITCH[database];
  for (const service of servicesOf(text, new Set([database]))) {
    if (libc.builtIn.includes(service)) continue;
    const name = `libnss_${service}.so.2`;
    // A service without a module is passed over (nsswitch.conf(5), UNAVAIL), as it is outside.
    for (const { path } of context.loader.dlopen(libc.path, name)) {
      if (path !== null) yield { from: node.path, to: path, want: name, role: 'plugin', evidence };
    }
  }
}

interface Libc {
  readonly path: RootPath;
  /** Services that it answers by itself. */
  readonly builtIn: readonly string[];
}

/** The glibc that a node's calls reach; null for another C library, which has no switch. */
function libcOf(node: Node, context: FinderContext): Libc | null {
  const profile = context.loader.profile(node.path);
  if (profile?.libc === 'musl') return null;
  const path = context.provider(node, 'getpwnam');
  if (path === null) {
    const named = namedByStatic(node, SWITCH, 'nss', context);
    return named === null ? null : { path: node.path, builtIn: ['files', 'dns'] };
  }
  const [major = 2, minor = 36] = profile?.compiled().release ?? [];
  // NEWS of glibc 2.34: files and dns have become part of libc.so.6.
  return { path, builtIn: major > 2 || minor >= 34 ? ['files', 'dns'] : [] };
}
