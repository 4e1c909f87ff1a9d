import type { Sysroot } from '../sysroot/sysroot.ts';
import { rootPath } from '../sysroot/sysroot.ts';
import { readText } from './text.ts';

/** Names of an LD_PRELOAD value: split at blanks and colons (elf/rtld.c: handle_preload_list). */
export function preloadNames(value: string): readonly string[] {
  return value.split(/[ :]+/).filter((name) => name !== '');
}

/** The same for musl, which splits at every white space (ldso/dynlink.c: load_preload). */
export function muslPreloadNames(value: string): readonly string[] {
  return value.split(/[ \t\n\v\f\r:]+/).filter((name) => name !== '');
}

/** Names of /etc/ld.so.preload: blanks, tabs, newlines and colons separate, `#` begins a comment. */
export function preloadFile(sysroot: Sysroot): readonly string[] {
  const text = readText(sysroot, rootPath('/etc/ld.so.preload'));
  if (text === null) return [];
  return withoutComments(text)
    .split(/[ \t\n:]+/)
    .filter((name) => name !== '');
}

/**
 * The loader looks for each `#` from the start of the file, in as many bytes as it has not yet dealt with: behind
 * one comment, the last bytes of the file are never looked at and a `#` there is an ordinary byte.
 */
function withoutComments(text: string): string {
  let out = text;
  for (let rest = text.length; rest > 0; ) {
    const start = out.indexOf('#');
    if (start < 0 || start >= rest) break;
    const end = out.indexOf('\n', start);
    const stop = Math.min(end < 0 ? text.length : end, rest);
    rest -= stop;
    out = out.slice(0, start) + ' '.repeat(stop - start) + out.slice(stop);
  }
  return out;
}
