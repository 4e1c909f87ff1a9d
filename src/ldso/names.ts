import type { LoadedObject } from './object.ts';

/**
 * Names under which loaded objects are found again without a search (elf/dl-load.c: _dl_map_object,
 * _dl_name_match_p): path opened, names asked for, SONAME. Where two objects share one, the earlier loaded answers.
 */
export class Names {
  readonly #objects = new Map<string, LoadedObject>();

  get(name: string): LoadedObject | undefined {
    return this.#objects.get(name);
  }

  add(name: string, object: LoadedObject): void {
    object.names.push(name);
    this.#enter(name, object);
  }

  /** Builds the table anew after objects changed places in the list. */
  reorder(objects: Iterable<LoadedObject>): void {
    this.#objects.clear();
    for (const object of objects) for (const name of object.names) this.#enter(name, object);
  }

  #enter(name: string, object: LoadedObject): void {
    const known = this.#objects.get(name);
    if (known === undefined || known.position > object.position) this.#objects.set(name, object);
  }
}
