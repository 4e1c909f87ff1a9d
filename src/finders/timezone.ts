import type { Finder } from '../closure/finder.ts';
import { dataFile } from './data-file.ts';
import { imported, namedByStatic } from './symbol-rule.ts';

const SYMBOLS = ['tzset', 'localtime', 'localtime_r', 'mktime', 'ctime', 'ctime_r', 'strftime'];
const LOCAL = '/etc/localtime';
const ZONES = '/usr/share/zoneinfo';

/** Area/City; nothing that leads out of the directory. */
const NAME = /^[\w+-]+(?:\/[\w+-]+)*$/;

/** Local time: the zone asked for, and what /etc/localtime leads to; without either, programs fall back to UTC. */
export const timezone: Finder = {
  name: 'timezone',
  *find(node, context) {
    const evidence =
      imported(node, SYMBOLS, 'timezone', context) ?? namedByStatic(node, ZONES, 'timezone', context);
    if (evidence === null) return;
    yield* dataFile(node, LOCAL, evidence, context);
    const zone = context.timezone;
    // TZ may also hold a rule, `CET-1CEST`, which needs no file (tzset(3)).
    if (zone === null || !NAME.test(zone)) return;
    const found = [...dataFile(node, `${ZONES}/${zone}`, evidence, context)];
    yield* found;
    if (found.length > 0 || !zone.includes('/')) return;
    context.problem({
      kind: 'missing-file',
      name: zone,
      neededBy: node.path,
      why: `no such zone in ${ZONES}`,
    });
  },
};
