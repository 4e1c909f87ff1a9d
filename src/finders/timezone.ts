import type { Finder } from '../closure/finder.ts';
import { dataFile } from './data-file.ts';
import { imported, namedByStatic } from './symbol-rule.ts';

const SYMBOLS = ['tzset', 'localtime', 'localtime_r', 'mktime', 'ctime', 'ctime_r', 'strftime'];
const LOCAL = '/etc/localtime';
const ZONES = '/usr/share/zoneinfo';

/** Local time: the zone asked for, and what /etc/localtime leads to; without either, programs fall back to UTC. */
export const timezone: Finder = {
  name: 'timezone',
  *find(node, context) {
    const evidence =
      imported(node, SYMBOLS, 'timezone', context) ?? namedByStatic(node, ZONES, 'timezone', context);
    if (evidence === null) return;
    yield* dataFile(node, LOCAL, evidence, context);
    if (context.timezone !== null) yield* dataFile(node, `${ZONES}/${context.timezone}`, evidence, context);
  },
};
