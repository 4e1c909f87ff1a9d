import type { Random } from '../helpers/random.ts';

/** Values at which sizes, counts and offsets go wrong. */
const EDGES = [
  0, 1, 2, 3, 4, 7, 8, 0x10, 0x7f, 0x80, 0xff, 0x100, 0xfff, 0x1000, 0x7fff, 0x8000, 0xffff, 0x10000,
  0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
];

/** Behind which most of a file's tables lie: what stands there is hit more often than the rest. */
const HEAD = 1024;

/** A damaged copy: some bytes, words or stretches changed, now and then a file cut or joined. */
export function mutated(seed: Uint8Array, random: Random): Uint8Array {
  const changes = 1 + random.below(random.once(4) ? 16 : 3);
  // A copy that is no Buffer, whose slice() would be a view.
  let bytes: Uint8Array = Uint8Array.from(seed);
  for (let i = 0; i < changes; i++) bytes = changed(bytes, random);
  return bytes;
}

function changed(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(random.below(256));
  const at = place(bytes.length, random);
  switch (random.below(9)) {
    case 0:
      bytes[at] = random.below(256);
      return bytes;
    case 1:
      bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
      return bytes;
    case 2:
    case 3:
      return withWord(bytes, at & ~3, 4, random);
    case 4:
      return withWord(bytes, at & ~7, 8, random);
    case 5:
      return withWord(bytes, at & ~1, 2, random);
    case 6:
      return bytes.copyWithin(place(bytes.length, random), at, at + 1 + random.below(64));
    case 7:
      return bytes.fill(random.pick([0, 0x20, 0x2f, 0x41, 0xff]), at, at + 1 + random.below(64));
    default:
      return random.once(3) ? bytes.slice(0, at) : inserted(bytes, at, random);
  }
}

function place(length: number, random: Random): number {
  return random.below(random.once(3) ? length : Math.min(length, HEAD));
}

/** A little- or big-endian word: an edge value, or what stood there moved by a little. */
function withWord(bytes: Uint8Array, at: number, size: 2 | 4 | 8, random: Random): Uint8Array {
  if (at + size > bytes.length) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = !random.once(4);
  if (size === 8) {
    const high = random.once(4) ? 0xffffffffn << 32n : 0n;
    view.setBigUint64(at, BigInt(random.pick(EDGES)) | high, little);
    return bytes;
  }
  const old = size === 4 ? view.getUint32(at, little) : view.getUint16(at, little);
  const value = random.once(2) ? random.pick(EDGES) : old + random.below(65) - 32;
  if (size === 4) view.setUint32(at, value, little);
  else view.setUint16(at, value, little);
  return bytes;
}

function inserted(bytes: Uint8Array, at: number, random: Random): Uint8Array {
  const piece = bytes.slice(at, at + 1 + random.below(32));
  const longer = new Uint8Array(bytes.length + piece.length);
  longer.set(bytes.subarray(0, at));
  longer.set(piece, at);
  longer.set(bytes.subarray(at), at + piece.length);
  return longer;
}
