import type { RootPath } from '../sysroot/sysroot.ts';
import type { SearchPath } from './search-path.ts';

/** What is compiled into one dynamic linker. */
export interface Profile {
  /** Distinguishes it from every other of the sysroot. */
  readonly id: string;
  readonly libc: 'glibc' | 'musl';
  /** PT_INTERP of the program, or the usual path of the machine's loader. */
  readonly interpreter: RootPath;
  readonly class: 32 | 64;
  readonly byteOrder: 'LE' | 'BE';
  readonly machine: number;
  readonly flags: number;
  /** Directories searched last, and value of $LIB: read from the loader when first asked for. */
  readonly compiled: () => Compiled;
  /** $PLATFORM of the architecture's baseline. */
  readonly platform: string | null;
}

/** The strings that glibc's build puts into ld.so. */
export interface Compiled {
  readonly defaultDirectories: SearchPath;
  readonly lib: string;
  /** Release as [major, minor]; null where the loader does not say. */
  readonly release: readonly [number, number] | null;
}

/**
 * Reads the compiled-in facts out of a loader's bytes: the system directories stand in .rodata as consecutive
 * NUL-terminated strings that begin and end with a slash (elf/dl-load.c: system_dirs), $LIB's value behind the
 * word LIB (elf/dl-dst.h), the release in the banner of `ld.so --version`.
 *
 * @param bytes the loader's file as one char a byte
 * @returns null where the strings are not there: another libc, or a loader of another make
 */
export function compiledIn(bytes: string): Compiled | null {
  const found = /(?:\/[\x21-\x7e]*\/\0){2,}/.exec(bytes);
  if (found === null) return null;
  const defaultDirectories = found[0].split('\0').filter((directory) => directory !== '');
  const lib = /ORIGIN\0PLATFORM\0LIB\0([^\0]+)\0/.exec(bytes)?.[1];
  const release = /stable release version (\d+)\.(\d+)/.exec(bytes);
  return {
    defaultDirectories,
    lib: lib ?? (defaultDirectories[0] as string).slice(1, -1),
    release: release === null ? null : [Number(release[1]), Number(release[2])],
  };
}
