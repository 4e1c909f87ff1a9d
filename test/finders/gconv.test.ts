import assert from 'node:assert/strict';
import { gconv } from '../../src/finders/gconv.ts';
import { file } from '../../src/testing.ts';
import { foundIn, generatedIn, type House, library } from './house.ts';

const DIRECTORY = '/usr/lib/x86_64-linux-gnu/gconv';
const MODULES = `# comment
alias	ISO8859-1//		ISO-8859-1//
alias	EUCJP//			EUC-JP//
module	ISO-8859-1//		INTERNAL		ISO8859-1	1
module	INTERNAL		ISO-8859-1//		ISO8859-1	1
module	EUC-JP//		INTERNAL		EUC-JP		1
module	UTF-16//		INTERNAL		UTF-16		1
`;

const plugin = (name: string, needed: readonly string[] = []) =>
  Object.fromEntries(
    Object.values(library(name, { needed, runpath: '$ORIGIN' })).map((entry) => [
      `${DIRECTORY}/${name}`,
      entry,
    ]),
  );
const files = {
  [`${DIRECTORY}/gconv-modules`]: file(MODULES),
  [`${DIRECTORY}/gconv-modules.cache`]: file('all of them'),
  ...plugin('ISO8859-1.so'),
  ...plugin('EUC-JP.so', ['libJIS.so']),
  ...plugin('libJIS.so'),
};
const house: House = { files, libcStrings: [DIRECTORY, 'gconv', '/x/%s/gconv'] };

describe('gconv', () => {
  it('brings the common modules, and a list of those alone, to whoever converts', () => {
    assert.deepEqual(foundIn({ ...house, imports: ['iconv_open'] }, gconv), [`${DIRECTORY}/ISO8859-1.so`]);
    assert.deepEqual(generatedIn({ ...house, imports: ['iconv_open'] }, gconv), {
      [`${DIRECTORY}/gconv-modules`]: MODULES.split('\n')
        .filter((line) => /8859|UTF-16/.test(line))
        .map((line) => `${line}\n`)
        .join(''),
    });
  });

  it('brings all, with the cache, to a program that converts for its user', () => {
    assert.deepEqual(
      foundIn({ ...house, imports: ['iconv_open', '__gconv_open'] }, gconv),
      ['gconv-modules', 'gconv-modules.cache', 'EUC-JP.so', 'ISO8859-1.so', 'libJIS.so'].map(
        (name) => `${DIRECTORY}/${name}`,
      ),
    );
    assert.deepEqual(generatedIn({ ...house, imports: ['__gconv_open'] }, gconv), {});
  });

  it('brings nothing where the C library has it all inside, or does not say where it is', () => {
    assert.deepEqual(foundIn({ files, libc: 'musl', imports: ['iconv_open'] }, gconv), []);
    assert.deepEqual(foundIn({ files, imports: ['iconv_open'] }, gconv), []);
    assert.deepEqual(foundIn(house, gconv), []);
  });

  it('makes no list where there is nothing to list', () => {
    assert.deepEqual(generatedIn({ libcStrings: [DIRECTORY], imports: ['iconv_open'] }, gconv), {});
  });
});
