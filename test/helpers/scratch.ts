import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A directory of its own for each test, which is gone after it; call it in a `describe`. */
export function scratch(): Scratch {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mkrootfs-test-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  return {
    path: (name = '') => join(root, name),
    write(name, bytes, mode = 0o644) {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes, { mode });
      return path;
    },
  };
}

/** Files of one test. */
export interface Scratch {
  /** Absolute path of a name in the directory. */
  path(name?: string): string;
  /** Writes a file, its parents too, and tells where it is. */
  write(name: string, bytes: Uint8Array | string, mode?: number): string;
}
