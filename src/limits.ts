/**
 * Bounds on what one input file can make us do. Each is far above anything seen in the field and low enough
 * that a hostile file costs milliseconds, not minutes.
 */
export const LIMITS = {
  /** Program headers; the kernel refuses a table above 64 KiB (1170 entries), the loader does not. */
  programHeaders: 0xffff,
  /** Bytes of PT_DYNAMIC that are looked at: 65,536 entries of 64-bit ELF; the largest seen has 300. */
  dynamicBytes: 1_048_576,
  /** Bytes of one string of a string table, its NUL excluded: PATH_MAX with room for long RPATH lists. */
  stringBytes: 65_536,
  /** Bytes of PT_INTERP: the kernel's own bound (PATH_MAX, fs/binfmt_elf.c). */
  interpreterBytes: 4096,
  /** Version records of one file; the largest seen has 150. */
  versionRecords: 16_384,
  /** Bytes of all PT_NOTE segments that are looked at. */
  noteBytes: 1_048_576,
  /** Symbols of one dynamic table: the largest seen has 250,000. */
  symbols: 1_048_576,
  /** Bytes of one DT_STRTAB: the largest seen (a browser's) has 20 MB. */
  symbolNameBytes: 67_108_864,
  /** Relocations of one table that are looked at; the largest seen has 1.3 million. */
  relocations: 8_388_608,
  /** Bytes of one file that are searched for strings; the largest program seen has 180 MB. */
  stringsBytes: 268_435_456,
  /** Different strings that one search of a file gives. */
  strings: 16_384,
  /** Bytes of an ld.so.cache; a full desktop has 200 KiB. */
  cacheBytes: 67_108_864,
  /** Bytes of one ld.so.conf, ld.so.preload or ld-musl-*.path file. */
  configBytes: 1_048_576,
  /** Files read through `include` lines of ld.so.conf: ldconfig has no cycle check, we need one. */
  configFiles: 1024,
  /** Objects of one link map; the largest seen has 420. */
  linkMapObjects: 16_384,
  /** Hops of a symbolic link chain before ELOOP (Linux: MAXSYMLINKS, path_resolution(7)). */
  linkHops: 40,
  /** Levels of `#!` before ELOOP (Linux: BINPRM recursion in fs/exec.c). */
  scriptDepth: 5,
  /** Bytes of a `#!` line that the kernel reads (BINPRM_BUF_SIZE). */
  scriptLine: 256,
} as const;
