import type { Finder } from '../closure/finder.ts';
import { imported } from './symbol-rule.ts';

const UNWINDER = 'libgcc_s.so.1';

/** glibc unwinds a thread that ends early, and walks a stack, by a library that it opens then (sysdeps/nptl: __libgcc_s_init). */
const SYMBOLS = ['pthread_exit', 'pthread_cancel', 'backtrace'];

/** The library without which a cancelled thread aborts: "libgcc_s.so.1 must be installed for pthread_exit to work". */
export const libgcc: Finder = {
  name: 'libgcc',
  *find(node, context) {
    const evidence = imported(node, SYMBOLS, 'libgcc', context);
    if (evidence === null || context.loader.profile(node.path)?.libc !== 'glibc') return;
    const libc = context.provider(node, evidence.symbol);
    for (const { path } of libc === null ? [] : context.loader.dlopen(libc, UNWINDER)) {
      if (path !== null) yield { from: node.path, to: path, want: UNWINDER, role: 'plugin', evidence };
    }
  },
};
