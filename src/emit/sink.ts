import { writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** Where an archive's bytes go, in order. A chunk may be used again once `write` is done. */
export interface Sink {
  write(chunk: Uint8Array): void | Promise<void>;
  /** Where another process may write in our stead; none where we must see the bytes pass. */
  readonly fd?: number;
}

/** Writes to a file or device: synchronously, since those never make us wait for anybody. */
export function fileSink(fd: number): Sink {
  return {
    fd,
    write(chunk) {
      for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at, chunk.length - at);
    },
  };
}

/**
 * Writes to a pipe or socket, whose reader may be slow for as long as it likes. Through libuv's poll, not
 * its threads: a write(2) that hangs in a thread cannot be given up, and not even `process.exit` gets past it.
 * @param signal ends a hanging write.
 */
export function pipeSink(fd: number, signal: AbortSignal | undefined): Sink {
  const socket = new Socket({ fd, readable: false, writable: true });
  // The error comes to the callback of `write` as well.
  socket.on('error', () => {});
  signal?.addEventListener('abort', () => socket.destroy(), { once: true });
  return {
    write: (chunk) =>
      new Promise((resolve, reject) => {
        socket.write(chunk, (error) => (error ? reject(error) : resolve()));
      }),
  };
}
