import type { ClosureOptions } from '../../src/closure/closure.ts';
import { findClosure } from '../../src/closure/closure.ts';
import type { Finder } from '../../src/closure/finder.ts';
import type { Closure } from '../../src/closure/types.ts';
import { needed } from '../../src/finders/needed.ts';
import type { MemoryTree } from '../../src/sysroot/memory-entries.ts';
import { buildElf, type ElfSpec, memorySysroot, program } from '../../src/testing.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
const LIB = '/usr/lib/x86_64-linux-gnu';
const MUSL = '/lib/ld-musl-x86_64.so.1';

/** What a house is built from. */
export interface House {
  /** Symbols that /bin/app imports. */
  readonly imports?: readonly string[];
  /** Libraries that it needs beside the C library. */
  readonly needed?: readonly string[];
  /** Strings in its bytes. */
  readonly strings?: readonly string[];
  readonly libc?: 'glibc' | 'musl' | 'static';
  /** Release of glibc. @default '2.36' */
  readonly release?: string;
  /** Strings in the C library's bytes. */
  readonly libcStrings?: readonly string[];
  readonly app?: ElfSpec;
  readonly files?: MemoryTree;
}

/** An object with strings in its bytes, as read-only data has them. */
export function elf(spec: ElfSpec, strings: readonly string[] = []): ReturnType<typeof program> {
  return program(buildElf({ ...spec, code: Buffer.from(`\0${strings.join('\0')}\0`) }));
}

/** A library of the usual directory, for the files of a house. */
export function library(name: string, spec: ElfSpec = {}, strings: readonly string[] = []): MemoryTree {
  return { [`${LIB}/${name}`]: elf({ soname: name, needed: ['libc.so.6'], ...spec }, strings) };
}

/** The closure of /bin/app in a small house, by the loader and some finders. */
export function closureIn(
  house: House,
  finders: readonly Finder[],
  more: Partial<ClosureOptions> = {},
): Closure {
  const sysroot = memorySysroot({ ...libcOf(house), '/bin/app': appOf(house), ...house.files });
  return findClosure(['/bin/app'], sysroot, { ...more, finders: [needed, ...finders] });
}

/** Paths that a finder put in: what the loader needs is left out. */
export function foundIn(house: House, finder: Finder, more: Partial<ClosureOptions> = {}): readonly string[] {
  const { edges } = closureIn(house, [finder], more);
  const paths = edges
    .filter(({ evidence }) => evidence.by !== 'needed' && evidence.by !== 'interpreter')
    .flatMap(({ to }) => to ?? []);
  return [...new Set(paths)];
}

/** Texts made up, by path. */
export function generatedIn(house: House, finder: Finder): Readonly<Record<string, string>> {
  return Object.fromEntries(closureIn(house, [finder]).generated.map(({ path, text }) => [path, text]));
}

function appOf({ imports = [], needed: more = [], strings = [], libc = 'glibc', app }: House) {
  if (libc === 'static') return elf({ type: 'EXEC', ...app }, strings);
  const own =
    libc === 'musl'
      ? { interpreter: MUSL, needed: ['libc.so'] }
      : { interpreter: LOADER, needed: ['libc.so.6'] };
  return elf({ ...own, needed: [...more, ...own.needed], imports, ...app }, strings);
}

/** Everything that the tests' programs import from a C library. */
const DEFINED = [
  ...[
    'getpwnam',
    'getpwuid',
    'getgrgid',
    'getaddrinfo',
    'getservbyname',
    'iconv_open',
    '__gconv_open',
    'setlocale',
  ],
  ...['wcwidth', 'nl_langinfo', 'mbrtowc', 'localtime', 'pthread_exit', 'dlopen'],
];

function libcOf({ libc = 'glibc', release = '2.36', libcStrings = [] }: House): MemoryTree {
  if (libc === 'static') return {};
  if (libc === 'musl') return { [MUSL]: elf({ soname: 'libc.so', exports: DEFINED }) };
  const directories = [`${LIB.slice(4)}/`, `${LIB}/`, '/lib/', '/usr/lib/'];
  const banner = `ld.so (GNU libc) stable release version ${release}.`;
  return {
    [LOADER]: elf({ soname: 'ld-linux-x86-64.so.2' }, [...directories, '', banner]),
    [`${LIB}/libc.so.6`]: elf(
      { soname: 'libc.so.6', needed: ['ld-linux-x86-64.so.2'], exports: DEFINED },
      libcStrings,
    ),
  };
}
