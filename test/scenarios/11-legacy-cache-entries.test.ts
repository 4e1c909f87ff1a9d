import { file } from '../../src/sysroot/memory-entries.ts';
import { cacheFile } from './cache-file.ts';
import { app, lib, scenarios } from './harness.ts';

const entry = (path: string, hwcap?: readonly [number, number]): Parameters<typeof cacheFile>[0][number] => ({
  flags: 0x0303,
  name: 'liba.so.1',
  path,
  ...(hwcap !== undefined && { hwcap }),
});
const tree = (...entries: readonly Parameters<typeof cacheFile>[0][number][]) => ({
  '/app': app({ needed: ['liba.so.1'] }),
  '/opt/variant/liba.so.1': lib({ soname: 'liba.so.1' }),
  '/opt/plain/liba.so.1': lib({ soname: 'liba.so.1' }),
  '/etc/ld.so.cache': file(cacheFile([...entries])),
});
const VARIANT = '/opt/variant/liba.so.1';
const PLAIN = '/opt/plain/liba.so.1';
/** Bits of the high word: platforms from 16 on, `haswell` and `xeon_phi`, and TLS. */
const [HASWELL, XEON_PHI, TLS] = [1 << 18, 1 << 19, 0x8000_0000];

// The loader of Debian 12 is of glibc 2.36, the last that reads them.
scenarios('G12: entries of legacy subdirectories, which loaders up to glibc 2.36 take', [
  {
    title: 'ldconfig enters the subdirectory x86_64 as one, and the loader prefers it',
    tree: {
      '/app': app({ needed: ['liba.so.1'] }),
      '/opt/liba.so.1': lib({ soname: 'liba.so.1' }),
      '/opt/x86_64/liba.so.1': lib({ soname: 'liba.so.1', needed: [] }),
      '/etc/ld.so.conf': file('/opt\n'),
    },
    ldconfig: true,
    expected: ['/opt/x86_64/liba.so.1'],
  },
  {
    title: 'a capability that the processor has',
    tree: tree(entry(VARIANT, [2, 0]), entry(PLAIN)),
    expected: [VARIANT],
  },
  {
    title: 'a capability that no loader of this machine knows is passed over',
    tree: tree(entry(VARIANT, [8, 0]), entry(PLAIN)),
    expected: [PLAIN],
  },
  {
    title: 'the sse2 of i386 is none of x86-64',
    tree: tree(entry(VARIANT, [1, 0]), entry(PLAIN)),
    expected: [PLAIN],
  },
  {
    title: 'TLS is what every processor has',
    tree: tree(entry(VARIANT, [0, TLS]), entry(PLAIN)),
    expected: [VARIANT],
  },
  {
    title: 'the first of several that are usable wins',
    tree: tree(entry(PLAIN, [2, 0]), entry(VARIANT, [2, 0])),
    expected: [PLAIN],
  },
  {
    title: 'the platform of the processor, else the plain entry',
    tree: tree(entry(VARIANT, [0, HASWELL]), entry(PLAIN)),
    expected: (cpu) => [cpu.platform === 'haswell' ? VARIANT : PLAIN],
  },
  {
    title: 'another platform is passed over',
    tree: tree(entry(VARIANT, [0, XEON_PHI]), entry(PLAIN)),
    expected: (cpu) => [cpu.platform === 'xeon_phi' ? VARIANT : PLAIN],
  },
  {
    title: 'a platform bit that is none of this machine is passed over',
    tree: tree(entry(VARIANT, [0, 1 << 20]), entry(PLAIN)),
    expected: [PLAIN],
  },
]);
