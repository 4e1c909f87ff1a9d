import assert from 'node:assert/strict';
import { timezone } from '../../src/finders/timezone.ts';
import { file, link } from '../../src/testing.ts';
import { closureIn, foundIn, type House } from './house.ts';

const files = {
  '/etc/localtime': link('/usr/share/zoneinfo/Asia/Tokyo'),
  '/etc/secret': file('key'),
  '/usr/share/zoneinfo/Asia/Tokyo': file('TZif Tokyo'),
  '/usr/share/zoneinfo/Europe/Paris': file('TZif Paris'),
};
const house: House = { imports: ['localtime'], files };

describe('timezone', () => {
  it('brings the zone of the tree to what shows local time', () => {
    const { nodes } = closureIn(house, [timezone]);
    const node = nodes.find(({ path }) => path === '/etc/localtime');
    assert.deepEqual([node?.realPath, node?.hops], ['/usr/share/zoneinfo/Asia/Tokyo', ['/etc/localtime']]);
  });

  const zones: readonly (readonly [title: string, zone: string, found: readonly string[]])[] = [
    [
      'brings the zone that is asked for',
      'Europe/Paris',
      ['/etc/localtime', '/usr/share/zoneinfo/Europe/Paris'],
    ],
    ['takes a rule for no file', 'CET-1CEST,M3.5.0,M10.5.0/3', ['/etc/localtime']],
    ['takes an abbreviation without a file for a rule', 'UTC0', ['/etc/localtime']],
    ['follows no name out of the directory', '../../../etc/secret', ['/etc/localtime']],
  ];
  for (const [title, zone, found] of zones) {
    it(title, () => assert.deepEqual(foundIn(house, timezone, { timezone: zone }), found));
  }

  it('tells of a zone that is not there', () => {
    const { problems } = closureIn(house, [timezone], { timezone: 'Europe/Pariss' });
    const why = 'no such zone in /usr/share/zoneinfo';
    assert.deepEqual(problems, [{ kind: 'missing-file', name: 'Europe/Pariss', neededBy: '/bin/app', why }]);
  });

  it('knows a static program by the directory in it', () => {
    const strings = ['/usr/share/zoneinfo'];
    assert.deepEqual(foundIn({ libc: 'static', strings, files }, timezone), ['/etc/localtime']);
    assert.deepEqual(foundIn({ libc: 'static', files }, timezone), []);
  });
});
