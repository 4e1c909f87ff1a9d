import { encodeName } from '../../bytes.ts';
import { ElfBytes, type Format, wordBytes } from './format.ts';
import { fixedPart, type Part } from './part.ts';
import type { ElfNotesSpec, RawNote, TableName } from './spec.ts';

const NT_GNU_ABI_TAG = 1;
const NT_GNU_BUILD_ID = 3;
const NT_GNU_PROPERTY_TYPE_0 = 5;
/** Owner FDO, https://uapi-group.org/specifications/specs/elf_dlopen_metadata/ */
const NT_FDO_DLOPEN_METADATA = 0x407c0c0a;
const GNU_PROPERTY_X86_ISA_1_NEEDED = 0xc0008002;
const SHT_NOTE = 7;

/** Each kind of note as a part of its own, as linkers do. */
export function noteParts(format: Format, spec: ElfNotesSpec = {}): readonly Part[] {
  const parts: Part[] = [];
  const add = (name: TableName, section: string, notes: readonly RawNote[], align = 4): void => {
    if (notes.length === 0) return;
    parts.push(fixedPart(name, align, encodeNotes(format, notes, align), { name: section, type: SHT_NOTE }));
  };
  if (spec.x86IsaNeeded !== undefined) {
    const bytes = isaProperty(format, spec.x86IsaNeeded);
    const note = { owner: 'GNU', type: NT_GNU_PROPERTY_TYPE_0, bytes };
    add('note.property', '.note.gnu.property', [note], wordBytes(format));
  }
  if (spec.buildId !== undefined) {
    const note = { owner: 'GNU', type: NT_GNU_BUILD_ID, bytes: Buffer.from(spec.buildId, 'hex') };
    add('note.build-id', '.note.gnu.build-id', [note]);
  }
  if (spec.abiTag !== undefined) {
    const note = { owner: 'GNU', type: NT_GNU_ABI_TAG, bytes: linuxVersion(format, spec.abiTag) };
    add('note.abi-tag', '.note.ABI-tag', [note]);
  }
  add('note.dlopen', '.note.dlopen', (spec.dlopen ?? []).map(dlopenNote));
  add('note.other', '.note.other', spec.other ?? []);
  return parts;
}

function encodeNotes(format: Format, notes: readonly RawNote[], align: number): Uint8Array {
  const out = new ElfBytes(format);
  for (const { owner, type, bytes } of notes) {
    const name = encodeName(`${owner}\0`);
    out.u32(name.length).u32(bytes.length).u32(type).raw(name).align(4).raw(bytes).align(align);
  }
  return out.done();
}

function isaProperty(format: Format, bits: number): Uint8Array {
  const property = new ElfBytes(format).u32(GNU_PROPERTY_X86_ISA_1_NEEDED).u32(4).u32(bits);
  return property.align(wordBytes(format)).done();
}

function linuxVersion(format: Format, version: string): Uint8Array {
  const out = new ElfBytes(format).u32(0);
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return out.u32(major).u32(minor).u32(patch).done();
}

function dlopenNote(content: unknown): RawNote {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return { owner: 'FDO', type: NT_FDO_DLOPEN_METADATA, bytes: encodeName(`${text}\0`) };
}
