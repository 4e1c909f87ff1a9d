import { chmodSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildElf } from '../../src/testing.ts';

const INTERPRETER = '/lib64/ld-linux-x86-64.so.2';
const LOADER = buildElf({
  soname: 'ld-linux-x86-64.so.2',
  // What glibc's build puts into .rodata: the directories searched last.
  code: Buffer.from('/lib64/\0/usr/lib64/\0'),
});
const APP = buildElf({
  interpreter: INTERPRETER,
  needed: ['libgreet.so.1', 'libc.so.6'],
  runpath: '$ORIGIN/../lib/app',
  notes: { buildId: '00112233445566778899aabbccddeeff00112233', abiTag: '3.2.0' },
  verneed: [{ file: 'libc.so.6', versions: ['GLIBC_2.2.5', { name: 'GLIBC_2.34', weak: true }] }],
});

/** Paths below the working directory of the snapshots, and what stands there. */
const FILES: Readonly<Record<string, Uint8Array | string>> = {
  'sysroot/usr/lib64/ld-linux-x86-64.so.2': LOADER,
  'sysroot/usr/lib64/libc.so.6': buildElf({
    soname: 'libc.so.6',
    needed: ['ld-linux-x86-64.so.2'],
    verdef: ['GLIBC_2.2.5', 'GLIBC_2.34'],
  }),
  'sysroot/usr/lib/app/libgreet.so.1.0': buildElf({ soname: 'libgreet.so.1', needed: ['libc.so.6'] }),
  'sysroot/usr/bin/app': APP,
  'sysroot/usr/bin/static': buildElf({ type: 'EXEC' }),
  'sysroot/usr/bin/script': '#!/bin/app -x\n',
  'sysroot/usr/bin/broken': buildElf({
    interpreter: INTERPRETER,
    needed: ['libgone.so.3', 'libc.so.6'],
    rpath: '/opt/old:/opt/lib',
  }),
  'sysroot/usr/bin/too-new': buildElf({
    interpreter: INTERPRETER,
    needed: ['libc.so.6'],
    verneed: [{ file: 'libc.so.6', versions: ['GLIBC_2.99'] }],
  }),
  'sysroot/usr/bin/unbound': buildElf({
    interpreter: INTERPRETER,
    needed: ['libc.so.6'],
    imports: [
      'hello',
      { name: 'exit', from: 'libc.so.6', version: 'GLIBC_2.34' },
      { name: 'maybe', weak: true },
    ],
    bind: true,
  }),
  'sysroot/usr/bin/no-loader': buildElf({ interpreter: '/lib/ld-gone.so.1', needed: ['libc.so.6'] }),
  'sysroot/usr/bin/text': 'I am no program.\n',
  'sysroot/usr/bin/empty': '',
  'sysroot/usr/bin/truncated': APP.subarray(0, 100),
  'sysroot/opt/lib/libgone.so.3': buildElf({ class: 32, soname: 'libgone.so.3' }),
  'sysroot/etc/app.conf': 'colour = green\n',
  'files/app': APP,
  'files/text': 'I am no program.\n',
  'list.txt': '/bin/app\n/bin/static\n',
  'taken/file': 'this was here before\n',
};

const LINKS: Readonly<Record<string, string>> = {
  'sysroot/bin': 'usr/bin',
  'sysroot/lib': 'usr/lib',
  'sysroot/lib64': 'usr/lib64',
  'sysroot/usr/lib/app/libgreet.so.1': 'libgreet.so.1.0',
};

/** A fresh directory with a small distribution in `sysroot`, the same bytes on every machine. */
export function madeUpDirectory(): string {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'mkrootfs-cli-')));
  for (const [path, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), content);
    chmodSync(join(top, path), /\/bin\/|\/ld-/.test(path) ? 0o755 : 0o644);
  }
  for (const [path, target] of Object.entries(LINKS)) symlinkSync(target, join(top, path));
  return top;
}
