import { encodeName } from '../../bytes.ts';

/** A string table under construction; equal strings share one place. */
export class StringTable {
  readonly #offsets = new Map<string, number>([['', 0]]);
  readonly #parts: Uint8Array[] = [NUL];
  #length = 1;

  /** Where the string stands. */
  add(text: string): number {
    const known = this.#offsets.get(text);
    if (known !== undefined) return known;
    const offset = this.#length;
    const bytes = encodeName(text);
    this.#offsets.set(text, offset);
    this.#parts.push(bytes, NUL);
    this.#length += bytes.length + 1;
    return offset;
  }

  done(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

const NUL = new Uint8Array(1);
