import assert from 'node:assert/strict';
import { graphicsDrivers } from '../../src/finders/graphics-drivers.ts';
import { file } from '../../src/testing.ts';
import { foundIn, type House, library } from './house.ts';

const icd = (value: unknown) => file(JSON.stringify(value));
const house: House = {
  imports: ['vkCreateInstance', 'eglGetDisplay'],
  needed: ['libvulkan.so.1', 'libEGL.so.1'],
  files: {
    ...library('libvulkan.so.1', { exports: ['vkCreateInstance'] }),
    ...library('libEGL.so.1', { exports: ['eglGetDisplay'] }),
    ...library('libvulkan_one.so'),
    ...library('libEGL_two.so.0'),
    '/usr/share/vulkan/icd.d/one.json': icd({ ICD: { library_path: 'libvulkan_one.so' } }),
    '/etc/vulkan/icd.d/gone.json': icd({ ICD: { library_path: 'libgone.so' } }),
    '/etc/vulkan/icd.d/README': file('text'),
    '/usr/share/vulkan/icd.d/broken.json': file('{'),
    '/usr/share/vulkan/icd.d/empty.json': file('null'),
    '/usr/share/vulkan/icd.d/odd.json': icd({ ICD: { library_path: 7 } }),
    '/usr/share/glvnd/egl_vendor.d/two.json': icd({ ICD: { library_path: 'libEGL_two.so.0' } }),
  },
};

describe('graphics-drivers', () => {
  it('brings the drivers that are announced, with their announcements', () => {
    assert.deepEqual(foundIn(house, graphicsDrivers), [
      '/etc/vulkan/icd.d/gone.json',
      '/usr/share/vulkan/icd.d/one.json',
      '/usr/lib/x86_64-linux-gnu/libvulkan_one.so',
      '/usr/share/glvnd/egl_vendor.d/two.json',
      '/usr/lib/x86_64-linux-gnu/libEGL_two.so.0',
    ]);
  });

  it('leaves programs alone that draw nothing, or whose library is not there', () => {
    assert.deepEqual(foundIn({ ...house, imports: [] }, graphicsDrivers), []);
    assert.deepEqual(foundIn({ imports: ['vkCreateInstance'] }, graphicsDrivers), []);
  });
});
