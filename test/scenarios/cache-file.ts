/** One entry of a cache made by hand. */
export interface Entry {
  readonly flags: number;
  readonly name: string;
  readonly path: string;
  /** glibc-hwcaps name. */
  readonly level?: string;
  /** Bits 32 to 41 of a glibc-hwcaps entry. */
  readonly isaLevel?: number;
  /** hwcap field as [low, high], in place of what `level` makes. */
  readonly hwcap?: readonly [number, number];
  /** Damage: offsets in place of the right ones. */
  readonly keyOffset?: number;
  readonly valueOffset?: number;
}

/** What may differ from what ldconfig writes. */
export interface CacheOptions {
  readonly endian?: number;
  readonly count?: number;
  readonly extensionShift?: number;
}

/** An ld.so.cache in the new format, little-endian, its entries in the order given. */
export function cacheFile(entries: readonly Entry[], options: CacheOptions = {}): Uint8Array {
  const levels = [...new Set(entries.flatMap(({ level }) => level ?? []))].sort();
  const strings: Buffer[] = [];
  let end = 48 + entries.length * 24;
  const put = (text: string): number => {
    const at = end;
    strings.push(Buffer.from(`${text}\0`));
    end += Buffer.byteLength(text) + 1;
    return at;
  };
  const table = Buffer.alloc(entries.length * 24);
  for (const [
    i,
    { flags, name, path, level, isaLevel = 0, hwcap, keyOffset, valueOffset },
  ] of entries.entries()) {
    table.writeInt32LE(flags, i * 24);
    const key = put(name);
    const value = put(path);
    table.writeUInt32LE(keyOffset ?? key, i * 24 + 4);
    table.writeUInt32LE(valueOffset ?? value, i * 24 + 8);
    const variant = level === undefined ? [0, 0] : [levels.indexOf(level), 0x40000000 | isaLevel];
    const [low = 0, high = 0] = hwcap ?? variant;
    table.writeUInt32LE(low, i * 24 + 16);
    table.writeUInt32LE(high, i * 24 + 20);
  }
  const names = levels.map(put);
  const stringBytes = Buffer.concat(strings);
  const body = Buffer.concat([table, stringBytes]);
  const padding = (4 - ((48 + body.length) % 4)) % 4;
  const extensionAt = 48 + body.length + padding;
  const extension = levels.length === 0 ? Buffer.alloc(0) : extensionOf(extensionAt, names);
  const header = Buffer.alloc(48);
  header.write('glibc-ld.so.cache1.1', 0, 'latin1');
  header.writeUInt32LE(options.count ?? entries.length, 20);
  header.writeUInt32LE(stringBytes.length, 24);
  header.writeUInt8(options.endian ?? 2, 28);
  header.writeUInt32LE(levels.length === 0 ? 0 : extensionAt + (options.extensionShift ?? 0), 32);
  return Buffer.concat([header, body, Buffer.alloc(padding), extension]);
}

/** The table of glibc-hwcaps names: magic, one section of tag 1, the names' offsets. */
function extensionOf(at: number, names: readonly number[]): Buffer {
  const out = Buffer.alloc(8 + 16 + names.length * 4);
  out.writeUInt32LE(0xeaa42174, 0);
  out.writeUInt32LE(1, 4);
  out.writeUInt32LE(1, 8);
  out.writeUInt32LE(at + 24, 16);
  out.writeUInt32LE(names.length * 4, 20);
  for (const [i, name] of names.entries()) out.writeUInt32LE(name, 24 + i * 4);
  return out;
}
