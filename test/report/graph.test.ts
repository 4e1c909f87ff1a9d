import assert from 'node:assert/strict';
import { resolve } from '../../src/ldso/resolve.ts';
import { resolutionDot } from '../../src/report/dot.ts';
import { resolutionGraph } from '../../src/report/graph.ts';
import { resolutionMermaid } from '../../src/report/mermaid.ts';
import { buildElf, file, memorySysroot, program } from '../../src/testing.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
const EVIL = 'lib"\\]|;--><b>\x1b[31m.so';
const SYSROOT = memorySysroot({
  [LOADER]: program(buildElf()),
  '/app': program(
    buildElf({ interpreter: LOADER, needed: ['liba.so', EVIL, 'libb.so', 'libb.so'], runpath: '/opt' }),
  ),
  '/opt/liba.so': file(buildElf({ soname: 'liba.so', needed: ['libb.so', 'liba.so'], runpath: '/opt' })),
  '/opt/libb.so': file(buildElf({ soname: 'libb.so' })),
});
const RESOLUTION = resolve('/app', SYSROOT);

describe('a resolution as a graph', () => {
  it('has each file and each miss once, and each edge once', () => {
    const { nodes, edges } = resolutionGraph(RESOLUTION);
    assert.deepEqual(
      nodes.map(({ id, label, kind }) => [id, label, kind]),
      [
        ['n0', '/app', 'program'],
        ['n1', '/opt/liba.so', 'object'],
        ['n2', '/opt/libb.so', 'object'],
        ['n3', LOADER, 'object'],
        ['n4', EVIL, 'missing'],
      ],
    );
    assert.deepEqual(
      edges.map(({ from, to, via }) => [from, to, via]),
      [
        ['n0', 'n3', null],
        ['n0', 'n1', 'runpath'],
        ['n0', 'n4', null],
        ['n0', 'n2', 'runpath'],
        ['n1', 'n2', null],
        ['n1', 'n1', null],
      ],
    );
  });

  it('is quoted for Graphviz, whatever a file calls itself', () => {
    const [line] = resolutionDot(RESOLUTION)
      .split('\n')
      .filter((text) => text.includes('n4 ['));
    assert.equal(
      line,
      '  n4 [label="lib\\"\\\\]|;--><b>\\\\x1b[31m.so", shape=box, style=dashed, color=red, fontcolor=red];',
    );
  });

  it('is quoted for Mermaid, whatever a file calls itself', () => {
    const text = resolutionMermaid(RESOLUTION);
    const [line = ''] = text.split('\n').filter((one) => one.includes('n4['));
    assert.match(line, /^ {2}n4\["[A-Za-z0-9 ./+:@_#;-]*"\]:::missing$/);
    assert.match(text, /^flowchart LR\n {2}n0\["\/app"\]:::program\n/);
    assert.match(text, /^ {2}n0 -->\|runpath\| n1$/m);
  });
});
