import { LIMITS } from '../limits.ts';
import * as c from './constants.ts';
import type { DynamicFile } from './dynamic-file.ts';
import type { ByteOrder } from './words.ts';

/**
 * How the loader looks up a symbol that a relocation asks for (elf_machine_type_class of each machine): `plt` for
 * calls and thread-local variables, which an undefined symbol with an address does not answer; `copy` for data
 * that the program takes over, which the program itself does not answer.
 */
export type ReferenceClass = 'plt' | 'copy' | 'other';

/** Symbol indices that relocations ask for, and how, each once. */
export type References = ReadonlyMap<number, ReadonlySet<ReferenceClass>>;

/** Bytes read of a table at a time. */
const CHUNK = 98_304;

/** The symbols that the relocation tables of a file ask for. */
export function readReferences(file: DynamicFile, symbols: number): References {
  const found = new Map<number, Set<ReferenceClass>>();
  // MIPS relocates its global offset table without any entry in these tables: every symbol counts.
  if (file.header.machine === c.EM_MIPS) {
    for (let index = 1; index < symbols; index++) found.set(index, new Set(['other']));
    return found;
  }
  const classOf = classesOf(file.header.machine);
  for (const { index, type } of relocations(file)) {
    if (index === 0 || index >= symbols || type === 0) continue;
    const classes = found.get(index);
    const kind = classOf(type);
    if (classes === undefined) found.set(index, new Set([kind]));
    else classes.add(kind);
  }
  return found;
}

/** r_info of every entry. */
function* relocations(file: DynamicFile): Generator<Info> {
  const infoAt = file.header.class === 64 ? info64(file.header.byteOrder) : info32;
  const word = file.header.class / 8;
  for (const [address, bytes, kind] of file.table.rel) {
    const entry = (kind === 'RELA' ? 3 : 2) * word;
    const end = Math.min(bytes, LIMITS.relocations * entry);
    for (let at = 0; at < end; at += CHUNK) {
      const words = file.words(address + at, Math.min(CHUNK, end - at), `DT_${kind}`);
      for (let i = 0; i + entry / 4 <= words.length; i += entry / 4) yield infoAt(words, i);
    }
  }
}

/** r_info taken apart. */
interface Info {
  readonly index: number;
  readonly type: number;
}

function info64(order: ByteOrder): (words: Uint32Array, at: number) => Info {
  const low = order === 'LE' ? 2 : 3;
  return (words, at) => ({ index: words[at + 5 - low] as number, type: words[at + low] as number });
}

function info32(words: Uint32Array, at: number): Info {
  const info = words[at + 1] as number;
  return { index: info >>> 8, type: info & 0xff };
}

/** R_*_COPY, and the types of ELF_RTYPE_CLASS_PLT (sysdeps/ARCH/dl-machine.h). */
const CLASSES: Readonly<Record<number, { readonly copy: number; readonly plt: readonly number[] }>> = {
  [c.EM_X86_64]: { copy: 5, plt: [7, 16, 17, 18, 36] },
  [c.EM_386]: { copy: 5, plt: [7, 14, 35, 36, 37, 41] },
  [c.EM_ARM]: { copy: 20, plt: [13, 17, 18, 19, 22] },
  [c.EM_AARCH64]: { copy: 1024, plt: [1026, 1028, 1029, 1030, 1031] },
  [c.EM_RISCV]: { copy: 4, plt: [5, 6, 7, 8, 9, 10, 11] },
  [c.EM_S390]: { copy: 9, plt: [11, 54, 55, 56] },
  [c.EM_PPC64]: { copy: 19, plt: [21, 68, 73, 78] },
};

function classesOf(machine: number): (type: number) => ReferenceClass {
  const classes = CLASSES[machine];
  if (classes === undefined) return () => 'other';
  const { copy, plt } = classes;
  return (type) => (type === copy ? 'copy' : plt.includes(type) ? 'plt' : 'other');
}
