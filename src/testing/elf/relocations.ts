import { RootfsError } from '../../errors.ts';
import { ElfBytes, type Format, wordBytes } from './format.ts';
import { MACHINES } from './names.ts';
import { type Addresses, fixedPart, type Part, SECTION_FLAGS, sectionSpec } from './part.ts';
import type { ElfSpec } from './spec.ts';

const SHT_PROGBITS = 1;
const SHT_RELA = 4;
const SHT_REL = 9;
const SHT_RELR = 19;
/** R_X86_64_GLOB_DAT and R_386_GLOB_DAT, the same number by chance. */
const R_GLOB_DAT = 6;

/** .rela.dyn or .rel.dyn, .relr.dyn, and in .data the words that they relocate: RELR's first, one for each import. */
export function relocationParts(format: Format, spec: ElfSpec): readonly Part[] {
  const word = wordBytes(format);
  const bound = spec.bind === true ? (spec.imports ?? []).length : 0;
  const words = (spec.relr === true ? 1 : 0) + bound;
  if (words === 0) return [];
  const parts: Part[] = [];
  if (bound > 0) parts.push(bindingPart(format, bound, spec.relr === true ? word : 0));
  if (spec.relr === true) parts.push(relrPart(format));
  const flags = SECTION_FLAGS.ALLOC | SECTION_FLAGS.WRITE;
  const section = { name: '.data', type: SHT_PROGBITS, flags };
  parts.push(fixedPart('data', word, new Uint8Array(words * word), section));
  return parts;
}

/** Whether this machine's relocations carry their addend. */
export function hasAddends(format: Format): boolean {
  return format.machine === MACHINES.X86_64;
}

/** Bytes of one relocation. */
export function relocationBytes(format: Format): number {
  return wordBytes(format) * (hasAddends(format) ? 3 : 2);
}

function bindingPart(format: Format, symbols: number, firstWord: number): Part {
  if (format.machine !== MACHINES.X86_64 && format.machine !== MACHINES.I386) {
    throw new RootfsError(
      'ERR_USAGE',
      `cannot bind imports for e_machine ${format.machine}: no relocation known`,
    );
  }
  const content = (addresses: Addresses): Uint8Array => {
    const out = new ElfBytes(format);
    for (let i = 0; i < symbols; i++) {
      out.word(addresses.of('data') + firstWord + i * wordBytes(format));
      out.word(
        format.class === 64 ? (BigInt(i + 1) << 32n) | BigInt(R_GLOB_DAT) : ((i + 1) << 8) | R_GLOB_DAT,
      );
      if (hasAddends(format)) out.word(0);
    }
    return out.done();
  };
  const [name, type] = hasAddends(format) ? ['.rela.dyn', SHT_RELA] : ['.rel.dyn', SHT_REL];
  const entrySize = relocationBytes(format);
  const section = sectionSpec({ name: name as string, type: type as number, entrySize, link: 'dynsym' });
  return { name: 'relocations', align: wordBytes(format), size: symbols * entrySize, content, section };
}

/** One even word of RELR is the address of one word to relocate. */
function relrPart(format: Format): Part {
  const size = wordBytes(format);
  const content = (addresses: Addresses): Uint8Array =>
    new ElfBytes(format).word(addresses.of('data')).done();
  const section = sectionSpec({ name: '.relr.dyn', type: SHT_RELR, entrySize: size });
  return { name: 'relr', align: size, size, content, section };
}
