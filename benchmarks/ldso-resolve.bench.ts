import { Bench } from 'tinybench';
import { resolve } from '../src/ldso/resolve.ts';
import { hostSysroot } from '../src/sysroot/host.ts';
import { FEW, MANY, SOME } from './subjects.ts';

/** One program's whole resolution, nothing kept from the one before. */
export const bench: Bench = new Bench({ name: 'resolve' });
for (const program of [FEW, SOME, MANY]) bench.add(program, () => resolve(program, hostSysroot()));
