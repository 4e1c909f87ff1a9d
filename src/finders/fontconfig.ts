import type { Finder } from '../closure/finder.ts';
import { dataTree } from './data-file.ts';
import { imported } from './symbol-rule.ts';

const SYMBOLS = [
  'FcInit',
  'FcInitLoadConfig',
  'FcInitLoadConfigAndFonts',
  'FcFontMatch',
  'FcFontSort',
  'FcFontList',
];

/** The rules by which fontconfig chooses; the fonts themselves are a matter of taste, which --include knows. */
export const fontconfig: Finder = {
  name: 'fontconfig',
  *find(node, context) {
    const evidence = imported(node, SYMBOLS, 'fontconfig', context);
    if (evidence !== null) yield* dataTree(node, '/etc/fonts', evidence, context);
  },
};
