import { type MuslStart, muslLinkMap } from './musl.ts';
import { type LinkMap, LoadedObject } from './object.ts';
import type { Binding } from './resolution.ts';
import type { Search } from './search.ts';
import type { Attempt } from './types.ts';

/** glibc: a loaded object of that name, else a search by the paths of the object that calls (elf/dl-open.c: dl_open_worker). */
export function glibcDlopen(
  caller: LoadedObject,
  program: LoadedObject,
  { objects }: LinkMap,
  search: Search,
  name: string,
): Binding {
  const loaded = objects.find((object) => object.names.includes(name));
  if (loaded !== undefined) return { name, path: loaded.path, via: 'soname', tried: [] };
  const tried: Attempt[] = [];
  const found = name.includes('/')
    ? search.direct(caller, name, tried)
    : search.find(caller, program, name, tried);
  if (found === null || found.fault !== null) return { name, path: null, via: null, tried };
  return { name, path: found.record.path, via: found.via, tried: tried.slice(0, -1) };
}

/** musl: whoever calls, the search is that of the program (ldso/dynlink.c: dlopen). */
export function muslDlopen(program: LoadedObject, start: MuslStart, name: string): Binding {
  const again = new LoadedObject(program.record, program.kind, null);
  muslLinkMap(again, { ...start, preload: [], dlopen: [name], attempts: true });
  return (
    again.bindings.find((binding) => binding.name === name) ?? { name, path: null, via: null, tried: [] }
  );
}
