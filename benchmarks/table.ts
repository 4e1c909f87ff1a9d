import type { Result, Row } from './row.ts';

/** A row and what came of it; a reason in words where it could not be measured. */
export interface Measured {
  readonly row: Row;
  readonly result: Result | string;
}

/** Whether the gate holds; null where nothing was measured. */
export function isMet({ row, result }: Measured): boolean | null {
  return typeof result === 'string' ? null : result.value <= row.gate;
}

/** The table, as Markdown. */
export function table(measured: readonly Measured[]): string {
  const head = [
    '| goal | what | measured | gate | stretch | met | ours, peer | pairs |',
    '|---|---|---|---|---|---|---|---|',
  ];
  return [...head, ...measured.map(line)].map((text) => `${text}\n`).join('');
}

/** One row's line of it. */
export function line(measured: Measured): string {
  const { row, result } = measured;
  const limits = [figure(row.gate, row), figure(row.stretch, row)];
  if (typeof result === 'string') return cells([row.id, row.title, result, ...limits, 'no', '', '']);
  const title = result.note === undefined ? row.title : `${row.title} (${result.note})`;
  const times = result.milliseconds?.map(duration).join(', ') ?? '';
  const met = isMet(measured) ? 'yes' : '**no**';
  return cells([row.id, title, value(result, row), ...limits, met, times, String(result.pairs ?? '')]);
}

function value({ value: measured, spread }: Result, row: Row): string {
  const range = spread ? ` (${figure(spread[0], row)} to ${figure(spread[1], row)})` : '';
  return `${figure(measured, row)}${range}`;
}

/** Three significant digits; a ratio as `x1.06`. */
function figure(number: number, { unit }: Row): string {
  const digits = number >= 100 ? number.toFixed(0) : number.toPrecision(3);
  return unit === 'x' ? `x${digits}` : `${digits} ${unit}`;
}

function duration(milliseconds: number): string {
  if (milliseconds < 1) return `${(milliseconds * 1000).toPrecision(3)} us`;
  return milliseconds < 10_000
    ? `${milliseconds.toPrecision(3)} ms`
    : `${(milliseconds / 1000).toPrecision(3)} s`;
}

function cells(words: readonly string[]): string {
  return `| ${words.join(' | ')} |`;
}
