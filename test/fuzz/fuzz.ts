import { isRootfsError } from '../../src/errors.ts';
import { random } from '../helpers/random.ts';
import { mutated } from './mutate.ts';
import { TARGETS, type Target } from './targets.ts';

/** Longest processor time that one input may take: the clock also counts what other processes do. */
export const SLOW_MS = 1000;

/** One input that did what none may do. */
export interface Finding {
  readonly target: string;
  readonly seed: number;
  readonly input: number;
  readonly what: string;
}

/** A stretch of inputs of one target. */
export interface Stretch {
  readonly target: string;
  readonly seed: number;
  readonly from: number;
  readonly count: number;
}

type Targets = Readonly<Record<string, Target>>;

const seedsOf = new Map<string, readonly Uint8Array[]>();

/** The bytes of one input: the same whenever seed and number are. */
export function inputBytes(
  { target, seed }: Pick<Stretch, 'target' | 'seed'>,
  input: number,
  targets: Targets = TARGETS,
): Uint8Array {
  const seeds = seedsOf.get(target) ?? (targets[target] as Target).seeds();
  seedsOf.set(target, seeds);
  const chosen = random(seed, input);
  return mutated(chosen.pick(seeds), chosen);
}

/** Reads a stretch of inputs; a reader may refuse one with a RootfsError, and must do so within a second. */
export function fuzz(stretch: Stretch, report: (finding: Finding) => void, targets: Targets = TARGETS): void {
  const { target, seed, from, count } = stretch;
  const { read } = targets[target] as Target;
  for (let input = from; input < from + count; input++) {
    const bytes = inputBytes(stretch, input, targets);
    const started = process.cpuUsage();
    try {
      read(bytes);
    } catch (error) {
      if (!isRootfsError(error)) {
        report({
          target,
          seed,
          input,
          what: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
      }
    }
    const { user, system } = process.cpuUsage(started);
    const took = (user + system) / 1000;
    if (took > SLOW_MS) report({ target, seed, input, what: `took ${Math.round(took)} ms` });
  }
}
