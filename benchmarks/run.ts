// `npm run bench` measures every row, `npm run bench -- P4 P8` those of some goals. Prints a table and writes JSON.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
// @ts-expect-error: a plain script that runs before anything is installed has no types
import { installDebianPackages } from '../test/setup.mjs';
import { measurePair, type Ratio } from './pair.ts';
import { ROWS, type Row } from './rows.ts';

interface Measured extends Ratio {
  readonly goal: string;
  readonly title: string;
  readonly gate: number;
  readonly met: boolean;
}

const wanted = process.argv.slice(2);
const rows = ROWS.filter(({ goal }) => wanted.length === 0 || wanted.includes(goal));
installDebianPackages(join(import.meta.dirname, 'packages.txt'));

const measured: Measured[] = [];
console.log(line('goal', 'ours / peer', 'ratio', 'gate', 'ours ms', 'peer ms', 'spread'));
for (const row of rows) {
  const absent = row.needs.filter((name) => !isInstalled(name));
  if (absent.length > 0) console.log(line(row.goal, `${row.title}: not measured, no ${absent.join(', ')}`));
  else measured.push(measure(row));
}
writeResults(measured);

function measure({ goal, title, gate, pairs, commands }: Row): Measured {
  const { ours, peer } = commands();
  const ratio = measurePair(ours, peer, pairs);
  const met = ratio.median <= gate;
  const spread = `${ratio.least.toFixed(2)}-${ratio.most.toFixed(2)}`;
  const times = [ratio.ours.toFixed(1), ratio.peer.toFixed(1)];
  console.log(
    line(goal, title, ratio.median.toFixed(3), `${gate.toFixed(3)}${met ? '' : ' !'}`, ...times, spread),
  );
  return { goal, title, gate, met, ...ratio };
}

function writeResults(results: readonly Measured[]): void {
  const directory = join(import.meta.dirname, 'results');
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'latest.json');
  const node = process.version;
  const kernel = execFileSync('uname', ['-sr'], { encoding: 'utf8' }).trim();
  writeFileSync(file, `${JSON.stringify({ node, kernel, results }, null, 2)}\n`);
  const met = results.filter((result) => result.met).length;
  console.log(`${met} of ${results.length} gates met; written to ${file}`);
}

function isInstalled(name: string): boolean {
  return spawnSync('dpkg-query', ['--status', name]).status === 0;
}

function line(goal: string, title: string, ...columns: readonly string[]): string {
  return [goal.padEnd(4), title.padEnd(44), ...columns.map((column) => column.padStart(10))]
    .join(' ')
    .trimEnd();
}
