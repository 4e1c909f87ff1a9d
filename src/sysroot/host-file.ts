import { closeSync, fstatSync, readSync } from 'node:fs';
import { RootfsError } from '../errors.ts';
import type { ByteSource } from './sysroot.ts';

/**
 * One buffer for the reads of all files: a fresh one for each read is what makes bulk reading slow. Larger reads
 * get a buffer of their own. Not a Buffer, whose slice() would be no copy.
 */
const SHARED: Uint8Array = new Uint8Array(64 << 10);

/**
 * Beginning of the file whose beginning was read last, which most of the later reads of an ELF file fall into:
 * three in four find strings and versions here, one in seven the dynamic table too. More bytes cost more to copy
 * than the calls that they save.
 */
const HEAD: Uint8Array = new Uint8Array(12 << 10);
let headOf: HostFile | null = null;
let headBytes = 0;

/** An open file of the host. */
export class HostFile implements ByteSource {
  readonly #fd: number;
  readonly #path: string;

  constructor(fd: number, path: string) {
    this.#fd = fd;
    this.#path = path;
  }

  read(offset: number, length: number): Uint8Array {
    if (offset === 0 && length <= HEAD.length && headOf !== this) {
      headBytes = this.#fill(HEAD, 0, HEAD.length);
      headOf = this;
    }
    // A beginning that ends early is the whole file.
    if (headOf === this && (offset + length <= headBytes || headBytes < HEAD.length)) {
      return HEAD.subarray(Math.min(offset, headBytes), Math.min(offset + length, headBytes));
    }
    // An offset beyond the signed 64-bit range of pread(2) is beyond every file.
    if (offset > Number.MAX_SAFE_INTEGER) return SHARED.subarray(0, 0);
    const buffer =
      length <= SHARED.length
        ? SHARED
        : new Uint8Array(Buffer.allocUnsafeSlow(Math.min(length, this.#rest(offset))).buffer);
    return buffer.subarray(0, this.#fill(buffer, offset, Math.min(length, buffer.length)));
  }

  /** Reads up to `wanted` bytes into a buffer, and says how many there were. */
  #fill(buffer: Uint8Array, offset: number, wanted: number): number {
    let done = 0;
    try {
      done = readSync(this.#fd, buffer, 0, wanted, offset);
      // A short read is the end of a regular file, but may be anything on a network file system.
      for (let more = done; more > 0 && done < wanted; done += more) {
        more = readSync(this.#fd, buffer, done, wanted - done, offset + done);
      }
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
      throw new RootfsError('ERR_NOT_READABLE', `cannot read ${this.#path}: ${code}`, {
        path: this.#path,
        cause: error,
      });
    }
    return done;
  }

  size(): number {
    return fstatSync(this.#fd).size;
  }

  close(): void {
    if (headOf === this) headOf = null;
    closeSync(this.#fd);
  }

  /** Bytes from `offset` to the end: what a huge read can give at most, so a lying count allocates nothing. */
  #rest(offset: number): number {
    return Math.max(0, this.size() - offset);
  }
}
