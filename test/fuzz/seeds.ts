import { readFileSync } from 'node:fs';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { buildElf } from '../../src/testing.ts';
import { cacheFile, type Entry } from '../scenarios/cache-file.ts';

/** Longest real file taken: larger ones differ in code, which nobody here reads. */
const LONGEST = 200_000;

/** Real files of this machine, as far as it has them. */
function real(...paths: readonly string[]): readonly Uint8Array[] {
  return paths.flatMap((path) => {
    try {
      return [Uint8Array.from(readFileSync(path).subarray(0, LONGEST))];
    } catch {
      return [];
    }
  });
}

const RICH: ElfSpec = {
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  soname: 'librich.so.1',
  needed: ['libc.so.6', 'libm.so.6', '$ORIGIN/libx.so'],
  filter: ['libf.so'],
  auxiliary: ['liba.so'],
  rpath: '$ORIGIN/../lib:/opt/$LIB:${PLATFORM}',
  runpath: '$ORIGIN:/usr/lib',
  audit: 'libaudit.so',
  relr: true,
  verneed: [{ file: 'libc.so.6', versions: ['GLIBC_2.2.5', { name: 'GLIBC_2.34', weak: true }] }],
  verdef: ['V_1', { name: 'V_2', parents: ['V_1'] }],
  exports: ['f', { name: 'g', version: 'V_1', hidden: true }, { name: 'g', version: 'V_2' }],
  imports: ['puts', { name: 'exit', from: 'libc.so.6', version: 'GLIBC_2.2.5' }],
  notes: {
    buildId: '0123456789abcdef',
    abiTag: '3.2.0',
    dlopen: [[{ soname: ['liblzma.so.5', 'liblzma.so'], feature: 'lzma', priority: 'suggested' }]],
    x86IsaNeeded: 1,
    other: [{ owner: 'stapsdt', type: 3, bytes: Uint8Array.of(1, 2, 3) }],
  },
};

/** ELF files: real ones, and one of every class, byte order and make of table. */
export function elfSeeds(): readonly Uint8Array[] {
  return [
    ...real('/bin/true', '/lib/x86_64-linux-gnu/libdl.so.2', '/lib/x86_64-linux-gnu/libz.so.1'),
    ...real('/lib64/ld-linux-x86-64.so.2', '/usr/lib32/libdl.so.2', '/lib/ld-musl-x86_64.so.1'),
    ...real('/usr/s390x-linux-gnu/lib/libdl.so.2', '/usr/mips-linux-gnu/lib/libdl.so.2'),
    buildElf(RICH),
    buildElf({ ...RICH, class: 32 }),
    buildElf({ ...RICH, class: 32, byteOrder: 'BE', machine: 8 }),
    buildElf({ ...RICH, byteOrder: 'BE', machine: 22 }),
    buildElf({ ...RICH, programHeaders: 'end', hash: 'gnu', sections: false }),
    buildElf({ ...RICH, hash: 'sysv', placement: { dynstr: 1, verneed: 2 } }),
    buildElf({ ...RICH, hash: 'none', type: 'EXEC' }),
  ];
}

const ENTRIES: readonly Entry[] = [
  { flags: 0x0303, name: 'libz.so.1', path: '/usr/lib/glibc-hwcaps/x86-64-v3/libz.so.1', level: 'x86-64-v3' },
  { flags: 0x0303, name: 'libz.so.1', path: '/usr/lib/libz.so.1' },
  { flags: 0x0303, name: 'libx.so.010', path: '/usr/lib/libx.so.010' },
  { flags: 0x0003, name: 'libc.so.6', path: '/lib/libc.so.6' },
];

/** Caches: this machine's own, and each format. */
export function cacheSeeds(): readonly Uint8Array[] {
  const made = cacheFile(ENTRIES);
  const old = oldCache();
  const compat = Buffer.concat([old, Buffer.alloc((8 - (old.length % 8)) % 8), made]);
  return [...real('/etc/ld.so.cache').map((bytes) => bytes.slice(0, 8192)), made, old, compat];
}

/** The old format, its string offsets counted from the end of the table. */
function oldCache(): Buffer {
  const table = Buffer.alloc(16 + ENTRIES.length * 12);
  table.write('ld.so-1.7.0');
  table.writeUInt32LE(ENTRIES.length, 12);
  let strings = '';
  for (const [i, { flags, name, path }] of ENTRIES.entries()) {
    table.writeUInt32LE(flags, 16 + i * 12);
    table.writeUInt32LE(strings.length, 20 + i * 12);
    table.writeUInt32LE(strings.length + name.length + 1, 24 + i * 12);
    strings += `${name}\0${path}\0`;
  }
  return Buffer.concat([table, Buffer.from(strings)]);
}

const text = (...lines: readonly string[]): Uint8Array => Buffer.from(`${lines.join('\n')}\n`);

export function confSeeds(): readonly Uint8Array[] {
  return [
    ...real('/etc/ld.so.conf', '/etc/ld.so.conf.d/libc.conf', '/etc/ld.so.conf.d/x86_64-linux-gnu.conf'),
    text('include /etc/ld.so.conf.d/*.conf', '/opt/lib # comment', 'include\t/etc/ld.so.conf'),
    text('include [a-z]*/?*.conf {a,b}', '/usr/lib=libc6', 'hwcap 1 nosegneg', '  /a/b//  '),
  ];
}

export function scriptSeeds(): readonly Uint8Array[] {
  return [
    ...real('/usr/bin/ldd', '/usr/bin/which', '/usr/bin/c89').map((bytes) => bytes.slice(0, 300)),
    text('#!/bin/sh -e', 'exit'),
    text("#! /usr/bin/env -S FOO=bar node --import \"a b\" 'c\\'d' ${HOME} \\_x # y"),
    text('#!/usr/bin/env -i -u HOME -C /tmp -- A=1 python3'),
    text(`#!${'/very/long'.repeat(24)}/interpreter argument`),
  ];
}
