import assert from 'node:assert/strict';
import { cutLayers } from '../../../src/emit/oci/layers.ts';
import type { RootfsPlan } from '../../../src/plan/entry.ts';
import { linkedPlan } from '../helpers/linked-plan.ts';
import { directory, file, hardlink, planOf } from '../helpers/plan.ts';

function paths(plan: RootfsPlan, mode: 'auto' | 'single' = 'auto'): Record<string, readonly string[]> {
  return Object.fromEntries(
    cutLayers(plan, mode).map(({ title, entries }) => [title, entries.map(({ path }) => path)]),
  );
}

describe('cutLayers', () => {
  it('puts the loader and libc lowest, then libraries, then all else, each with its parents and links', () => {
    assert.deepEqual(paths(linkedPlan()), {
      'the loader and the C library': [
        '/',
        '/lib',
        '/lib64',
        '/usr',
        '/usr/lib',
        '/usr/lib/ld-linux-x86-64.so.2',
        '/usr/lib/libc.so.6',
      ],
      libraries: [
        '/',
        '/usr',
        '/usr/lib',
        '/usr/lib/libx.so.1',
        '/usr/lib/libx.so.1.2',
        '/usr/lib/same.so.1',
      ],
      'programs and data': ['/', '/bin', '/bin/app', '/etc', '/etc/app.conf', '/proc', '/tmp'],
    });
  });

  it('leaves the lower layers alone when a program brings other data', () => {
    const [base, libraries] = cutLayers(linkedPlan(), 'auto');
    const [sameBase, sameLibraries] = cutLayers(linkedPlan([file('/etc/more', 'more')]), 'auto');
    assert.deepEqual([sameBase, sameLibraries], [base, libraries]);
  });

  it('keeps every name of a file in one layer, the lowest that wants one', () => {
    const plan = linkedPlan([hardlink('/usr/lib/z.so', '/bin/app')]);
    const node = plan.closure.nodes.find(({ role }) => role === 'library');
    assert.ok(node);
    const linked = {
      ...node,
      path: '/usr/lib/z.so',
      realPath: '/usr/lib/z.so',
      hops: [],
    } as unknown as typeof node;
    const layers = paths({ ...plan, closure: { ...plan.closure, nodes: [linked] } });
    assert.deepEqual(layers.libraries, ['/', '/bin', '/bin/app', '/usr', '/usr/lib', '/usr/lib/z.so']);
    assert.ok(!layers['programs and data']?.includes('/bin/app'));
  });

  it('has no layer of directories alone', () => {
    const plan = planOf([directory('/bin'), file('/bin/static', 'x'), directory('/proc')]);
    assert.deepEqual(paths(plan), { 'programs and data': ['/', '/bin', '/bin/static', '/proc'] });
  });

  it('keeps directories that lead to nothing but directories', () => {
    const plan = planOf([directory('/var'), directory('/var/lib'), directory('/var/lib/app')]);
    assert.deepEqual(paths(plan), { 'programs and data': ['/', '/var', '/var/lib', '/var/lib/app'] });
  });

  it('is one layer where that is asked for', () => {
    const plan = linkedPlan();
    assert.deepEqual(paths(plan, 'single'), { 'the whole rootfs': plan.entries.map(({ path }) => path) });
  });

  it('has each path of the plan in at least one layer, and no file in two', () => {
    const plan = linkedPlan();
    const all = cutLayers(plan, 'auto').flatMap(({ entries }) => entries);
    assert.deepEqual(new Set(all), new Set(plan.entries));
    const files = all.filter(({ type }) => type !== 'directory');
    assert.equal(files.length, new Set(files).size);
  });
});
