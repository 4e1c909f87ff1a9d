import assert from 'node:assert/strict';
import { magic } from '../../src/finders/magic.ts';
import { file } from '../../src/testing.ts';
import { foundIn, type House, library } from './house.ts';

const libmagic = library('libmagic.so.1', { exports: ['magic_load'] }, [
  '/etc/magic',
  '/etc/magic:/usr/share/misc/magic',
]);
const house: House = { imports: ['magic_load'], needed: ['libmagic.so.1'] };

describe('magic', () => {
  it('brings the compiled database, and the text where that is all there is', () => {
    const files = {
      ...libmagic,
      '/etc/magic': file('# local'),
      '/usr/share/misc/magic': file('text'),
      '/usr/share/misc/magic.mgc': file('compiled'),
    };
    assert.deepEqual(foundIn({ ...house, files }, magic), ['/etc/magic', '/usr/share/misc/magic.mgc']);
  });

  it('brings nothing where no library answers, and nothing that is not there', () => {
    assert.deepEqual(foundIn({ imports: ['magic_load'] }, magic), []);
    assert.deepEqual(foundIn({ ...house, files: libmagic }, magic), []);
  });
});
