import { parseDlopenNote } from '../../src/elf/dlopen-note.ts';
import { readImportedNames } from '../../src/elf/imported-names.ts';
import { readNotes } from '../../src/elf/notes.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { symbolName } from '../../src/elf/symbol-hash.ts';
import { readSymbols } from '../../src/elf/symbols.ts';
import { bindSymbols } from '../../src/ldso/bind.ts';
import { readCache } from '../../src/ldso/cache.ts';
import { readConf } from '../../src/ldso/conf.ts';
import { Loader } from '../../src/ldso/loader.ts';
import { resolve } from '../../src/ldso/resolve.ts';
import { parseShebang } from '../../src/ldso/script.ts';
import { scriptRequests } from '../../src/ldso/script-chain.ts';
import { SymbolTables } from '../../src/ldso/symbol-tables.ts';
import { memorySysroot } from '../../src/sysroot/memory.ts';
import { file, link, program } from '../../src/sysroot/memory-entries.ts';
import { type ByteSource, rootPath } from '../../src/sysroot/sysroot.ts';
import { buildElf } from '../../src/testing.ts';
import { cacheSeeds, confSeeds, elfSeeds, scriptSeeds } from './seeds.ts';

/** One reader of hostile bytes. It may throw RootfsError and nothing else. */
export interface Target {
  readonly seeds: () => readonly Uint8Array[];
  readonly read: (bytes: Uint8Array) => void;
}

const FILE = '/fuzzed';
const INTERPRETER = '/lib64/ld-linux-x86-64.so.2';
const APP = buildElf({ interpreter: INTERPRETER, flags1: 0x08000000, needed: ['libz.so.1', 'libx.so.10'] });
const LIB = buildElf({ soname: 'libx.so.10', needed: ['libz.so.1'] });
const NAMES = ['libz.so.1', 'libx.so.10', 'libc.so.6', '', 'nothing'];

export const TARGETS: Readonly<Record<string, Target>> = {
  elf: { seeds: elfSeeds, read: (bytes) => void readElf(source(bytes), FILE) },
  symbols: { seeds: elfSeeds, read: readAllSymbols },
  notes: { seeds: elfSeeds, read: (bytes) => void readNotes(source(bytes), FILE) },
  'dlopen-note': {
    seeds: () => [
      Buffer.from('[{"soname":["libz.so.1"],"feature":"z","description":"d","priority":"required"},{}]\0'),
      Buffer.from('{"soname":"liblzma.so.5"}'),
    ],
    read: (bytes) => void parseDlopenNote(bytes),
  },
  cache: { seeds: cacheSeeds, read: lookUp },
  conf: { seeds: confSeeds, read: configure },
  script: {
    seeds: scriptSeeds,
    read(bytes) {
      const shebang = parseShebang(bytes);
      if (shebang !== null) scriptRequests(PROGRAMS, shebang);
    },
  },
  /** The whole resolution, the file being the program, a library of it, or its loader. */
  program: { seeds: elfSeeds, read: (bytes) => void resolve('/app', tree({ '/app': program(bytes) })) },
  library: {
    seeds: elfSeeds,
    read(bytes) {
      const sysroot = tree({ '/usr/lib/libz.so.1': file(bytes), [INTERPRETER]: program(bytes) });
      const [map] = new Loader(sysroot, { attempts: true }).linkMaps(rootPath('/app'));
      if (map !== undefined) bindSymbols(map, new SymbolTables(sysroot));
    },
  },
};

const PROGRAMS = memorySysroot({
  '/bin/sh': program(''),
  '/usr/bin/env': program(''),
  '/usr/bin/node': program(''),
});

function tree(more: Parameters<typeof memorySysroot>[0]): ReturnType<typeof memorySysroot> {
  return memorySysroot({
    '/app': program(APP),
    '/lib': link('usr/lib'),
    '/usr/lib/libx.so.10': file(LIB),
    '/usr/lib/libz.so.1': file(LIB),
    ...more,
  });
}

function readAllSymbols(bytes: Uint8Array): void {
  const table = readSymbols(source(bytes), FILE);
  readImportedNames(source(bytes), FILE);
  for (const name of ['f', 'puts', '']) table?.find(symbolName(name));
}

function lookUp(bytes: Uint8Array): void {
  for (const order of ['LE', 'BE'] as const) {
    const cache = readCache(bytes, order);
    if (cache === null) continue;
    // Often enough that the index is built too.
    for (let i = 0; i < 3; i++) {
      for (const name of NAMES) cache.lookup(name, [0x0303, 0x0003], ['x86-64-v3', 'x86-64-v2']);
    }
    cache.entries();
  }
}

function configure(bytes: Uint8Array): void {
  const confs = { '/etc/ld.so.conf': file(bytes), '/etc/ld.so.conf.d/a.conf': file(bytes) };
  readConf(memorySysroot({ ...confs, '/etc/ld.so.conf.d/b.conf': file('/opt/b\n') }));
}

/** Bytes as an open file. */
function source(bytes: Uint8Array): ByteSource {
  return {
    read: (offset, length) => bytes.subarray(Math.min(offset, bytes.length), offset + length),
    size: () => bytes.length,
    close: () => {},
  };
}
