import { Bench } from 'tinybench';
import { hostSysroot } from '../src/sysroot/host.ts';
import { rootPath } from '../src/sysroot/sysroot.ts';

const LIBRARY = rootPath('/lib/x86_64-linux-gnu/libstdc++.so.6');
const kept = hostSysroot();

/** Following the links of one path: asked for the first time, and again. */
export const bench: Bench = new Bench({ name: 'realpath' });
bench.add('first', () => hostSysroot().realpath(LIBRARY));
bench.add('again', () => kept.realpath(LIBRARY));
