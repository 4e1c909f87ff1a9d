import { RootfsError } from '../errors.ts';

/**
 * The one error of the ELF room: which field, at which offset, with which value, and what is wrong with it.
 * @param file the path, for the message
 */
export function malformed(
  file: string,
  field: string,
  offset: number,
  value: number | string,
  why: string,
): RootfsError {
  const shown = typeof value === 'number' ? hex(value) : JSON.stringify(value);
  return new RootfsError(
    'ERR_MALFORMED_ELF',
    `cannot read ELF file ${file}: ${field} at offset ${hex(offset)} is ${shown}, ${why}`,
    { path: file, field, offset, value },
  );
}

function hex(value: number): string {
  return value > 9 ? `0x${value.toString(16)}` : String(value);
}
