// find /usr -type f | node --import tsx test/whole-machine/run.ts [--symbols] [--every N]
// Compares the link map of every ELF file that standard input names with the one of this machine's own loader.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Comparison, type Outcome } from './compare.ts';

const { values } = parseArgs({
  options: { symbols: { type: 'boolean', default: false }, every: { type: 'string', default: '1' } },
});
const comparison = new Comparison(values.symbols);
const counts = new Map<string, number>();
const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
const files = readFileSync(0, 'utf8')
  .split('\n')
  .filter((line) => line !== '');

for (const file of files.filter((_, at) => at % Number(values.every) === 0)) {
  const outcome = outcomeOf(file);
  count(outcome.kind === 'left-out' ? `left out: ${outcome.why}` : outcome.kind);
  if (outcome.kind === 'different') console.log(`${file}: ${outcome.what}`);
}
console.log(Object.fromEntries([...counts].sort()));
process.exitCode = counts.has('different') ? 1 : 0;

/** A file that cannot even be started is told of, and the rest goes on. */
function outcomeOf(file: string): Outcome {
  try {
    return comparison.of(file);
  } catch (error) {
    return { kind: 'different', what: String(error) };
  }
}
