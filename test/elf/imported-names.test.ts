import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readImportedNames } from '../../src/elf/imported-names.ts';
import { hostSysroot } from '../../src/sysroot/host.ts';
import { rootPath, type Sysroot } from '../../src/sysroot/sysroot.ts';
import { buildElf, type ElfSpec, file, memorySysroot } from '../../src/testing.ts';
import { needs } from '../helpers/capabilities.ts';

function importsOf(sysroot: Sysroot, name: string): readonly string[] {
  const source = sysroot.open(rootPath(name));
  assert.ok(typeof source !== 'string');
  try {
    return [...readImportedNames(source, name)];
  } finally {
    source.close();
  }
}

const read = (spec: ElfSpec): readonly string[] =>
  importsOf(memorySysroot({ '/f': file(buildElf(spec)) }), '/f');

describe('readImportedNames', () => {
  const kinds: readonly ElfSpec[] = [
    {},
    { class: 32 },
    { byteOrder: 'BE', machine: 22 },
    { class: 32, byteOrder: 'BE', machine: 20 },
    { hash: 'sysv' },
    { hash: 'gnu' },
    { hash: 'none' },
  ];
  for (const kind of kinds) {
    it(`gives what a file wants and not what it has: ${JSON.stringify(kind)}`, () => {
      const spec = { ...kind, imports: ['puts', { name: 'weak', weak: true }], exports: ['own', 'puts2'] };
      assert.deepEqual([...read(spec)].sort(), ['puts', 'weak']);
    });
  }

  it('gives nothing of a file without symbols', () => {
    assert.deepEqual(read({}), []);
    assert.deepEqual(read({ type: 'EXEC', dynamic: false }), []);
  });

  it('refuses a table outside the file', () => {
    const patch = [{ field: 'd_val', entry: 'SYMTAB', value: 0x7fff_0000 }] as const;
    assert.throws(() => read({ imports: ['puts'], patch }), { code: 'ERR_MALFORMED_ELF' });
  });

  for (const path of [
    '/bin/bash',
    '/usr/lib/x86_64-linux-gnu/libcrypto.so.3',
    '/usr/lib/x86_64-linux-gnu/libc.so.6',
  ]) {
    it(`agrees with nm about ${path}`, function () {
      needs(this, { tool: 'nm', package: 'binutils' }, { tool: path, package: 'openssl' });
      const { stdout } = spawnSync('nm', ['-D', '--undefined-only', '--without-symbol-versions', path], {
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      });
      const names = new Set(stdout.split('\n').flatMap((line) => /\s[Uwv]\s(\S+)$/.exec(line)?.[1] ?? []));
      assert.ok(names.size > 0);
      assert.deepEqual(importsOf(hostSysroot(), path).toSorted(), [...names].sort());
    });
  }
});
