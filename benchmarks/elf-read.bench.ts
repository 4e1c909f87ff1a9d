// `npx tsx benchmarks/elf-read.bench.ts`: reading one file must not depend on its size.
import { Bench } from 'tinybench';
import { readElf } from '../src/elf/read-elf.ts';
import { hostSysroot } from '../src/sysroot/host.ts';
import { rootPath } from '../src/sysroot/sysroot.ts';

const sysroot = hostSysroot();
const bench = new Bench({ time: 500 });
for (const path of ['/bin/echo', '/lib/x86_64-linux-gnu/libc.so.6', process.execPath]) {
  bench.add(`readElf ${path}`, () => {
    const source = sysroot.open(rootPath(path));
    if (typeof source === 'string') throw new Error(`${path}: ${source}`);
    readElf(source, path);
    source.close();
  });
}
await bench.run();
console.table(bench.table());
