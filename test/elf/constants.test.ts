import assert from 'node:assert/strict';
import * as constants from '../../src/elf/constants.ts';
import { DYNAMIC_TAGS, SEGMENT_TYPES } from '../../src/testing/elf/names.ts';

describe('Numbers of elf.h', () => {
  const ours = constants as unknown as Readonly<Record<string, unknown>>;

  it("the reader's and the writer's agree", () => {
    let compared = 0;
    const tables = [
      ['DT_', DYNAMIC_TAGS],
      ['PT_', SEGMENT_TYPES],
    ] as const;
    for (const [prefix, table] of tables) {
      for (const [name, value] of Object.entries(table)) {
        if (!(`${prefix}${name}` in ours)) continue;
        assert.equal(ours[`${prefix}${name}`], value, name);
        compared++;
      }
    }
    assert.ok(compared > 20);
  });

  it('machines have the names of elf.h', () => {
    assert.deepEqual([3, 8, 21, 22, 40, 62, 183, 243, 258, 9999].map(constants.machineName), [
      '386',
      'mips',
      'ppc64',
      's390',
      'arm',
      'x86_64',
      'aarch64',
      'riscv',
      'loongarch',
      'machine_9999',
    ]);
  });
});
