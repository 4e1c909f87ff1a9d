import assert from 'node:assert/strict';
import { terminfo } from '../../src/finders/terminfo.ts';
import { file, unreadable } from '../../src/testing.ts';
import { foundIn, type House, library } from './house.ts';

const entries = {
  '/lib/terminfo/x/xterm': file('xterm'),
  '/usr/share/terminfo/x/xterm': file('another'),
  '/usr/share/terminfo/x/xterm-odd': file('odd'),
  '/opt/terminfo/76/vt100': file('by code'),
  '/etc/terminfo/d/dumb': unreadable(file('')),
};

const using = (...strings: readonly string[]): House => ({
  imports: ['tgetent'],
  needed: ['libtinfo.so.6'],
  files: { ...entries, ...library('libtinfo.so.6', { exports: ['tgetent'] }, strings) },
});

describe('terminfo', () => {
  const cases: readonly (readonly [title: string, house: House, found: readonly string[]])[] = [
    [
      "takes each terminal from the first directory of the library's list that has it",
      using('/etc/terminfo', '/etc/terminfo:/lib/terminfo:/usr/share/terminfo', '/usr/share/terminfo.d/%s'),
      ['/lib/terminfo/x/xterm'],
    ],
    ['finds a directory by the code of the first letter', using('/opt/terminfo'), ['/opt/terminfo/76/vt100']],
    ['looks in the usual places where the library names none', using(), ['/lib/terminfo/x/xterm']],
    [
      'looks in the usual places for a static program',
      { libc: 'static', strings: ['/usr/share/terminfo'], files: entries },
      ['/usr/share/terminfo/x/xterm'],
    ],
    ['leaves programs alone that do not ask', { files: entries }, []],
  ];
  for (const [title, house, found] of cases) {
    it(title, () => assert.deepEqual(foundIn(house, terminfo), found));
  }
});
