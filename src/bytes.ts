/**
 * File names of Linux are bytes, those of JavaScript are UTF-16. Valid UTF-8 becomes the string it spells; any
 * other byte 0xNN becomes the lone surrogate U+DCNN and turns back into that byte (as Python's
 * `surrogateescape`, PEP 383), so a name always survives the way in and out.
 */

const HIGH = /[\x80-\xff]/;
const ESCAPED = /[\udc80-\udcff]/;
const strictUtf8: InstanceType<typeof TextDecoder> = new TextDecoder('utf-8', {
  fatal: true,
  ignoreBOM: true,
});

/** Bytes that are each one char of `latin1` to the string that stands for them. */
export function fromLatin1(latin1: string): string {
  return HIGH.test(latin1) ? decodeName(Buffer.from(latin1, 'latin1')) : latin1;
}

/** The name that `bytes` spell; see the top of this file for bytes that are not UTF-8. */
export function decodeName(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return decodeByParts(bytes);
  }
}

/** The bytes of a name, the inverse of {@link decodeName}. */
export function encodeName(name: string): Uint8Array {
  if (!ESCAPED.test(name)) return Buffer.from(name, 'utf8');
  const parts: Uint8Array[] = [];
  for (const char of name) {
    const code = char.charCodeAt(0);
    const escaped = char.length === 1 && code >= 0xdc80 && code <= 0xdcff;
    parts.push(escaped ? Uint8Array.of(code - 0xdc00) : Buffer.from(char, 'utf8'));
  }
  return Buffer.concat(parts);
}

/** What `node:fs` takes for a name: the string itself, or its bytes where it is not UTF-8. */
export function fsName(name: string): string | Buffer {
  return ESCAPED.test(name) ? Buffer.from(encodeName(name)) : name;
}

function decodeByParts(bytes: Uint8Array): string {
  let out = '';
  for (let at = 0; at < bytes.length; ) {
    const length = validSequence(bytes, at);
    out +=
      length === 0
        ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
        : strictUtf8.decode(bytes.subarray(at, at + length));
    at += length || 1;
  }
  return out;
}

/** Length of the UTF-8 sequence at `at`, 0 where there is none. */
function validSequence(bytes: Uint8Array, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    try {
      strictUtf8.decode(bytes.subarray(at, at + length));
      return length;
    } catch {
      // A longer sequence may still be whole.
    }
  }
  return 0;
}
