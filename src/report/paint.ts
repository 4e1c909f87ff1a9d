/** Ways to make text stand out. Each takes text and gives text. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

const plain = (text: string): string => text;

/** No colour: what files and pipes get. */
export const PLAIN: Paint = { bold: plain, dim: plain, good: plain, bad: plain };

/** Select Graphic Rendition sequences of ECMA-48. */
export const ANSI: Paint = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  good: sgr(32, 39),
  bad: sgr(31, 39),
};

function sgr(on: number, off: number): (text: string) => string {
  return (text) => `\x1b[${on}m${text}\x1b[${off}m`;
}
