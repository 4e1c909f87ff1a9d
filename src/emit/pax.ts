/** One record of a pax extended header. */
export type PaxRecord = readonly [keyword: string, value: Uint8Array];

/**
 * The body of a pax extended header: `LENGTH KEYWORD=VALUE\n` each, where LENGTH counts the bytes of the
 * record with its own digits (POSIX.1-2017, pax, "pax Extended Header").
 */
export function encodePax(records: readonly PaxRecord[]): Buffer {
  return Buffer.concat(records.map(encodeRecord));
}

function encodeRecord([keyword, value]: PaxRecord): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${keyword}=`), value, Buffer.from('\n')]);
  return Buffer.concat([Buffer.from(String(recordLength(rest.length))), rest]);
}

/** Length of a record whose digits come before `rest` bytes: the digits may need one more for themselves. */
function recordLength(rest: number): number {
  const length = rest + String(rest).length;
  return rest + String(length).length;
}
