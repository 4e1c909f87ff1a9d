import assert from 'node:assert/strict';
import { type Finding, fuzz, inputBytes } from './fuzz.ts';
import { TARGETS } from './targets.ts';

/** Inputs of each target in one run of the tests; `run.ts` tries any number. */
const INPUTS = 1500;
const SEED = 1;

describe('readers of hostile bytes', () => {
  for (const target of Object.keys(TARGETS)) {
    it(`${target}: ${INPUTS} damaged files are read or refused, none in more than a second`, function () {
      this.timeout(60_000);
      const findings: Finding[] = [];
      fuzz({ target, seed: SEED, from: 0, count: INPUTS }, (finding) => findings.push(finding));
      assert.deepEqual(findings, []);
    });
  }

  it('an input comes again with its seed and number', () => {
    const once = inputBytes({ target: 'elf', seed: 5 }, 17);
    assert.deepEqual(inputBytes({ target: 'elf', seed: 5 }, 17), once);
    assert.notDeepEqual(inputBytes({ target: 'elf', seed: 5 }, 18), once);
  });

  it('a reader that throws anything but a RootfsError is found out', () => {
    const findings: Finding[] = [];
    const broken = {
      seeds: () => [Uint8Array.of(1, 2, 3)],
      read: () => {
        throw new RangeError('out of range');
      },
    };
    fuzz({ target: 'broken', seed: 1, from: 0, count: 2 }, (finding) => findings.push(finding), { broken });
    assert.deepEqual(
      findings.map(({ input, what }) => [input, what.split('\n')[0]]),
      [
        [0, 'RangeError: out of range'],
        [1, 'RangeError: out of range'],
      ],
    );
  });
});
