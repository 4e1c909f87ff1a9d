/**
 * A process of its own for what a test cannot change in itself: `FORMAT OUTPUT [UMASK]`, the plan as JSON on
 * standard input. Says on standard error, as JSON, the report or the error.
 */
import { readFileSync } from 'node:fs';
import { emit } from '../../../src/emit/index.ts';
import { isRootfsError } from '../../../src/errors.ts';
import type { Format } from '../../../src/options.ts';
import { hostFiles } from './plan.ts';

const [format, output, umask] = process.argv.slice(2);
if (umask !== undefined) process.umask(Number.parseInt(umask, 8));
const plan = JSON.parse(readFileSync(0, 'utf8'));
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
try {
  const options = { format: format as Format, output: output as string, force: true, signal: stop.signal };
  process.stderr.write(JSON.stringify(await emit(plan, hostFiles(), options)));
} catch (error) {
  if (!isRootfsError(error)) throw error;
  process.stderr.write(JSON.stringify({ code: error.code, message: error.message }));
  process.exitCode = 1;
}
