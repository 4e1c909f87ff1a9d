import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elfNames } from '../../src/cli/elf-names.ts';
import { inspectionText } from '../../src/report/inspection.ts';
import { memorySysroot } from '../../src/sysroot/memory.ts';
import { file } from '../../src/sysroot/memory-entries.ts';
import { type ByteSource, rootPath } from '../../src/sysroot/sysroot.ts';
import { buildElf } from '../../src/testing.ts';
import { mkrootfs, mkrootfsHere } from '../helpers/command-line.ts';

const EVERYTHING = buildElf({
  class: 32,
  byteOrder: 'BE',
  machine: 8,
  soname: 'libx.so.1',
  needed: ['liba.so', 'libb.so'],
  filter: ['libf.so'],
  auxiliary: ['libg.so'],
  rpath: '/old',
  audit: 'liba.so',
  verdef: ['X_1'],
  notes: { dlopen: [{ soname: ['libz.so.1', 'libz.so'], priority: 'recommended' }] },
});

for (const [how, start] of [
  ['as built', mkrootfs],
  ['from the sources', mkrootfsHere],
] as const) {
  describe(`mkrootfs inspect, ${how}`, () => {
    let cwd: string;
    beforeEach(() => {
      cwd = mkdtempSync(join(tmpdir(), 'mkrootfs-inspect-'));
      writeFileSync(join(cwd, 'everything'), EVERYTHING);
    });
    afterEach(() => rmSync(cwd, { recursive: true }));

    it('names every fact that a file has', async () => {
      const { code, stdout } = await start(['inspect', 'everything'], { cwd });
      assert.equal(code, 0);
      for (const fact of [
        'type          DYN (Shared)',
        'class         32-bit, big-endian',
        'machine       8 (MIPS R3000 big-endian)',
        'soname        libx.so.1',
        'needed        liba.so',
        '              libb.so',
        'filters       libf.so (DT_FILTER)',
        '              libg.so (DT_AUXILIARY)',
        'audit         liba.so',
        'rpath         /old',
        'defines       libx.so.1',
        '              X_1',
        'may dlopen    libz.so.1 or libz.so (recommended)',
      ]) {
        assert.ok(stdout.includes(`  ${fact}`), `${fact} in\n${stdout}`);
      }
      assert.doesNotMatch(stdout, /interpreter|runpath|build id/);
    });

    it('prints all files as one document with --json', async () => {
      writeFileSync(join(cwd, 'plain'), buildElf());
      const { stdout } = await start(['inspect', '--json', 'everything', 'plain'], { cwd });
      const { files } = JSON.parse(stdout);
      assert.deepEqual(
        files.map(({ path }: { path: string }) => path),
        [join(cwd, 'everything'), join(cwd, 'plain')],
      );
      assert.deepEqual(files[0].image.needed, ['liba.so', 'libb.so']);
      assert.equal(files[1].names.machine, 'AMD x86-64 architecture');
    });

    it('goes on to the next file, and ends with the code of a failure', async () => {
      writeFileSync(join(cwd, 'broken'), EVERYTHING.subarray(0, 60));
      const { code, stdout, stderr } = await start(['inspect', 'broken', 'nosuch/x', 'everything'], { cwd });
      assert.equal(code, 4);
      assert.match(stdout, /libx\.so\.1/);
      assert.match(
        stderr,
        /^mkrootfs: cannot read ELF file .*broken: .*\nmkrootfs: cannot find .*nosuch\/x: /,
      );
    });
  });
}

describe('names by elfinfo', () => {
  for (const [bits, order] of [
    [32, 'LE'],
    [32, 'BE'],
    [64, 'LE'],
    [64, 'BE'],
  ] as const) {
    it(`are found for ${bits}-bit ${order} files without a look at a section`, async () => {
      const names = await elfNames(
        source(buildElf({ class: bits, byteOrder: order, machine: 62 })),
        bits,
        order,
      );
      assert.equal(names?.machine, 'AMD x86-64 architecture');
      assert.ok(names.segments.some(({ type }) => type === 'Dynamic'));
    });
  }

  it('leave segments out where their table lies outside the head', async () => {
    const far = buildElf({ programHeaders: 'end', code: new Uint8Array(8192) });
    const names = await elfNames(source(far), 64, 'LE');
    assert.equal(names?.type, 'Shared');
    assert.deepEqual(names.segments, []);
  });

  it('spell a type that nobody knows in hex', async () => {
    const odd = buildElf({ segments: [{ type: 0x6fff1234 }, { type: 7 }] });
    const names = await elfNames(source(odd), 64, 'LE');
    const types = names?.segments.map(({ type }) => type);
    assert.ok(types?.includes('0x6fff1234'), String(types));
    assert.ok(types?.includes('Thread-local storage'));
  });

  it('are none for what elfinfo cannot read', async () => {
    assert.equal(await elfNames(source(new Uint8Array(64)), 64, 'LE'), null);
    const text = inspectionText({
      path: '/x',
      image: {
        class: 64,
        byteOrder: 'LE',
        machine: 999,
        type: 'OTHER',
        osAbi: 7,
        interpreter: null,
        soname: null,
        needed: [],
        filters: [],
        audit: [],
        rpath: null,
        runpath: null,
        verneed: [],
        verdef: null,
      },
      notes: { buildId: null, abiTag: null, dlopen: [] },
      names: null,
    });
    assert.equal(
      text,
      '/x\n  type          OTHER\n  class         64-bit, little-endian\n  machine       999\n  ABI           7\n',
    );
  });
});

function source(bytes: Uint8Array): ByteSource {
  const opened = memorySysroot({ '/f': file(bytes) }).open(rootPath('/f'));
  if (typeof opened === 'string') throw new Error(opened);
  return opened;
}
