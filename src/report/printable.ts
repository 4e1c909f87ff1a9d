/** Control characters of C0 and C1, DEL, bidirectional overrides, and the lone surrogates of src/bytes.ts. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

/**
 * Text of a file (a soname, a path, a message) as people may see it: a file's own bytes must not move a
 * terminal's cursor or hide what it says. Unprintable characters become `\xNN` or `\uNNNN`.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (char) => {
    const code = char.charCodeAt(0);
    if (code >= 0xdc80 && code <= 0xdcff) return hex('x', code - 0xdc00, 2);
    return code < 0x100 ? hex('x', code, 2) : hex('u', code, 4);
  });
}

function hex(letter: string, code: number, digits: number): string {
  return `\\${letter}${code.toString(16).padStart(digits, '0')}`;
}
