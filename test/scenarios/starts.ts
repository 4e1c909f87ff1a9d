import assert from 'node:assert/strict';
import { isRootfsError } from '../../src/errors.ts';
import { resolve } from '../../src/ldso/resolve.ts';
import { hostSysroot } from '../../src/sysroot/host.ts';
import { memorySysroot } from '../../src/sysroot/memory.ts';
import type { Sysroot } from '../../src/sysroot/sysroot.ts';
import { askable, wholeTree, withDisk } from './harness.ts';
import { MACHINES, type Machine } from './machines.ts';
import { run } from './oracle.ts';
import { inMemory, type Tree } from './tree.ts';

/**
 * One start of a program or script by the kernel: what is resolved for it, and whether the kernel and the loader
 * start it.
 */
export interface Start {
  readonly title: string;
  /** The x86-64 loader is put there too. */
  readonly tree: Tree;
  /** @default '/app' */
  readonly program?: string;
  /** Paths resolved, the program itself first; in load order. */
  readonly objects?: readonly string[];
  readonly missing?: readonly string[];
  /** Message of the error in place of a result. */
  readonly error?: RegExp;
  /** Why the kernel does not start it; otherwise it ends with status 0 where nothing is missing. */
  readonly refused?: RegExp;
  /** Exit status of what is started, where that is none of ours. @default 0, or not 0 where something is missing */
  readonly status?: number;
  readonly noOracle?: string;
}

/** Declares the tests of one rule about what is started. */
export function starts(rule: string, cases: readonly Start[]): void {
  const machine = MACHINES.x86_64 as Machine;
  describe(rule, () => {
    for (const one of cases) {
      it(one.title, () => resolves(memorySysroot(inMemory(wholeTree(one, machine))), one));
      if (one.noOracle !== undefined) continue;
      it(`${one.title} (as the kernel says)`, function () {
        askable(this, machine);
        withDisk(one, machine, (root) => {
          resolves(hostSysroot(root), one);
          kernelAgrees(root, one, machine);
        });
      });
    }
  });
}

function resolves(sysroot: Sysroot, one: Start): void {
  const program = one.program ?? '/app';
  if (one.error !== undefined) {
    assert.throws(
      () => resolve(program, sysroot),
      (error) => isRootfsError(error) && one.error?.test(error.message) === true,
    );
    return;
  }
  const { objects, missing } = resolve(program, sysroot, { cpu: { levels: [], platform: null } });
  assert.deepEqual(
    { objects: objects.map(({ path }) => path), missing: missing.map(({ name }) => name) },
    { objects: one.objects, missing: one.missing ?? [] },
  );
}

function kernelAgrees(root: string, one: Start, machine: Machine): void {
  const start = { program: one.program ?? '/app', libraryPath: undefined, preload: undefined };
  const { status, stderr } = run(root, machine, { ...start, explicit: false, uid: 0 });
  if (one.refused !== undefined) {
    assert.match(stderr, one.refused);
    assert.ok(status === 126 || status === 127, `ended with ${status}`);
  } else if (one.missing === undefined) {
    assert.equal(status, one.status ?? 0, stderr);
  } else {
    assert.notEqual(status, 0, stderr);
  }
}
