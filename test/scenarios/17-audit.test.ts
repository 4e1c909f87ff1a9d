import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { app, type Case, lib, scenarios } from './harness.ts';
import type { Tree } from './tree.ts';

const x = lib({ soname: 'libx.so' });
const why = 'a trace tells of no audit namespace';

/** A program with audit libraries; what they bring stands behind its own objects. */
function audited(
  title: string,
  spec: ElfSpec,
  tree: Tree,
  expected: readonly string[],
  more: Partial<Case> = {},
): Case {
  return {
    title,
    tree: { '/app': app({ needed: ['libx.so'], ...spec }), '/r/libx.so': x, ...tree },
    expected: ['/r/libx.so', ...expected],
    noOracle: why,
    ...more,
  };
}

scenarios('G17: DT_AUDIT and DT_DEPAUDIT of the program are loaded in namespaces of their own', [
  audited(
    'DT_AUDIT is a colon list',
    { runpath: '/r', audit: '/a/one.so:/a/two.so' },
    { '/a/one.so': lib(), '/a/two.so': lib() },
    ['/a/one.so', '/a/two.so'],
  ),
  audited(
    'DT_DEPAUDIT counts too, behind DT_AUDIT',
    { runpath: '/r', audit: '/a/one.so', depaudit: '/a/two.so' },
    { '/a/one.so': lib(), '/a/two.so': lib() },
    ['/a/one.so', '/a/two.so'],
  ),
  audited(
    "the program's RPATH serves a bare name",
    { rpath: '/r', audit: 'one.so' },
    { '/r/one.so': lib() },
    ['/r/one.so'],
  ),
  audited(
    "the program's RUNPATH serves a bare name",
    { runpath: '/r', audit: 'one.so' },
    { '/r/one.so': lib() },
    ['/r/one.so'],
  ),
  audited(
    'each has a closure of its own: a name found for the program is searched anew',
    { runpath: '/r', audit: '/a/one.so' },
    { '/a/one.so': lib({ needed: ['libx.so'], runpath: '/a' }), '/a/libx.so': x },
    ['/a/one.so', '/a/libx.so'],
  ),
  audited('one that cannot be loaded is ignored', { runpath: '/r', audit: '/a/gone.so:libgone.so' }, {}, []),
  {
    title: 'DT_AUDIT of a library is ignored',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r' }),
      '/r/libx.so': lib({ audit: '/a/one.so' }),
      '/a/one.so': lib(),
    },
    expected: ['/r/libx.so'],
  },
  {
    title: 'a program that is audited by what is not there starts all the same',
    tree: { '/app': app({ needed: ['libx.so'], runpath: '/r', audit: '/a/gone.so' }), '/r/libx.so': x },
    expected: ['/r/libx.so'],
  },
]);
