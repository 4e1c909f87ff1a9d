import assert from 'node:assert/strict';
import { fontconfig } from '../../src/finders/fontconfig.ts';
import { file, link } from '../../src/testing.ts';
import { foundIn } from './house.ts';

const files = {
  '/etc/fonts/fonts.conf': file('<fontconfig>'),
  '/etc/fonts/conf.d/10-hinting.conf': link('/usr/share/fontconfig/conf.avail/10-hinting.conf'),
  '/etc/fonts/conf.d/99-gone.conf': link('/usr/share/fontconfig/conf.avail/99-gone.conf'),
  '/usr/share/fontconfig/conf.avail/10-hinting.conf': file('<match>'),
  '/usr/share/fonts/big.ttf': file('glyphs'),
};

describe('fontconfig', () => {
  it('brings the configuration, links and what they lead to, and no font', () => {
    assert.deepEqual([...foundIn({ imports: ['FcFontMatch'], files }, fontconfig)].sort(), [
      '/etc/fonts',
      '/etc/fonts/conf.d',
      '/etc/fonts/conf.d/10-hinting.conf',
      '/etc/fonts/fonts.conf',
    ]);
  });

  it('leaves programs without text alone', () => assert.deepEqual(foundIn({ files }, fontconfig), []));
});
