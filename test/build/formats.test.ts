import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { buildRootfs } from '../../src/build.ts';
import type { Format } from '../../src/options.ts';
import { hostSysroot } from '../../src/sysroot/host.ts';
import { planEntries, type TreeDump, treeDump } from '../../src/testing.ts';
import { mounted } from '../emit/helpers/mounted.ts';
import { type Need, needs, needsRoot } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';

const PROGRAM = '/bin/ls';

const UMOCI: Need = { tool: 'umoci', package: 'umoci' };

/** How a foreign tool turns an output into a directory below `folder`, which it names. */
type Unpack = (output: string, folder: string) => string;

const FOREIGN: readonly (readonly [format: Format, needed: readonly Need[], unpack: Unpack])[] = [
  [
    'tar.gz',
    [{ tool: 'tar', package: 'tar' }],
    (output, folder) => {
      call('tar', ['-xpf', output, '-C', folder]);
      return folder;
    },
  ],
  ['oci', [UMOCI], unpackByUmoci],
  [
    'docker',
    [{ tool: 'skopeo', package: 'skopeo' }, UMOCI],
    (output, folder) => {
      const layout = `${folder}/layout`;
      call('skopeo', ['copy', '--quiet', `docker-archive:${output}`, `oci:${layout}:latest`]);
      return unpackByUmoci(layout, folder);
    },
  ],
  [
    'squashfs',
    [
      { tool: 'mksquashfs', package: 'squashfs-tools' },
      { tool: 'unsquashfs', package: 'squashfs-tools' },
    ],
    (output, folder) => {
      call('unsquashfs', ['-quiet', '-no-progress', '-dest', `${folder}/tree`, output]);
      return `${folder}/tree`;
    },
  ],
];

describe('a real program in every format', () => {
  const { path } = scratch();

  async function build(format: Format): Promise<TreeDump> {
    const { plan } = await buildRootfs(PROGRAM, { output: path('out'), format });
    return treeDump(planEntries(plan, hostSysroot()));
  }

  for (const [format, needed, unpack] of FOREIGN) {
    it(`is the same tree from ${format}, unpacked by ${needed[0]?.tool}, and runs there`, async function () {
      needs(this, ...needed);
      needsRoot(this);
      const expected = await build(format);
      mkdirSync(path('unpacked'), { mode: 0o755 });
      const tree = unpack(path('out'), path('unpacked'));
      assert.deepEqual(await treeDump(tree), expected);
      assert.match(call('chroot', [tree, PROGRAM, '/']), /^proc$/m);
    });
  }

  for (const [format, needed] of [
    ['squashfs', { tool: 'mksquashfs', package: 'squashfs-tools' }],
    ['erofs', { tool: 'mkfs.erofs', package: 'erofs-utils' }],
  ] as const) {
    it(`is the same tree from ${format}, mounted by the kernel, and runs there`, async function () {
      needs(this, needed);
      needsRoot(this);
      const expected = await build(format);
      await mounted(this, path('out'), format, async (tree) => {
        assert.deepEqual(await treeDump(tree), expected);
        assert.match(call('chroot', [tree, PROGRAM, '/']), /^proc$/m);
      });
    });
  }
});

function unpackByUmoci(layout: string, folder: string): string {
  call('umoci', ['unpack', '--image', `${layout}:latest`, `${folder}/bundle`]);
  return `${folder}/bundle/rootfs`;
}

/** @returns its standard output */
function call(tool: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}
