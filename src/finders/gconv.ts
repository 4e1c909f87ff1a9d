import type { Finder, FinderContext, Finding } from '../closure/finder.ts';
import type { Evidence, Node } from '../closure/types.ts';
import { readText } from '../ldso/text.ts';
import { type RootPath, rootPath } from '../sysroot/sysroot.ts';
import { dataFile, isReadableFile } from './data-file.ts';
import { imported } from './symbol-rule.ts';

/** Calls that glibc keeps to itself: who makes them converts whatever its user names, as iconv(1) does. */
const CONVERTERS = ['__gconv_open', '__gconv_create_spec'];

/** What glibc itself counts as common: the modules of gconv-modules since 2.34 (iconvdata/Makefile: gconv-modules). */
const COMMON = new Set(['ISO8859-1', 'ISO8859-15', 'CP1252', 'UTF-16', 'UTF-32', 'UTF-7', 'UNICODE']);

/** Files that tell where a character set's module is; the cache is made of the others and goes before them. */
const ALL_CONFIGURATION = [
  'gconv-modules',
  'gconv-modules.cache',
  'gconv-modules.d/gconv-modules-extra.conf',
];

/**
 * Character sets beyond those inside glibc (ASCII, UTF-8, UCS-2, UCS-4): the common ones for whoever calls iconv,
 * all of them for a program that is a converter by its calls.
 */
export const gconv: Finder = {
  name: 'gconv',
  *find(node, context) {
    const converter = imported(node, CONVERTERS, 'gconv', context);
    const evidence = converter ?? imported(node, ['iconv_open'], 'gconv', context);
    if (evidence === null) return;
    const directory = directoryOf(node, evidence.symbol, context);
    if (directory === null) return;
    if (converter === null) yield* common(node, directory, evidence, context);
    else yield* whole(node, directory, evidence, context);
  },
};

/** GCONV_PATH's default, as libc holds it. */
function directoryOf(node: Node, symbol: string, context: FinderContext): RootPath | null {
  const libc = context.provider(node, symbol);
  const named = libc === null ? [] : context.strings(libc, '/gconv');
  const path = named.find((text) => /^\/[^:%]*\/gconv$/.test(text));
  return path === undefined ? null : rootPath(path);
}

function* whole(
  node: Node,
  directory: RootPath,
  evidence: Evidence,
  context: FinderContext,
): Generator<Finding> {
  for (const name of ALL_CONFIGURATION) yield* dataFile(node, `${directory}/${name}`, evidence, context);
  for (const name of context.sysroot.readdir(directory)) {
    if (name.endsWith('.so')) yield* module(node, directory, name, evidence, context);
  }
}

/**
 * The common modules, and the text that names them and no other: the cache would name all. Before 2.34 one text
 * held every character set; then the lines of the common ones are all that is kept of it.
 */
function* common(
  node: Node,
  directory: RootPath,
  evidence: Evidence,
  context: FinderContext,
): Generator<Finding> {
  const path = rootPath(`${directory}/gconv-modules`);
  const lines = (readText(context.sysroot, path) ?? '')
    .split('\n')
    .filter((line) => COMMON.has(moduleOf(line)));
  if (lines.length === 0) return;
  const sets = new Set(lines.flatMap((line) => line.split(/\s+/).slice(1, 3)));
  const aliases = (readText(context.sysroot, path) ?? '')
    .split('\n')
    .filter((line) => sets.has(/^alias\s+\S+\s+(\S+)/.exec(line)?.[1] ?? ''));
  const text = `${[...aliases, ...lines].join('\n')}\n`;
  context.generate({ path, mode: 0o644, text, rule: 'gconv', neededBy: node.path });
  for (const name of new Set(lines.map(moduleOf))) {
    yield* module(node, directory, `${name}.so`, evidence, context);
  }
}

/** The file that a line `module FROM TO FILE COST` names. */
function moduleOf(line: string): string {
  return /^module\s+\S+\s+\S+\s+([\w.-]+)/.exec(line)?.[1] ?? '';
}

function* module(
  node: Node,
  directory: RootPath,
  name: string,
  evidence: Evidence,
  { sysroot }: FinderContext,
): Generator<Finding> {
  const to = rootPath(`${directory}/${name}`);
  if (isReadableFile(sysroot, to)) yield { from: node.path, to, want: to, role: 'plugin', evidence };
}
