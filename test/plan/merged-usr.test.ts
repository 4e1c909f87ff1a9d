import assert from 'node:assert/strict';
import { planRootfs } from '../../src/plan/plan.ts';
import { dir, link, memorySysroot, program } from '../../src/testing.ts';
import { closureOf } from './closure-of.ts';

const TREE = {
  '/bin': link('usr/bin'),
  '/lib': link('/usr/lib'),
  '/lib64': link('usr/lib64'),
  '/sbin': dir(),
  '/usr/bin/app': program('app'),
  '/usr/lib': dir(),
  '/usr/lib64': dir(),
};

function links(options: Parameters<typeof planRootfs>[2] = {}): readonly string[] {
  const sysroot = memorySysroot(TREE);
  const { entries } = planRootfs(closureOf(sysroot, ['/usr/bin/app']), sysroot, options);
  return entries.flatMap((entry) => (entry.type === 'symlink' ? [`${entry.path} -> ${entry.target}`] : []));
}

describe('the links of a merged /usr', () => {
  it('come in where what they lead to is in, whichever name brought that in', () => {
    assert.deepEqual(links(), ['/bin -> usr/bin']);
  });

  it('keep their targets as they are stored', () => {
    const include = [
      { from: 'sysroot', pattern: '/usr/lib', paths: ['/usr/lib'], literal: true, except: [] },
    ] as unknown as NonNullable<Parameters<typeof planRootfs>[2]>['include'];
    assert.deepEqual(links({ include: include ?? [] }), ['/bin -> usr/bin', '/lib -> /usr/lib']);
  });

  it('stay out where they are excluded', () => {
    assert.deepEqual(links({ exclude: ['/bin'] }), []);
  });
});
