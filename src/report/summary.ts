import type { Node, Role } from '../closure/types.ts';
import type { EmitReport } from '../emit/emitter.ts';
import type { Entry, RootfsPlan } from '../plan/entry.ts';
import { byteCount } from './bytes.ts';
import { originOf } from './origin.ts';
import { type Paint, PLAIN } from './paint.ts';
import { printable } from './printable.ts';

/** What to call one and many of each role, in the order of a summary. */
const ROLES: readonly (readonly [Role, string, string])[] = [
  ['program', 'program', 'programs'],
  ['script', 'script', 'scripts'],
  ['interpreter', 'interpreter', 'interpreters'],
  ['library', 'library', 'libraries'],
  ['plugin', 'plugin', 'plugins'],
  ['data', 'data file', 'data files'],
];

/**
 * What a build made, for people: where, how much, of what, found how, and how to run it.
 * @param proved whether everything inside was shown to find what it needs there
 */
export function buildSummary(
  plan: RootfsPlan,
  emitted: EmitReport,
  proved: boolean,
  paint: Paint = PLAIN,
): string {
  const { output, format, contentBytes, outputBytes } = emitted;
  const where = output === '-' ? 'standard output' : printable(output);
  const written = format === 'dir' ? '' : `, ${byteCount(outputBytes)} as ${format}`;
  const files = count(emitted.entries.file, 'file', 'files');
  return [
    `${paint.good('built')} ${paint.bold(where)}: ${files}, ${byteCount(contentBytes)}${written}`,
    `  holds     ${roleCounts(plan.closure.nodes)}`,
    `  found by  ${ruleSizes(plan)}`,
    ...suggestionLines(plan.closure),
    ...(proved ? ['  proved    all that is inside finds what it needs inside'] : []),
    ...privileged(plan.entries).map((line) => `  ${paint.bold('keeps')}     ${line}`),
    ...howToRun(plan, emitted),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function roleCounts(nodes: readonly Node[]): string {
  const parts: string[] = [];
  for (const [role, one, many] of ROLES) {
    const number = nodes.filter((node) => node.role === role).length;
    if (number > 0) parts.push(count(number, one, many));
  }
  return parts.join(', ');
}

/** How many files each rule put in and how much that is, the weightiest first. */
function ruleSizes({ entries, closure }: RootfsPlan): string {
  const originRule = originOf(closure);
  const sums = new Map<string, { files: number; bytes: number }>();
  for (const entry of entries) {
    if (entry.type !== 'file') continue;
    const rule = originRule(entry);
    const { files, bytes } = sums.get(rule) ?? { files: 0, bytes: 0 };
    sums.set(rule, { files: files + 1, bytes: bytes + entry.size });
  }
  const sorted = [...sums].sort(([left, a], [right, b]) => b.bytes - a.bytes || (left < right ? -1 : 1));
  return sorted
    .map(([rule, { files, bytes }]) => `${printable(rule)} ${files} (${byteCount(bytes)})`)
    .join(', ');
}

/** Names of libraries that a summary shows before it only counts. */
const FEW = 3;

/** Libraries that strings name and nothing confirms. */
function suggestionLines({ suggestions }: RootfsPlan['closure']): readonly string[] {
  if (suggestions.length === 0) return [];
  const names = suggestions.slice(0, FEW).map(({ name }) => printable(name));
  const more = suggestions.length > FEW ? ` and ${suggestions.length - FEW} more` : '';
  return [`  may want  ${names.join(', ')}${more}: --discover auto,dlopen-strings takes them`];
}

/** Files that give whoever runs them more than they have: setuid, setgid, file capabilities. */
function privileged(entries: readonly Entry[]): readonly string[] {
  const lines: string[] = [];
  for (const { type, path, mode, xattrs } of entries) {
    if (type !== 'file') continue;
    const powers = [];
    if (mode & 0o4000) powers.push('setuid');
    if (mode & 0o2000) powers.push('setgid');
    if ('security.capability' in xattrs) powers.push('file capabilities');
    if (powers.length > 0) lines.push(`${powers.join(', ')}: ${printable(path)}`);
  }
  return lines;
}

const initramfs = (_: string, command: string): string =>
  `boot it: as the initramfs of a Linux kernel, whose /init is ${command}`;
const mount = (output: string): string => `mount it: mount -o loop,ro ${output} /mnt`;

/** What to do next with what is no tar archive of a tree, by format. */
const USES: Readonly<Record<string, (output: string, command: string) => string>> = {
  dir: (output, command) => `run it: mkrootfs run ${output} ${command}`,
  oci: (output) => `load it: podman load -i ${output}`,
  docker: (output) => `load it: docker load -i ${output}`,
  cpio: initramfs,
  'cpio.gz': initramfs,
  squashfs: mount,
  erofs: mount,
};

function howToRun(plan: RootfsPlan, emitted: EmitReport): readonly string[] {
  if (emitted.output === '-') return [];
  const [output, command] = [shellWord(emitted.output), plan.command.map(shellWord).join(' ')];
  const use = USES[emitted.format];
  if (use !== undefined) return [use(output, command)];
  return [`unpack it: mkdir rootfs && tar -xf ${output} -C rootfs`, `run it: mkrootfs run rootfs ${command}`];
}

/** A word as a shell reads it back. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${printable(word).replaceAll("'", "'\\''")}'`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
