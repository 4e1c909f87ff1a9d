/**
 * mkrootfs: the smallest root filesystem in which a Linux program still runs.
 *
 * {@link buildRootfs} does it all; every stage of it is public too, each a function from a value to a value:
 * `hostSysroot -> findClosure -> planRootfs -> validatePlan -> writeDirectory | writeTar`, and {@link resolve} for
 * what the loader alone would load.
 * @packageDocumentation
 */

export { type BuildReport, buildRootfs } from './build.ts';
export { type ClosureOptions, findClosure } from './closure/closure.ts';
export type { Finder, FinderContext, Finding } from './closure/finder.ts';
export { type Problem, problemTitle } from './closure/problems.ts';
export type { Closure, Edge, Evidence, GeneratedFile, Node, Role } from './closure/types.ts';
export type { DlopenNote, ElfImage, ElfNotes, Filter, Request, VersionNeed } from './elf/image.ts';
export { readNotes } from './elf/notes.ts';
export { readElf } from './elf/read-elf.ts';
export { type CpioOptions, writeCpio } from './emit/cpio.ts';
export { writeDirectory } from './emit/directory.ts';
export { writeDocker } from './emit/docker.ts';
export type { EmitOptions, EmitReport, Emitter } from './emit/emitter.ts';
export { writeErofs } from './emit/erofs.ts';
export { emit, type FormatOptions, formatOf } from './emit/index.ts';
export { writeOci } from './emit/oci.ts';
export { writeSquashfs } from './emit/squashfs.ts';
export { type TarOptions, writeTar } from './emit/tar.ts';
export { type ErrorCode, type ErrorDetails, EXIT_CODES, isRootfsError, RootfsError } from './errors.ts';
export { selectFinders } from './finders/index.ts';
export type { Cpu } from './ldso/hwcaps.ts';
export type { LoaderOptions } from './ldso/loader.ts';
export type { Binding, Missing, ObjectKind, Resolution, ResolvedObject } from './ldso/resolution.ts';
export { resolve } from './ldso/resolve.ts';
export type { Attempt, Verdict, Via } from './ldso/types.ts';
export type { BuildOptions, Format, ImageOptions, ResolveOptions } from './options.ts';
export type {
  DeviceEntry,
  DirectoryEntry,
  Entry,
  FileContent,
  FileEntry,
  HardlinkEntry,
  RootfsPlan,
  SymlinkEntry,
} from './plan/entry.ts';
export type {
  HostInclusion,
  IncludedFile,
  Inclusion,
  PlanOptions,
  SysrootInclusion,
} from './plan/options.ts';
export { planRootfs } from './plan/plan.ts';
export { planSysroot } from './plan/plan-sysroot.ts';
export { validatePlan } from './plan/validate.ts';
export type { RunOptions } from './run/options.ts';
export type { RunResult } from './run/result.ts';
export { type Running, run, type SpawnOptions, spawn } from './run/spawn.ts';
export { hostSysroot } from './sysroot/host.ts';
export type {
  ByteSource,
  FileStat,
  FileType,
  PathFailure,
  RealPath,
  RootPath,
  Sysroot,
} from './sysroot/sysroot.ts';
export { rootPath } from './sysroot/sysroot.ts';
export { type Verification, type VerifyOptions, verify } from './verify/verify.ts';
