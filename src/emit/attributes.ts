import { chmodSync, lchownSync, lutimesSync, utimesSync } from 'node:fs';
import { fsName } from '../bytes.ts';
import type { Entry } from '../plan/entry.ts';
import { errno } from './failure.ts';
import type { Tally } from './tally.ts';

/** chown(2) where one may not: EPERM; where a user namespace does not map the id: EINVAL. */
const REFUSED = ['EPERM', 'EINVAL'];

/** Gives what was made the owner, mode and time of its entry. */
export class Attributes {
  readonly #epoch: number;
  readonly #refusedOwners = new Set<string>();
  readonly #unowned: Entry[] = [];

  constructor(epoch: number) {
    this.#epoch = epoch;
  }

  /** In this order: chown(2) clears the setuid bits, and the umask has no say in chmod(2). */
  apply(entry: Entry, path: string): void {
    const name = fsName(path);
    this.#own(entry, name);
    if (entry.type === 'symlink') {
      lutimesSync(name, this.#epoch, this.#epoch);
      return;
    }
    chmodSync(name, entry.mode);
    utimesSync(name, this.#epoch, this.#epoch);
  }

  /**
   * Says which owners could not be given. Root's files that an ordinary user makes are left out: they
   * belong to that user, who is root in the user namespace where such a rootfs runs.
   */
  report(tally: Tally): void {
    const lost = this.#unowned.filter((entry) => entry.uid !== 0 || entry.gid !== 0);
    const [first] = lost;
    if (first === undefined) return;
    tally.warn(
      `owners are not kept, as that takes root: ${lost.length} entries, the first is ` +
        `${first.path} of ${first.uid}:${first.gid}`,
    );
  }

  #own(entry: Entry, name: string | Buffer): void {
    const owner = `${entry.uid}:${entry.gid}`;
    if (!this.#refusedOwners.has(owner)) {
      try {
        lchownSync(name, entry.uid, entry.gid);
        return;
      } catch (error) {
        if (!REFUSED.includes(errno(error))) throw error;
        this.#refusedOwners.add(owner);
      }
    }
    this.#unowned.push(entry);
  }
}
