/**
 * A table of an ELF file as 32-bit words in the machine's own order. Typed-array loads are what makes bulk
 * reading as fast as the C tools: a DataView call costs five times as much before the compiler steps in.
 */

const NATIVE_LE: boolean = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** The byte orders of EI_DATA. */
export type ByteOrder = 'LE' | 'BE';

/** `bytes` as 32-bit words of the given order; a trailing part of a word is left out. */
export function wordsOf(bytes: Uint8Array, order: ByteOrder): Uint32Array {
  const count = bytes.length >>> 2;
  const native = (order === 'LE') === NATIVE_LE;
  if (native && (bytes.byteOffset & 3) === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  const words = new Uint32Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i < count; i++) words[i] = view.getUint32(i * 4, order === 'LE');
  return words;
}

/** The 16-bit value that stands first (`which` 0) or second (1) in a word. */
export function half(word: number, which: 0 | 1, order: ByteOrder): number {
  return (order === 'LE') === (which === 0) ? word & 0xffff : word >>> 16;
}

/**
 * The 64-bit value whose first word has index `at`, as a number. Above 2^53 it is rounded: still far beyond
 * any file, so every bound check refuses it.
 */
export function wide(words: Uint32Array, at: number, order: ByteOrder): number {
  const first = words[at] as number;
  const second = words[at + 1] as number;
  const high = order === 'LE' ? second : first;
  const low = order === 'LE' ? first : second;
  // Mostly a small integer, which unlike a product takes no room on the heap.
  return high === 0 ? low : high * 0x1_0000_0000 + low;
}
