// npm run bench [-- GOAL... | micro] [--effort N] [--docs]
//   npm run bench             every goal: installs the peers, runs the pairs, prints the table, writes JSON
//   npm run bench -- P4 P5    some of them
//   npm run bench -- micro    the hot functions alone, by tinybench
//   --effort 0.3              fewer pairs
//   --docs                    puts table and plot into docs/
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
// @ts-expect-error: a plain script that runs before anything is installed has no types
import { installDebianPackages } from '../test/setup.mjs';
import { runMicro } from './micro.ts';
import { isInstalled, type Machine, machine, PACKAGES } from './peers.ts';
import { plot } from './plot.ts';
import type { Row } from './row.ts';
import { ROWS } from './rows/index.ts';
import { isMet, line, type Measured, table } from './table.ts';

const RESULTS = join(import.meta.dirname, 'results');
const DOCS = join(import.meta.dirname, '../docs');
const MARKS = ['<!-- results -->', '<!-- end of results -->'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { effort: { type: 'string', default: '1' }, docs: { type: 'boolean', default: false } },
});
const effort = Number(values.effort);
if (!(effort > 0)) throw new RangeError('--effort takes a number above 0');

if (positionals.includes('micro')) {
  await runMicro(join(import.meta.dirname));
} else {
  await runRows(chosen(positionals));
}

async function runRows(rows: readonly Row[]): Promise<void> {
  installDebianPackages(PACKAGES);
  const before = machine();
  const measured: Measured[] = [];
  for (const row of rows) {
    const one = { row, result: measure(row) };
    console.log(line(one));
    measured.push(one);
  }
  const report = { machine: before, rows: measured };
  console.log(`\n${table(measured)}\n${summary(measured)}`);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'results.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(RESULTS, 'results.svg'), plot(measured));
  if (values.docs) writeDocs(report.machine, measured);
}

function measure(row: Row): Measured['result'] {
  const absent = (row.needs ?? []).filter((name) => !isInstalled(name));
  if (absent.length > 0) return `not measured: no ${absent.join(', ')}`;
  try {
    return row.measure({ effort });
  } catch (error) {
    // One peer that breaks must not cost the rows after it; its own row shows that nothing was measured.
    console.error(error);
    return `not measured: ${(error as Error).message.split('\n')[0]?.slice(0, 120)}`;
  }
}

function chosen(ids: readonly string[]): readonly Row[] {
  const known = new Set(ROWS.map(({ id }) => id));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0)
    throw new RangeError(`no goal ${unknown.join(', ')}; there are ${[...known].join(' ')}`);
  return ids.length === 0 ? ROWS : ROWS.filter(({ id }) => ids.includes(id));
}

function summary(measured: readonly Measured[]): string {
  const met = measured.filter((one) => isMet(one) === true).length;
  return `${met} of ${measured.length} gates hold`;
}

/** Replaces the part of docs/performance.md that is measured. */
function writeDocs(
  { cpu, cores, memoryGiB, load, kernel, node, packages }: Machine,
  measured: readonly Measured[],
): void {
  const page = join(DOCS, 'performance.md');
  const text = readFileSync(page, 'utf8');
  const [start, end] = MARKS.map((mark) => text.indexOf(mark));
  if (start === undefined || end === undefined || start < 0 || end < start) {
    throw new Error(`${page} has no ${MARKS.join(' ... ')}`);
  }
  const names = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  const commands = measured.flatMap(({ row, result }) =>
    typeof result === 'string' ? [] : [`# ${row.id} ${row.title}`, ...result.commands],
  );
  const body = [
    `${MARKS[0]}\n`,
    `${cpu}, ${cores} cores, ${memoryGiB} GiB, load ${load.toFixed(1)}, Linux ${kernel}, Node ${node}; ${names.join(', ')}.\n`,
    table(measured),
    `${summary(measured)}.\n\n![Each value as a share of its gate](performance.svg)\n`,
    `Commands:\n\n\`\`\`\n${commands.join('\n')}\n\`\`\`\n`,
  ].join('\n');
  writeFileSync(page, `${text.slice(0, start)}${body}\n${text.slice(end)}`);
  writeFileSync(join(DOCS, 'performance.svg'), plot(measured));
}
