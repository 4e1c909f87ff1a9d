import type { Finder, FinderContext } from '../closure/finder.ts';
import type { Evidence, Node } from '../closure/types.ts';
import type { RootPath } from '../sysroot/sysroot.ts';
import { dataFile, isReadableFile } from './data-file.ts';
import { imported, namedByStatic } from './symbol-rule.ts';

const SYMBOLS = ['setupterm', 'tgetent', 'initscr', 'newterm', 'initscr_sp', 'newterm_sp', 'del_curterm'];

/** Terminals that people sit at, by hand or through a multiplexer; TERM=xterm is what containers are given. */
const TERMINALS = [
  ...['xterm', 'xterm-256color', 'screen', 'screen-256color', 'tmux', 'tmux-256color'],
  ...['rxvt', 'rxvt-unicode', 'linux', 'vt100', 'vt220', 'ansi', 'dumb'],
];

/** Where a static program looks, and one whose library does not say. */
const USUAL = ['/etc/terminfo', '/lib/terminfo', '/usr/share/terminfo'];

/** Descriptions of common terminals, from the first directory of the library's own list that has each. */
export const terminfo: Finder = {
  name: 'terminfo',
  *find(node, context) {
    const evidence =
      imported(node, SYMBOLS, 'terminfo', context) ??
      namedByStatic(node, '/usr/share/terminfo', 'terminfo', context);
    if (evidence === null) return;
    const directories = directoriesOf(node, evidence, context);
    for (const name of TERMINALS) {
      const path = directories
        .flatMap((directory) => entriesOf(directory, name))
        .find((entry) => isReadableFile(context.sysroot, entry as RootPath));
      if (path !== undefined) yield* dataFile(node, path, evidence, context);
    }
  },
};

/** TERMINFO_DIRS as compiled in (ncurses: configure --with-terminfo-dirs). */
function directoriesOf(node: Node, evidence: Evidence, context: FinderContext): readonly string[] {
  const library = evidence.by === 'symbol' ? context.provider(node, evidence.symbol) : node.realPath;
  const own = library === null ? [] : context.strings(library, '/terminfo');
  const listed = own.flatMap((text) => text.split(':')).filter((path) => /^\/[^%]*\/terminfo$/.test(path));
  return [...new Set([...listed, ...(listed.length === 0 ? USUAL : [])])];
}

/** An entry lies below the first letter of its name, or that letter's code in hex (term(5)). */
function entriesOf(directory: string, name: string): readonly string[] {
  const code = name.charCodeAt(0).toString(16).padStart(2, '0');
  return [`${directory}/${name[0]}/${name}`, `${directory}/${code}/${name}`];
}
