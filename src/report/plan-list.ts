import type { Entry, RootfsPlan } from '../plan/entry.ts';
import { evidenceText } from './evidence.ts';
import { type Paint, PLAIN } from './paint.ts';
import { printable } from './printable.ts';

/** Every entry of a plan, one a line: kind and mode as ls(1) writes them, size, path, and why it is in. */
export function planList({ entries }: RootfsPlan, paint: Paint = PLAIN): string {
  const sizes = entries.map((entry) => (entry.type === 'file' ? String(entry.size) : '-'));
  const width = Math.max(0, ...[...new Set(sizes.map((size) => size.length))]);
  return entries.map((entry, at) => line(entry, (sizes[at] ?? '').padStart(width), paint)).join('');
}

function line(entry: Entry, size: string, paint: Paint): string {
  const from = entry.neededBy === null ? '' : `, by ${printable(entry.neededBy)}`;
  const why = paint.dim(`# ${evidenceText(entry.evidence)}${from}`);
  return `${modeText(entry)} ${size} ${printable(entry.path)}${target(entry)}  ${why}\n`;
}

function target(entry: Entry): string {
  if (entry.type === 'symlink') return ` -> ${printable(entry.target)}`;
  return entry.type === 'hardlink' ? ` = ${printable(entry.target)}` : '';
}

/** `drwxr-xr-x`, with s, S, t and T for the special bits. */
function modeText(entry: Entry): string {
  const { mode } = entry;
  const special = [mode & 0o4000, mode & 0o2000, mode & 0o1000];
  const text = special.map((bit, at) => {
    const three = (mode >> (6 - 3 * at)) & 7;
    const letter = at === 2 ? 't' : 's';
    const execute = three & 1 ? (bit ? letter : 'x') : bit ? letter.toUpperCase() : '-';
    return `${three & 4 ? 'r' : '-'}${three & 2 ? 'w' : '-'}${execute}`;
  });
  return `${kind(entry)}${text.join('')}`;
}

function kind(entry: Entry): string {
  switch (entry.type) {
    case 'directory':
      return 'd';
    case 'symlink':
      return 'l';
    case 'device':
      return entry.kind === 'block' ? 'b' : 'c';
    default:
      return '-';
  }
}
