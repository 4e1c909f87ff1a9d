/** Run as a process of its own: writes a plan of every kind, as `FORMAT OUTPUT [UMASK]` say. */
import { emit } from '../../../src/emit/index.ts';
import type { Format } from '../../../src/options.ts';
import { everyKind } from './every-kind.ts';
import { hostFiles, planOf } from './plan.ts';

const [format, output, umask] = process.argv.slice(2);
if (umask !== undefined) process.umask(Number.parseInt(umask, 8));
try {
  await emit(planOf(everyKind()), hostFiles(), { format: format as Format, output: output as string });
} catch (error) {
  process.stderr.write(`${(error as { code: string }).code} ${(error as Error).message}\n`);
  process.exitCode = 1;
}
