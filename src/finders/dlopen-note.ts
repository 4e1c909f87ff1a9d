import type { Finder, FinderContext, Finding } from '../closure/finder.ts';
import type { Node } from '../closure/types.ts';
import type { DlopenNote } from '../elf/image.ts';
import { readNotes } from '../elf/notes.ts';
import { isRootfsError } from '../errors.ts';
import type { Binding } from '../ldso/resolution.ts';
import type { RootPath, Sysroot } from '../sysroot/sysroot.ts';

/**
 * Libraries that a file says it opens at run time (`.note.dlopen`, https://systemd.io/ELF_DLOPEN_METADATA): the
 * first of the alternatives that is there, required and recommended ones. A missing required one is a problem.
 */
export const dlopenNote: Finder = {
  name: 'dlopen-note',
  *find(node, context) {
    if (node.image === null) return;
    for (const note of notesOf(context.sysroot, node.path)) {
      if (note.priority !== 'suggested') yield* noteFindings(node, note, context);
    }
  },
};

function* noteFindings(
  node: Node,
  { feature, priority, soname }: DlopenNote,
  context: FinderContext,
): Generator<Finding> {
  const evidence = { by: 'dlopen-note', feature: feature ?? soname[0] ?? '', priority } as const;
  const tried: Binding[] = [];
  for (const name of soname) {
    const found = context.loader.dlopen(node.path, name);
    tried.push(...found);
    const files = found.flatMap(({ path }) => path ?? []);
    for (const to of files) yield { from: node.path, to, want: name, role: 'plugin', evidence };
    if (files.length > 0) return;
  }
  if (priority !== 'required') return;
  const name = soname.join(' or ');
  const attempts = tried.flatMap((binding) => binding.tried);
  context.problem({ kind: 'missing-library', name, neededBy: node.path, tried: attempts });
  yield { from: node.path, to: null, want: name, role: 'plugin', evidence };
}

/** Notes that cannot be read say nothing: the loader has judged the file already. */
function notesOf(sysroot: Sysroot, path: RootPath): readonly DlopenNote[] {
  const source = sysroot.open(path);
  if (typeof source === 'string') return [];
  try {
    return readNotes(source, path).dlopen;
  } catch (error) {
    if (isRootfsError(error)) return [];
    throw error;
  } finally {
    source.close();
  }
}
