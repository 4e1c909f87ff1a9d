import assert from 'node:assert/strict';
import type { ElfImage } from '../../src/elf/image.ts';
import { platformOf } from '../../src/plan/platform.ts';
import { planOf } from '../emit/helpers/plan.ts';

function platform(image: Partial<ElfImage> | null): string {
  const { closure } = planOf([]);
  const node = { image, role: 'program', path: '/a', realPath: '/a', hops: [] };
  const plan = { machine: image?.machine ?? 0, closure: { ...closure, nodes: [node] } };
  const { os, architecture, variant } = platformOf(plan as unknown as Parameters<typeof platformOf>[0]);
  return [os, architecture, variant].filter((word) => word !== undefined).join('/');
}

describe('platformOf', () => {
  for (const [machine, bits, byteOrder, flags, expected] of [
    [62, 64, 'LE', 0, 'linux/amd64'],
    [62, 32, 'LE', 0, 'linux/amd64p32'],
    [3, 32, 'LE', 0, 'linux/386'],
    [183, 64, 'LE', 0, 'linux/arm64/v8'],
    [40, 32, 'LE', 0x0500_0400, 'linux/arm/v7'],
    [40, 32, 'LE', 0x0500_0200, 'linux/arm/v5'],
    [243, 64, 'LE', 0, 'linux/riscv64'],
    [22, 64, 'BE', 0, 'linux/s390x'],
    [21, 64, 'LE', 0, 'linux/ppc64le'],
    [21, 64, 'BE', 0, 'linux/ppc64'],
    [8, 64, 'LE', 0, 'linux/mips64le'],
    [8, 32, 'BE', 0, 'linux/mips'],
    [258, 64, 'LE', 0, 'linux/loong64'],
    [4242, 64, 'LE', 0, 'linux/unknown'],
  ] as const) {
    it(`is ${expected} for machine ${machine} of ${bits} bits, ${byteOrder}, flags 0x${flags.toString(16)}`, () => {
      assert.equal(platform({ machine, class: bits, byteOrder, flags }), expected);
    });
  }

  it('is unknown where nothing is ELF', () => {
    assert.equal(platform(null), 'linux/unknown');
  });
});
