/** What tests of resolution and building need: trees in memory, ELF files of any kind, and trees as text. */

export { memorySysroot } from './sysroot/memory.ts';
export type { Attributes, MemoryEntry, MemoryTree } from './sysroot/memory-entries.ts';
export {
  device,
  dir,
  failing,
  fifo,
  file,
  hardlink,
  link,
  program,
  socket,
  unreadable,
} from './sysroot/memory-entries.ts';
export { buildElf } from './testing/build-elf.ts';
export type { Patch } from './testing/elf/patch.ts';
export type {
  DynamicEntry,
  ElfNotesSpec,
  ElfSpec,
  ExportedSymbol,
  ImportedSymbol,
  RawNote,
  RawSegment,
  TableName,
  VersionDefinition,
  VersionNeeds,
} from './testing/elf/spec.ts';
export { directoryEntries } from './testing/tree/directory.ts';
export {
  contentDigest,
  type TreeAttributes,
  type TreeEntries,
  type TreeEntry,
} from './testing/tree/entry.ts';
export { ociEntries } from './testing/tree/oci.ts';
export { planEntries } from './testing/tree/plan.ts';
export { sysrootEntries } from './testing/tree/sysroot.ts';
export { tarEntries } from './testing/tree/tar.ts';
export { type TreeDump, treeDump } from './testing/tree-dump.ts';
