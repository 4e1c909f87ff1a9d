import { isMet, type Measured } from './table.ts';

const ROW_HEIGHT = 22;
const LABEL_WIDTH = 520;
const BAR_WIDTH = 360;
const WIDTH = LABEL_WIDTH + BAR_WIDTH + 90;
const TOP = 40;
/** Share of the gate that the plot's left and right edges stand for. */
const LEAST = 1 / 8;
const MOST = 8;
const MET = '#2a7f3f';
const MISSED = '#b3402e';

/** Every value as a share of its gate, on a logarithmic scale: a bar that ends left of the line holds. */
export function plot(measured: readonly Measured[]): string {
  const bars = measured.filter(({ result }) => typeof result !== 'string');
  const height = TOP + bars.length * ROW_HEIGHT + 12;
  const gate = LABEL_WIDTH + position(1);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="white"/>`,
    ...[0.25, 0.5, 2, 4].map((share) => rule(LABEL_WIDTH + position(share), height, '#dddddd', `${share}`)),
    ...bars.map(bar),
    rule(gate, height, '#333333', 'gate'),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

function bar(measured: Measured, index: number): string {
  const { row, result } = measured;
  if (typeof result === 'string') return '';
  const y = TOP + index * ROW_HEIGHT;
  const width = position(result.value / row.gate);
  const colour = isMet(measured) ? MET : MISSED;
  const text =
    row.unit === 'x' ? `x${result.value.toPrecision(3)}` : `${result.value.toPrecision(3)} ${row.unit}`;
  return [
    `<text x="${LABEL_WIDTH - 8}" y="${y + 14}" text-anchor="end">${escaped(`${row.id} ${row.title}`)}</text>`,
    `<rect x="${LABEL_WIDTH}" y="${y + 4}" width="${width.toFixed(1)}" height="13" fill="${colour}"/>`,
    `<text x="${(LABEL_WIDTH + width + 5).toFixed(1)}" y="${y + 15}">${text}</text>`,
  ].join('');
}

function rule(x: number, height: number, colour: string, label: string): string {
  const at = x.toFixed(1);
  return (
    `<line x1="${at}" y1="${TOP - 8}" x2="${at}" y2="${height - 8}" stroke="${colour}"/>` +
    `<text x="${at}" y="${TOP - 14}" text-anchor="middle" fill="#555555">${label}</text>`
  );
}

function position(share: number): number {
  const part = Math.log(share / LEAST) / Math.log(MOST / LEAST);
  return Math.min(Math.max(part, 0.004), 1) * BAR_WIDTH;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
