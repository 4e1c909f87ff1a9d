import { LIMITS } from '../limits.ts';
import type { ByteSource } from '../sysroot/sysroot.ts';
import * as c from './constants.ts';
import { DynamicFile } from './dynamic-file.ts';
import { countSymbols } from './symbol-count.ts';
import { half } from './words.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * Names of the symbols that a file wants from others, one char a byte: of the symbol table alone, without the
 * hash table, versions and relocations that binding would need.
 * @throws RootfsError ERR_MALFORMED_ELF: tables outside the file
 */
export function readImportedNames(source: ByteSource, path: string): ReadonlySet<string> {
  const file = DynamicFile.open(source, path);
  if (file === null || file.table.symtab < 0) return NONE;
  const { header, table } = file;
  // ElfN_Sym: st_name is word 0; st_shndx is the second half of word 1 or 3.
  const [size, section] = header.class === 64 ? [6, 1] : [4, 3];
  const words = file.words(table.symtab, countSymbols(file) * size * 4, 'DT_SYMTAB');
  const length = Math.min(table.strsz < 0 ? LIMITS.symbolNameBytes : table.strsz, LIMITS.symbolNameBytes);
  const bytes = words.length === 0 ? words : file.bytes(table.strtab, length, 'DT_STRTAB');
  const strings = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names = new Set<string>();
  for (let at = 0; at + section < words.length; at += size) {
    if (half(words[at + section] as number, 1, header.byteOrder) !== c.SHN_UNDEF) continue;
    const start = words[at] as number;
    const end = strings.indexOf(0, start);
    if (end > start) names.add(strings.toString('latin1', start, end));
  }
  return names;
}
