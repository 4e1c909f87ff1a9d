import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as elfinfo from 'elfinfo';
import { parseHeader } from '../../src/elf/header.ts';
import { readSegments } from '../../src/elf/program-headers.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { needs } from '../helpers/capabilities.ts';
import { sourceOf } from './bytes-of.ts';

const DIRECTORIES = [
  '/usr/bin',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/aarch64-linux-gnu/lib',
  '/usr/s390x-linux-gnu/lib',
  '/usr/mips-linux-gnu/lib',
];
const LARGE = 4 << 20;

/** A sample of the machine's ELF files: every n-th of each directory. */
function sample(): readonly string[] {
  return DIRECTORIES.flatMap((directory) => {
    const files = namesIn(directory).filter(isSmallElf);
    const step = Math.max(1, Math.floor(files.length / 25));
    return files.filter((_file, i) => i % step === 0);
  });
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).map((name) => join(directory, name));
  } catch {
    return [];
  }
}

function isSmallElf(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile() || stat.size > LARGE || stat.size < 64) return false;
  return readFileSync(path).subarray(0, 4).toString('latin1') === '\x7fELF';
}

describe('Real ELF files beside other readers', () => {
  const files = sample();

  it('elfinfo sees the same header and segments', async () => {
    for (const path of files) {
      const bytes = readFileSync(path);
      const header = parseHeader(bytes.subarray(0, 4096), path);
      const segments = readSegments(sourceOf(bytes), bytes.subarray(0, 4096), header, path);
      // Its section and symbol reading takes seconds; header and segments are what is compared.
      const head = Buffer.from(bytes);
      const sections = header.class === 64 ? [40, 48, 60, 64] : [32, 36, 48, 52];
      head.fill(0, sections[0], sections[1]);
      head.fill(0, sections[2], sections[3]);
      const opened = await elfinfo.open(head);
      assert.ok(opened.success && opened.elf !== undefined, path);
      const theirs = opened.elf;
      assert.deepEqual(
        [Number(theirs.class) === 2 ? 64 : 32, Number(theirs.data) === 1 ? 'LE' : 'BE', Number(theirs.isa)],
        [header.class, header.byteOrder, header.machine],
        path,
      );
      assert.deepEqual(
        theirs.segments.map((segment) => [
          Number(segment.type),
          Number(segment.offset),
          Number(segment.vaddr),
          Number(segment.filesz),
          Number(segment.memsz),
        ]),
        segments.map(({ type, offset, vaddr, filesz, memsz }) => [type, offset, vaddr, filesz, memsz]),
        path,
      );
    }
  }).timeout(60_000);

  it('readelf sees the same dynamic table and versions', function () {
    needs(this, { tool: 'readelf', package: 'binutils' });
    assert.ok(files.length > 20, `${files.length} files`);
    for (const path of files) {
      const image = readElf(sourceOf(readFileSync(path)), path);
      const { stdout } = spawnSync('readelf', ['-dVW', path], {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C' },
        maxBuffer: 1 << 26,
      });
      const tagged = (tag: string): readonly string[] =>
        [...stdout.matchAll(new RegExp(`\\(${tag}\\)[^\\[\\n]*\\[(.*)\\]$`, 'gm'))].map(
          ([, value]) => value as string,
        );
      assert.deepEqual(image.needed, tagged('NEEDED'), path);
      assert.deepEqual([image.soname ?? []].flat(), tagged('SONAME'), path);
      assert.deepEqual([image.runpath ?? []].flat(), tagged('RUNPATH'), path);
      assert.deepEqual([image.rpath ?? []].flat(), tagged('RPATH'), path);
      assert.deepEqual(
        image.verneed.map(({ file, version, weak }) => `${file} ${version} ${weak}`),
        verneedOf(stdout),
        path,
      );
      assert.deepEqual(image.verdef ?? [], verdefOf(stdout), path);
    }
  }).timeout(120_000);
});

function verneedOf(text: string): readonly string[] {
  let file = '';
  const needs: string[] = [];
  for (const [, name, version, flags] of text.matchAll(
    /(?:Version: 1 {2}File: (\S+)|Name: (\S+) {2}Flags: (.*?) {2}Version: \d+$)/gm,
  )) {
    if (name !== undefined) file = name;
    else needs.push(`${file} ${version} ${/WEAK/.test(flags ?? '')}`);
  }
  return needs;
}

function verdefOf(text: string): readonly string[] {
  return [...text.matchAll(/Rev: 1 {2}Flags: .*? Index: \d+ {2}Cnt: \d+ {2}Name: (\S+)$/gm)].map(
    ([, name]) => name as string,
  );
}
