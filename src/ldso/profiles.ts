import type { ElfImage } from '../elf/image.ts';
import { type RootPath, rootPath } from '../sysroot/sysroot.ts';
import { type Architecture, architectureOf } from './architectures.ts';
import type { Files } from './files.ts';
import { type Compiled, compiledIn, type Profile } from './profile.ts';

/** Bytes of a loader that are searched for its compiled-in strings; the largest seen has 1.4 MB. */
const LOADER_BYTES = 8 << 20;

/** The dynamic linkers of a sysroot, each read once. */
export class Profiles {
  readonly #files: Files;
  readonly #profiles = new Map<string, Profile>();

  constructor(files: Files) {
    this.#files = files;
  }

  /** The linker that a program names, or for a shared object the one its machine and libc usually have. */
  of(image: ElfImage): Profile {
    const architecture = architectureOf(image);
    const interpreter = rootPath(image.interpreter ?? this.#usual(image, architecture));
    const id = [interpreter, image.class, image.byteOrder, image.machine, image.flags].join(' ');
    let profile = this.#profiles.get(id);
    if (profile === undefined) {
      let compiled: Compiled | null = null;
      profile = {
        id,
        libc: this.#isMusl(interpreter) ? 'musl' : 'glibc',
        interpreter,
        class: image.class,
        byteOrder: image.byteOrder,
        machine: image.machine,
        flags: image.flags,
        compiled: () => (compiled ??= this.#compiled(interpreter) ?? this.#guess(architecture)),
        platform: architecture.platform,
      };
      this.#profiles.set(id, profile);
    }
    return profile;
  }

  #usual(image: ElfImage, architecture: Architecture): string {
    const musl = `/lib/ld-musl-${architecture.musl}.so.1`;
    const wantsMusl = image.needed.some((name) => name === 'libc.so' || name.startsWith('libc.musl-'));
    return wantsMusl || !this.#files.sysroot.exists(rootPath(architecture.interpreter))
      ? ([musl, architecture.interpreter].find((path) => this.#files.sysroot.exists(rootPath(path))) ??
          architecture.interpreter)
      : architecture.interpreter;
  }

  /** musl's loader is its libc: by name, or by SONAME where it goes by another. */
  #isMusl(interpreter: RootPath): boolean {
    if (/\/ld-musl-[^/]*$/.test(interpreter)) return true;
    const soname = this.#files.open(interpreter, true).image?.soname ?? '';
    return soname === 'libc.so' || soname.startsWith('libc.musl-');
  }

  #compiled(interpreter: RootPath): Compiled | null {
    const source = this.#files.sysroot.open(interpreter);
    if (typeof source === 'string') return null;
    try {
      const bytes = source.read(0, Math.min(source.size(), LOADER_BYTES));
      return compiledIn(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'));
    } finally {
      source.close();
    }
  }

  /** Without a loader to read: Debian's directories where the tree has them, else upstream's. */
  #guess({ triplet, libDirectory }: Architecture): Compiled {
    const multiarch = triplet !== '' && this.#files.isDirectory(`/usr/lib/${triplet}`);
    const lib = multiarch ? `lib/${triplet}` : libDirectory;
    const defaultDirectories = [`/${lib}/`, `/usr/${lib}/`, ...(multiarch ? ['/lib/', '/usr/lib/'] : [])];
    return { defaultDirectories, lib, release: null };
  }
}
