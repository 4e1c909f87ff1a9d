import { Bench } from 'tinybench';
import { readElf } from '../src/elf/read-elf.ts';
import { hostSysroot } from '../src/sysroot/host.ts';
import { rootPath } from '../src/sysroot/sysroot.ts';
import { FEW, MANY } from './subjects.ts';

const sysroot = hostSysroot();

/** Opening, reading and closing one ELF file of several sizes. */
export const bench: Bench = new Bench({ name: 'readElf' });
for (const path of [FEW, MANY, process.execPath, '/lib/x86_64-linux-gnu/libc.so.6']) {
  bench.add(path, () => {
    const source = sysroot.open(rootPath(path));
    if (typeof source === 'string') throw new Error(`cannot open ${path}: ${source}`);
    readElf(source, path);
    source.close();
  });
}
