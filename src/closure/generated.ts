import type { GeneratedFile } from './types.ts';

/** Joins two texts that rules made up for one path: the lines of the second that the first one lacks go to its end. */
export function mergeGenerated(held: GeneratedFile | undefined, added: GeneratedFile): GeneratedFile {
  if (held === undefined || held.text === added.text) return held ?? added;
  const lines = held.text.split('\n');
  const known = new Set(lines);
  const more = added.text.split('\n').filter((line) => !known.has(line));
  return { ...held, text: [...(lines.at(-1) === '' ? lines.slice(0, -1) : lines), ...more, ''].join('\n') };
}
