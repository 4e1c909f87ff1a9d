import type { Finder } from '../closure/finder.ts';
import { dataFile } from './data-file.ts';
import { imported } from './symbol-rule.ts';

/** libmagic's database: the list of places is compiled in, each with `.mgc` before its text form (libmagic(3), magic_load). */
export const magic: Finder = {
  name: 'magic',
  *find(node, context) {
    const evidence = imported(node, ['magic_load', 'magic_getpath'], 'magic', context);
    const library = evidence === null ? null : context.provider(node, evidence.symbol);
    if (evidence === null || library === null) return;
    const places = context.strings(library, '/magic').flatMap((text) => text.split(':'));
    for (const place of new Set(places.filter((path) => path.startsWith('/')))) {
      const compiled = [...dataFile(node, `${place}.mgc`, evidence, context)];
      yield* compiled.length > 0 ? compiled : dataFile(node, place, evidence, context);
    }
  },
};
