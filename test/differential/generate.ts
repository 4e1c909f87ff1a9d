import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { type Random, random } from '../helpers/random.ts';
import type { Graph, Node } from './graph.ts';

export const LOADER = '/lib64/ld-linux-x86-64.so.2';
const PIE = 0x08000000;
const NODEFLIB = 0x800;

const LINKED = '/usr/bin/linked';

/** Directories that libraries lie in; the first four are the loader's own. */
const DIRECTORIES = [
  '/lib/x86_64-linux-gnu',
  '/usr/lib/x86_64-linux-gnu',
  '/lib',
  '/usr/lib',
  '/opt/a',
  '/opt/b',
  '/opt/b/sub',
  '/app/lib',
  '/app/lib/plugins',
  '/srv/lib/x86_64-linux-gnu',
  '/srv/haswell',
  '/srv/x86_64',
] as const;

/** Below a directory: variants, and what loaders up to 2.36 search too. */
const BELOW = [
  'glibc-hwcaps/x86-64-v2',
  'glibc-hwcaps/x86-64-v3',
  'glibc-hwcaps/x86-64-v4',
  'glibc-hwcaps/x86-64-v9',
  'tls',
  'haswell',
  'x86_64',
  'haswell/x86_64',
  'tls/x86_64',
  'avx512_1',
];

/** Elements of path lists besides the directories. */
const ELEMENTS = [
  '$ORIGIN',
  '$ORIGIN/../lib',
  '${ORIGIN}/sub',
  '$ORIGIN/plugins/',
  '/srv/$LIB',
  '/srv/${PLATFORM}',
  '/srv/$PLATFORM/',
  '/opt/$FOO',
  '/opt/$ORIGINX',
  '',
  'opt/a',
  '/opt/./a',
  '/opt/b/../a',
  '/nowhere',
  '/opt/link',
  '/app/lib;/opt/b',
];

const VERSIONS = ['V_1', 'V_2', 'V_3'];

/** The graph of a seed. */
export function generate(seed: number): Graph {
  return new Generator(random(seed, 0x6772)).graph();
}

class Generator {
  readonly #random: Random;
  readonly #names: readonly string[];
  readonly #tree: Record<string, Node> = {};
  #pad = 1;

  constructor(source: Random) {
    this.#random = source;
    const count = 3 + source.below(7);
    this.#names = Array.from({ length: count }, (_, i) => `lib${'abcdefghij'[i]}.so.${1 + source.below(2)}`);
  }

  graph(): Graph {
    const { once, pick } = this.#random;
    this.#tree['/proc'] = { type: 'directory' };
    this.#tree['/opt/link'] = { type: 'link', to: pick(['a', '/opt/b', '../app/lib', '/nowhere']) };
    for (const name of this.#names) this.#library(name);
    const program = this.#program();
    const added: Record<string, Node> = {};
    if (once(8)) added[this.#place(pick(this.#names))] = this.#file(pick(this.#names));
    const removed = once(8) ? this.#some(this.#libraries(), 2) : [];
    const ldconfig = once(3) ? null : pick(['new', 'new', 'compat', 'old'] as const);
    // Without a cache ours looks into the directories that one will hold, the loader does not.
    if (ldconfig !== null) this.#tree['/etc/ld.so.conf'] = { type: 'text', text: this.#conf() };
    if (once(10)) this.#tree['/etc/ld.so.preload'] = { type: 'text', text: this.#preloadFile() };
    return {
      tree: this.#tree,
      program,
      // Run by hand, the loader takes the path given for $ORIGIN, links and all.
      explicit: program !== LINKED && once(6),
      ...(once(4) && { libraryPath: this.#list(this.#random.once(3) ? ';' : ':') }),
      ...(once(6) && {
        preload: this.#some([...this.#names, 'libno.so', '/opt/a/liba.so.1'], 3).join(pick([' ', ':'])),
      }),
      ldconfig,
      removed,
      added,
    };
  }

  #program(): string {
    const { once, pick } = this.#random;
    const path = pick(['/app/bin/app', '/app/app', '/app']);
    const at = path === '/app' ? '/start' : path;
    // No DT_FILTER: what a program filters comes to stand before it, where no trace begins.
    const spec = {
      ...this.#requests(2 + this.#random.below(3)),
      interpreter: LOADER,
      flags1: PIE,
    };
    this.#tree[at] = {
      type: 'elf',
      spec: this.#unique({ ...spec, ...(once(12) && { flags1: PIE | NODEFLIB }) }),
    };
    if (!once(5)) return at;
    this.#tree[LINKED] = { type: 'link', to: at };
    return LINKED;
  }

  /** One to three copies of a library, no two alike. */
  #library(name: string): void {
    for (let copies = 1 + this.#random.below(3); copies > 0; copies--) {
      const path = this.#place(name);
      if (!(path in this.#tree)) this.#tree[path] = this.#file(name);
    }
  }

  #place(name: string): string {
    const { once, pick } = this.#random;
    const directory = pick(DIRECTORIES);
    const below = once(8) ? `/${pick(BELOW)}` : '';
    // A file may lie under another name than its SONAME.
    return `${directory}${below}/${once(15) ? pick(this.#names) : name}`;
  }

  #file(name: string): Node {
    const { below, once, pick } = this.#random;
    const others = this.#libraries();
    switch (below(40)) {
      case 0:
      case 1:
        return { type: 'elf', spec: this.#unique({ class: 32, soname: name }) };
      case 2:
        return { type: 'elf', spec: this.#unique({ machine: 183, soname: name }) };
      case 3:
      case 4:
        return {
          type: 'link',
          to: others.length > 0 && !once(4) ? pick(others) : pick(['/nowhere', name, '.']),
        };
      case 5:
        if (others.length > 0) return { type: 'hardlink', to: pick(others) };
        break;
      case 6:
        return once(4) ? this.#unusable(name) : { type: 'link', to: name };
      default:
    }
    return { type: 'elf', spec: this.#librarySpec(name) };
  }

  /** What ends a program that finds it. */
  #unusable(name: string): Node {
    return this.#random.pick<Node>([
      { type: 'text', text: 'no ELF file, but long enough that the loader reads a header of it: '.repeat(3) },
      { type: 'text', text: '' },
      { type: 'directory' },
      { type: 'elf', spec: this.#unique({ soname: name, flags1: PIE }) },
      { type: 'elf', spec: this.#unique({ soname: name, dynamic: false }) },
    ]);
  }

  #librarySpec(name: string): ElfSpec {
    const { below, once, pick } = this.#random;
    const soname = once(10) ? {} : { soname: once(8) ? pick([...this.#names, 'libother.so']) : name };
    const flags1 = once(14) ? { flags1: NODEFLIB } : {};
    const filters = once(14) ? this.#filters() : {};
    const verdef = once(3) ? { verdef: VERSIONS.slice(0, 1 + below(2)) } : {};
    return this.#unique({ ...soname, ...this.#requests(below(4)), ...filters, ...flags1, ...verdef });
  }

  #filters(): ElfSpec {
    return {
      [this.#random.pick(['filter', 'auxiliary'] as const)]: this.#some([...this.#names, 'libno.so'], 2),
    };
  }

  /** What an object needs, where it looks, and which versions it wants. */
  #requests(count: number): ElfSpec {
    const { below, once, pick } = this.#random;
    const needed = Array.from({ length: count }, () => this.#request());
    const plain = needed.filter((name) => /^lib[a-j]/.test(name));
    const versions = (): NonNullable<ElfSpec['verneed']>[number]['versions'] => [
      { name: pick(VERSIONS), weak: once(4) },
    ];
    return {
      needed,
      ...(once(3) && { rpath: this.#list(':') }),
      ...(once(3) && { runpath: once(10) ? '' : this.#list(':') }),
      ...(plain.length > 0 && once(4) && { verneed: [{ file: pick(plain), versions: versions() }] }),
      ...(below(100) === 0 && { dtFlags: 1 }),
    };
  }

  #request(): string {
    const { below, pick } = this.#random;
    const name = pick(this.#names);
    switch (below(40)) {
      case 0:
        return `/opt/a/${name}`;
      case 1:
        return pick([`$ORIGIN/${name}`, `$ORIGIN/../lib/${name}`, `/srv/$LIB/${name}`, `opt/b/${name}`]);
      case 2:
        return pick(['libno.so.1', 'libother.so', '/nowhere/libx.so']);
      case 3:
        return pick(['ld-linux-x86-64.so.2', LOADER]);
      case 4:
        return pick(['', 'libc.so.6', 'libc.so.6', `$${name}`]);
      default:
        return name;
    }
  }

  #list(separator: string): string {
    const { below, once, pick } = this.#random;
    const elements = Array.from({ length: 1 + below(3) }, () =>
      once(2) ? pick(DIRECTORIES) : pick(ELEMENTS),
    );
    return elements.join(separator);
  }

  #conf(): string {
    const lines = Array.from({ length: 1 + this.#random.below(3) }, () => this.#random.pick(DIRECTORIES));
    return `${lines.join('\n')}\n`;
  }

  #preloadFile(): string {
    return `${this.#some([...this.#names, '/opt/a/liba.so.1'], 2).join(this.#random.pick([' ', '\n', ':']))} # none\n`;
  }

  #libraries(): readonly string[] {
    return Object.keys(this.#tree).filter((path) => path.includes('.so.') && path.split('/').length > 2);
  }

  #some<T>(items: readonly T[], most: number): readonly T[] {
    const count = items.length === 0 ? 0 : 1 + this.#random.below(most);
    return Array.from({ length: count }, () => this.#random.pick(items));
  }

  /** No two files are alike, so that none is taken for another. */
  #unique(spec: ElfSpec): ElfSpec {
    return { ...spec, notes: { buildId: (this.#pad++).toString(16).padStart(8, '0') } };
  }
}
