// node --import tsx test/fuzz/run.ts [--inputs N] [--seed S] [--targets elf,cache] [--only INPUT]
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Finding, fuzz, type Stretch } from './fuzz.ts';
import { TARGETS } from './targets.ts';

/** Inputs of one message to the child: what a hang or a death is narrowed to before it is told. */
const STRETCH = 5000;
/** How long the child may be silent: far above what as many inputs need. */
const SILENCE_MS = 60_000;
/** The most memory that the reading process may have had, tsx and node's own 90 MiB included. */
const MEMORY_KIB = 256 * 1024;

interface Answer {
  readonly findings: readonly Finding[];
  readonly peakKiB: number;
}

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    targets: { type: 'string', default: Object.keys(TARGETS).join(',') },
    only: { type: 'string' },
  },
});
const seed = Number(values.seed);
const targets = values.targets.split(',');

if (values.only !== undefined) {
  for (const target of targets) fuzz({ target, seed, from: Number(values.only), count: 1 }, console.log);
} else {
  process.exitCode = await all(Math.ceil(Number(values.inputs) / targets.length));
}

async function all(each: number): Promise<number> {
  let bad = 0;
  let tried = 0;
  let peak = 0;
  for (const target of targets) {
    const child = start();
    for (let from = 0; from < each; from += STRETCH) {
      const count = Math.min(STRETCH, each - from);
      const { findings, peakKiB } = await ask(child, { target, seed, from, count });
      tried += count;
      peak = Math.max(peak, peakKiB);
      for (const finding of findings) console.log(finding);
      bad += findings.length;
    }
    if (peak > MEMORY_KIB) bad++;
    console.log(`${target}: ${each} inputs, ${tried} in all, ${bad} findings, at most ${peak >>> 10} MiB`);
    child.kill();
  }
  return bad === 0 ? 0 : 1;
}

function start(): ChildProcess {
  return fork(join(import.meta.dirname, 'child.ts'), {
    execArgv: ['--import', 'tsx', '--max-old-space-size=192'],
  });
}

function ask(child: ChildProcess, stretch: Stretch): Promise<Answer> {
  return new Promise((answered, failed) => {
    const where = `${stretch.target}, seed ${stretch.seed}, inputs ${stretch.from} to ${stretch.from + stretch.count - 1}`;
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      failed(new Error(`no answer in ${SILENCE_MS} ms: ${where}`));
    }, SILENCE_MS);
    child.once('exit', (code, signal) => failed(new Error(`the reader died (${signal ?? code}): ${where}`)));
    child.once('message', (answer) => {
      clearTimeout(timer);
      child.removeAllListeners('exit');
      answered(answer as Answer);
    });
    child.send(stretch);
  });
}
