import assert from 'node:assert/strict';
import { accessSync, closeSync, constants, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import * as elfinfo from 'elfinfo';
import { type ElfHeader, isElf, parseHeader } from '../../src/elf/header.ts';
import { readSegments } from '../../src/elf/program-headers.ts';
import { sourceOf } from './bytes-of.ts';

const HEAD = 16_384;
/** e_shoff, and e_shnum with e_shstrndx: with these zero elfinfo reads no section, which takes it minutes. */
const SECTIONS = { 64: [40, 48, 60, 64], 32: [32, 36, 48, 52] } as const;

/** The heads of all ELF files below a directory, links not followed. */
function* heads(directory: string): Generator<readonly [path: string, head: Buffer]> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (!isReadable(path)) continue;
    if (entry.isDirectory()) yield* heads(path);
    if (!entry.isFile()) continue;
    const head = Buffer.alloc(HEAD);
    const fd = openSync(path, 'r');
    const bytes = head.subarray(0, readSync(fd, head, 0, HEAD, 0));
    closeSync(fd);
    if (isElf(bytes)) yield [path, bytes];
  }
}

/** An ordinary user may not read everything. */
function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function fieldsOf(header: ElfHeader, head: Buffer, path: string): unknown {
  const segments = readSegments(sourceOf(head), head, header, path);
  const rows = segments.map(({ type, offset, vaddr, filesz, memsz }) => [type, offset, vaddr, filesz, memsz]);
  return { class: header.class, byteOrder: header.byteOrder, machine: header.machine, rows };
}

async function fieldsByElfinfo(header: ElfHeader, head: Buffer): Promise<unknown> {
  const bytes = Buffer.from(head);
  const [from, to, alsoFrom, alsoTo] = SECTIONS[header.class];
  bytes.fill(0, from, to).fill(0, alsoFrom, alsoTo);
  const { elf } = await elfinfo.open(bytes);
  if (elf === undefined) return 'elfinfo cannot read it';
  const numbers = elf.segments.map(({ type, offset, vaddr, filesz, memsz }) => [
    type,
    offset,
    vaddr,
    filesz,
    memsz,
  ]);
  const rows = numbers.map((row) => row.map(Number));
  const bits = Number(elf.class) === 2 ? 64 : 32;
  return { class: bits, byteOrder: Number(elf.data) === 1 ? 'LE' : 'BE', machine: Number(elf.isa), rows };
}

describe('every ELF file of this machine', () => {
  for (const directory of ['/usr/bin', '/usr/sbin', '/usr/lib']) {
    it(`has the header and segments that elfinfo sees, below ${directory}`, async function () {
      this.timeout(300_000);
      let files = 0;
      for (const [path, head] of heads(directory)) {
        const header = parseHeader(head, path);
        if (header.phoff + header.phnum * header.phentsize > head.length) continue;
        assert.deepEqual(fieldsOf(header, head, path), await fieldsByElfinfo(header, head), path);
        files++;
      }
      assert.ok(files > 20, `${files} files`);
    });
  }
});
