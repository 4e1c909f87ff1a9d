import assert from 'node:assert/strict';
import { locale } from '../../src/finders/locale.ts';
import { file, link } from '../../src/testing.ts';
import { foundIn, type House } from './house.ts';

const DIRECTORY = '/usr/lib/locale/C.utf8';
const files = {
  [`${DIRECTORY}/LC_CTYPE`]: file('types'),
  [`${DIRECTORY}/LC_MESSAGES/SYS_LC_MESSAGES`]: file('yes'),
  [`${DIRECTORY}/LC_TIME`]: link('LC_CTYPE'),
  '/usr/lib/locale/locale-archive': file('all'),
};
const ALL = [
  DIRECTORY,
  `${DIRECTORY}/LC_CTYPE`,
  `${DIRECTORY}/LC_MESSAGES`,
  `${DIRECTORY}/LC_MESSAGES/SYS_LC_MESSAGES`,
  `${DIRECTORY}/LC_TIME`,
];

describe('locale', () => {
  const cases: readonly (readonly [title: string, house: House, found: readonly string[]])[] = [
    ['brings C.UTF-8 to what measures characters', { imports: ['setlocale', 'wcwidth'] }, ALL],
    ['brings it to what names it', { imports: ['setlocale'], strings: ['C.UTF-8'] }, ALL],
    ['brings it to what asks for the character set', { imports: ['setlocale', 'nl_langinfo'] }, ALL],
    [
      'brings nothing to what only quotes in messages',
      { imports: ['setlocale', 'nl_langinfo', 'mbrtowc'] },
      [],
    ],
    ['brings nothing to what only translates', { imports: ['setlocale'] }, []],
    ['brings nothing to what sets no locale', { imports: ['wcwidth'] }, []],
    [
      'brings nothing to musl, which has it built in',
      { libc: 'musl', imports: ['setlocale', 'wcwidth'] },
      [],
    ],
  ];
  for (const [title, house, found] of cases) {
    it(title, () => assert.deepEqual([...foundIn({ ...house, files }, locale)].sort(), found));
  }

  describe('a locale that is asked for', () => {
    const more = {
      ...files,
      '/usr/lib/locale/fr_FR.utf8/LC_CTYPE': file('français'),
      '/usr/lib/locale/de_DE@euro/LC_CTYPE': file('deutsch'),
      '/etc/shadow': file('secret'),
    };
    const ARCHIVE = ['/usr/lib/locale/locale-archive'];
    const asked: readonly (readonly [name: string, found: readonly string[]])[] = [
      ['fr_FR.UTF-8', ['/usr/lib/locale/fr_FR.utf8', '/usr/lib/locale/fr_FR.utf8/LC_CTYPE']],
      ['de_DE@euro', ['/usr/lib/locale/de_DE@euro', '/usr/lib/locale/de_DE@euro/LC_CTYPE']],
      ['it_IT.UTF-8', ARCHIVE],
      ['C.UTF-8', []],
      ['POSIX', []],
      ['../../../etc', []],
    ];
    for (const [name, found] of asked) {
      it(`brings ${found.join(', ') || 'nothing'} for ${name}`, () => {
        const house: House = { imports: ['setlocale'], files: more };
        assert.deepEqual(foundIn(house, locale, { locale: name }), found);
      });
    }
  });

  it('brings nothing where the tree has no such locale', () => {
    assert.deepEqual(foundIn({ imports: ['setlocale', 'wcwidth'] }, locale), []);
  });
});
