import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program header as readelf prints it. */
export interface ReadSegment {
  readonly type: string;
  readonly offset: number;
  readonly vaddr: number;
  readonly filesz: number;
  readonly memsz: number;
  readonly flags: string;
  readonly align: number;
}

/** What readelf tells of a file. */
export interface Reading {
  /** The whole text of `readelf -aW`. */
  readonly text: string;
  /** What it complains about. */
  readonly warnings: string;
  /** Fields of the ELF header by the label that readelf gives them. */
  readonly header: Readonly<Record<string, string>>;
  readonly segments: readonly ReadSegment[];
  /** Tag name and what follows it, in order. */
  readonly dynamic: readonly (readonly [tag: string, value: string])[];
  /** `TYPE BIND NDX NAME` of each dynamic symbol. */
  readonly symbols: readonly string[];
}

/** Runs the real readelf over bytes. */
export function readelf(bytes: Uint8Array): Reading {
  const directory = mkdtempSync(join(tmpdir(), 'mkrootfs-readelf-'));
  try {
    const file = join(directory, 'made');
    writeFileSync(file, bytes);
    const env = { ...process.env, LC_ALL: 'C' };
    const result = spawnSync('readelf', ['-aW', file], { encoding: 'utf8', env, maxBuffer: 1 << 28 });
    assert.equal(result.error, undefined);
    const { stdout: text, stderr: warnings } = result;
    return { text, warnings, ...parsed(text) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function parsed(text: string): Pick<Reading, 'header' | 'segments' | 'dynamic' | 'symbols'> {
  const head = text.slice(0, text.indexOf('\n\n'));
  const header = Object.fromEntries(
    [...head.matchAll(/^ {2}(\S[^:]*): +(.*?) *$/gm)].map(([, label, value]) => [label, value]),
  );
  const hex = '0x([0-9a-f]+)';
  const row = new RegExp(`^ {2}(\\S+) +${hex} ${hex} ${hex} ${hex} ${hex} (.{3}) ${hex}$`, 'gm');
  const segments = [...text.matchAll(row)].map((match) => {
    const [, type = '', offset, vaddr, , filesz, memsz, flags = '', align] = match;
    const number = (digits = ''): number => Number.parseInt(digits, 16);
    return {
      type,
      offset: number(offset),
      vaddr: number(vaddr),
      filesz: number(filesz),
      memsz: number(memsz),
      flags,
      align: number(align),
    };
  });
  const dynamic = [...text.matchAll(/^ 0x[0-9a-f]+ \(([^)]*)\) +(.*?) *$/gm)].map(
    ([, tag = '', value = '']) => [tag, value] as const,
  );
  const symbol = /^ +\d+: [0-9a-f]+ +\d+ (\S+) +(\S+) +\S+ +(\S+) (.+?)(?: \(\d+\))?$/gm;
  const symbols = [...text.matchAll(symbol)].map(
    ([, type, bind, section, name]) => `${type} ${bind} ${section === 'UND' ? 'UND' : 'DEF'} ${name}`,
  );
  return { header, segments, dynamic, symbols };
}
