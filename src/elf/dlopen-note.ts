import type { DlopenNote } from './image.ts';

const PRIORITIES = ['required', 'recommended', 'suggested'] as const;

/**
 * Reads the descriptor of a `.note.dlopen` note: a JSON array of objects (first drafts: one object), NUL at the
 * end (https://systemd.io/ELF_DLOPEN_METADATA). Unknown keys are passed over, elements without a soname too;
 * text that is no JSON gives nothing, since such a note must not stop a program from being resolved.
 */
export function parseDlopenNote(desc: Uint8Array): readonly DlopenNote[] {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(desc).toString('utf8').replace(/\0+$/, ''));
  } catch {
    return [];
  }
  return (Array.isArray(value) ? value : [value]).flatMap((element) => elementOf(element) ?? []);
}

function elementOf(value: unknown): DlopenNote | null {
  if (typeof value !== 'object' || value === null) return null;
  const { feature, description, priority, soname } = value as Record<string, unknown>;
  const names = (Array.isArray(soname) ? soname : [soname]).filter(
    (name) => typeof name === 'string' && name !== '',
  );
  if (names.length === 0) return null;
  return {
    feature: typeof feature === 'string' ? feature : null,
    description: typeof description === 'string' ? description : null,
    priority: PRIORITIES.find((known) => known === priority) ?? 'recommended',
    soname: names,
  };
}
