import assert from 'node:assert/strict';
import { pluginDirectories } from '../../src/finders/plugin-directories.ts';
import { file, link } from '../../src/testing.ts';
import { foundIn, type House, library } from './house.ts';

const LIB = '/usr/lib/x86_64-linux-gnu';
const plugin = (path: string, needed: readonly string[] = ['libmagick.so.6']) => ({
  [path]: Object.values(library(path.slice(path.lastIndexOf('/') + 1), { needed }))[0] as never,
});
const TOP = `${LIB}/Magick-6.9`;
const opener = (...strings: readonly string[]) =>
  library('libmagick.so.6', { imports: ['dlopen'], needed: ['libc.so.6'] }, strings);

const house = (strings: readonly string[], files: House['files'] = {}): House => ({
  needed: ['libmagick.so.6'],
  files: {
    ...opener(...strings),
    ...plugin(`${TOP}/coders/png.so`),
    ...plugin(`${TOP}/coders/broken.so`, ['libmagick.so.6', 'libgone.so.1']),
    ...plugin(`${TOP}/coders/stranger.so`, ['libc.so.6']),
    [`${TOP}/coders/png.la`]: file('la'),
    [`${TOP}/coders/HOWTO`]: file('text'),
    [`${TOP}/index.cache`]: file('cache'),
    '/etc/Magick-6/policy.xml': file('policy'),
    '/etc/passwd': file(''),
    ...files,
  },
});
const found = (one: House): readonly string[] => [...foundIn(one, pluginDirectories)].sort();

describe('plugin-directories', () => {
  const PLUGINS = [`${TOP}/coders/png.la`, `${TOP}/coders/png.so`, `${TOP}/index.cache`];

  it('brings plugins that are linked against the library that names their directory, with what describes them', () => {
    assert.deepEqual(found(house([`${TOP}//`])), PLUGINS);
  });

  it('reads lists of directories', () => {
    assert.deepEqual(found(house([`/usr/local/lib/x:${TOP}`])), PLUGINS);
  });

  it('brings settings from a directory that is called like that of the plugins', () => {
    assert.deepEqual(found(house([TOP, '/etc/Magick-6/'])), ['/etc/Magick-6/policy.xml', ...PLUGINS]);
  });

  it('knows a directory beside the library by a name like its own', () => {
    const beside = `${LIB}/magick`;
    const files = plugin(`${beside}/2.0/loaders/gif.so`);
    assert.deepEqual(found(house(['magick'], files)), [`${beside}/2.0/loaders/gif.so`]);
  });

  it('does not take the directory of all libraries for one of plugins', () => {
    assert.deepEqual(found(house([LIB, '/usr/lib', '/lib'], plugin(`${LIB}/libuses-it.so`))), []);
  });

  it('follows no link to a directory below, and looks no deeper than three levels', () => {
    const files = { [`${TOP}/a`]: link('/opt'), ...plugin('/opt/far.so'), ...plugin(`${TOP}/b/c/d/deep.so`) };
    assert.deepEqual(found(house([TOP], files)), PLUGINS);
  });

  it('leaves a library alone that opens nothing', () => {
    const files = library('libmagick.so.6', {}, [TOP]);
    assert.deepEqual(found(house([], files)), []);
  });

  it('leaves a library alone that opens by a list, which another finder reads', () => {
    const files = library('libmagick.so.6', { imports: ['dlopen'], exports: ['pam_start'] }, [TOP]);
    assert.deepEqual(found(house([], files)), []);
  });
});
