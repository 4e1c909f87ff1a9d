import type { Sysroot } from '../sysroot/sysroot.ts';
import { rootPath } from '../sysroot/sysroot.ts';
import { readText } from './text.ts';

/** Names of an LD_PRELOAD value: split at blanks and colons (elf/rtld.c: handle_preload_list). */
export function preloadNames(value: string): readonly string[] {
  return value.split(/[ :]+/).filter((name) => name !== '');
}

/** Names of /etc/ld.so.preload: blanks, tabs, newlines and colons separate, `#` begins a comment. */
export function preloadFile(sysroot: Sysroot): readonly string[] {
  const text = readText(sysroot, rootPath('/etc/ld.so.preload'));
  if (text === null) return [];
  return text
    .replace(/#[^\n]*/g, '')
    .split(/[ \t\n:]+/)
    .filter((name) => name !== '');
}
