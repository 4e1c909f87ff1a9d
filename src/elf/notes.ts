import { LIMITS } from '../limits.ts';
import type { ByteSource } from '../sysroot/sysroot.ts';
import * as c from './constants.ts';
import { parseDlopenNote } from './dlopen-note.ts';
import { type ElfHeader, parseHeader, readHead } from './header.ts';
import type { DlopenNote, ElfNotes } from './image.ts';
import { readSegments } from './program-headers.ts';
import { type ByteOrder, wordsOf } from './words.ts';

/** One note of a PT_NOTE segment (elf(5), Notes). */
export interface Note {
  /** Owner, its NUL left out. */
  readonly name: string;
  readonly type: number;
  readonly desc: Uint8Array;
}

/**
 * Reads the notes that mkrootfs understands, from program headers alone. A note that is malformed ends its
 * segment: no note can make a file unusable, since no loader depends on one.
 * @throws RootfsError ERR_MALFORMED_ELF for a file whose header or program headers are
 */
export function readNotes(source: ByteSource, file: string): ElfNotes {
  const head = readHead(source);
  const header = parseHeader(head, file);
  const segments = readSegments(source, head, header, file);
  const found: GnuFacts = { buildId: null, abiTag: null, x86IsaNeeded: 0 };
  const dlopen: DlopenNote[] = [];
  for (const { type, offset, filesz, align } of segments) {
    if (type !== c.PT_NOTE) continue;
    const bytes = source.read(offset, Math.min(filesz, LIMITS.noteBytes)).slice();
    for (const note of notesOf(bytes, align === 8 ? 8 : 4, header.byteOrder)) {
      if (note.name === 'FDO' && note.type === c.NT_FDO_DLOPEN) dlopen.push(...parseDlopenNote(note.desc));
      if (note.name === 'GNU') takeGnuNote(note, found, header);
    }
  }
  return { ...found, dlopen };
}

interface GnuFacts {
  buildId: string | null;
  abiTag: string | null;
  x86IsaNeeded: number;
}

function takeGnuNote({ type, desc }: Note, found: GnuFacts, { byteOrder, class: bits }: ElfHeader): void {
  const words = wordsOf(desc, byteOrder);
  if (type === c.NT_GNU_BUILD_ID) found.buildId ??= Buffer.from(desc).toString('hex');
  else if (type === c.NT_GNU_ABI_TAG) found.abiTag ??= abiTag(words);
  else if (type === c.NT_GNU_PROPERTY_TYPE_0) found.x86IsaNeeded |= isaNeeded(words, bits);
}

/** Notes of one segment; name and descriptor are each padded to the segment's alignment. */
export function* notesOf(bytes: Uint8Array, align: 4 | 8, order: ByteOrder): Generator<Note> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = order === 'LE';
  const pad = (at: number): number => Math.ceil(at / align) * align;
  for (let at = 0; at + 12 <= bytes.length; ) {
    const namesz = view.getUint32(at, little);
    const descsz = view.getUint32(at + 4, little);
    const name = at + 12;
    const desc = pad(name + namesz);
    if (desc + descsz > bytes.length) return;
    const owner = Buffer.from(bytes.subarray(name, name + Math.max(0, namesz - 1))).toString('latin1');
    yield { name: owner, type: view.getUint32(at + 8, little), desc: bytes.slice(desc, desc + descsz) };
    at = pad(desc + descsz);
  }
}

const SYSTEMS: readonly string[] = ['Linux', 'Hurd', 'Solaris', 'FreeBSD', 'NetBSD', 'Syllable', 'NaCl'];

/** `Linux 3.2.0`: the oldest kernel that the file runs on. */
function abiTag(words: Uint32Array): string | null {
  const [system, major, minor, patch] = words;
  if (system === undefined || patch === undefined) return null;
  return `${SYSTEMS[system] ?? `system ${system}`} ${major}.${minor}.${patch}`;
}

/** Bits of GNU_PROPERTY_X86_ISA_1_NEEDED among the properties, each padded to the word size of the class. */
function isaNeeded(words: Uint32Array, bits: 32 | 64): number {
  const unit = bits === 64 ? 2 : 1;
  for (let at = 0; at + 2 < words.length; ) {
    const size = words[at + 1] as number;
    if (words[at] === c.GNU_PROPERTY_X86_ISA_1_NEEDED && size === 4) return words[at + 2] as number;
    at += 2 + Math.ceil(size / 4 / unit) * unit;
  }
  return 0;
}
