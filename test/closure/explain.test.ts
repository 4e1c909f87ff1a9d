import assert from 'node:assert/strict';
import { findClosure } from '../../src/closure/closure.ts';
import { type EvidenceGraph, type Explanation, evidenceGraph, explain } from '../../src/closure/explain.ts';
import type { Edge } from '../../src/closure/types.ts';
import { selectFinders } from '../../src/finders/index.ts';
import { explanationText } from '../../src/report/explanation.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';
import { buildElf, file, link, memorySysroot, program } from '../../src/testing.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
const lib = (soname: string, ...needed: string[]): ReturnType<typeof file> =>
  file(buildElf({ soname, needed, runpath: '/opt' }));

/** /app needs a and b, a needs c, c and b need d: two ways to d, one shorter. */
const SYSROOT = memorySysroot({
  [LOADER]: program(buildElf({ soname: 'ld-linux-x86-64.so.2' })),
  '/app': program(
    buildElf({ interpreter: LOADER, needed: ['liba.so', 'libb.so', 'libno.so'], runpath: '/opt' }),
  ),
  '/script': program('#!/app\n'),
  '/opt/liba.so': lib('liba.so', 'libc.so'),
  '/opt/libb.so': lib('libb.so', 'libd.so'),
  '/opt/libc.so': lib('libc.so', 'libd.so'),
  '/opt/libd.so': link('libd.so.1.0'),
  '/opt/libd.so.1.0': lib('libd.so.1'),
});

function graphOf(...programs: readonly string[]): EvidenceGraph {
  return evidenceGraph(findClosure(programs, SYSROOT, { finders: selectFinders('none'), attempts: true }));
}

function pathsOf(explanation: Explanation): readonly (string | null)[] {
  return 'chain' in explanation ? explanation.chain.map(({ to }) => to) : [];
}

describe('explain', () => {
  const graph = graphOf('/app');
  const short = ['/opt/libb.so', '/opt/libd.so'];

  for (const name of ['libd.so', 'libd.so.1', '/opt/libd.so', '/opt/libd.so.1.0']) {
    it(`finds the shortest chain to ${name}`, () => {
      const explanation = explain(graph, name);
      assert.equal(explanation.kind, 'included');
      assert.deepEqual(pathsOf(explanation), short);
    });
  }

  it('says of a program that it was asked for', () => {
    assert.deepEqual(explain(graph, '/app'), { kind: 'included', path: '/app', chain: [] });
    assert.equal(explanationText(explain(graph, '/app'), '/app'), '/app   asked for\n');
  });

  it('leads through the interpreter line of a script', () => {
    assert.deepEqual(pathsOf(explain(graphOf('/script'), 'libd.so')), ['/app', ...short]);
  });

  it('takes the program that is nearest', () => {
    assert.deepEqual(pathsOf(explain(graphOf('/script', '/app'), 'libd.so')), short);
  });

  it('leads to who asks for what is missing, and tells what was tried', () => {
    const explanation = explain(graph, 'libno.so');
    assert.equal(explanation.kind, 'missing');
    const lines = explanationText(explanation, 'libno.so').split('\n');
    assert.deepEqual(lines.slice(0, 3), [
      '/app   asked for',
      '└── libno.so not found, needed by /app',
      '    runpath: /opt/libno.so: no such file',
    ]);
  });

  it('says where nothing asks', () => {
    assert.deepEqual(explain(graph, '/opt/libx.so'), { kind: 'unasked' });
    assert.deepEqual(explain(graph, 'b.so'), { kind: 'unasked' });
    assert.equal(explanationText({ kind: 'unasked' }, 'x\x1b'), 'x\\x1b is not in: nothing asks for it\n');
  });

  it('draws one level a step, with the reason', () => {
    assert.equal(
      explanationText(explain(graph, 'libd.so'), 'libd.so'),
      [
        '/app',
        '└── /opt/libb.so   needed as libb.so (runpath)',
        '    └── /opt/libd.so   needed as libd.so (runpath)',
        '',
      ].join('\n'),
    );
  });

  it('counts a file that a rule made up', () => {
    const closure = findClosure(['/app'], SYSROOT, { finders: selectFinders('none') });
    const made = {
      path: rootPath('/etc/passwd'),
      mode: 0o644,
      text: '',
      rule: 'nss',
      neededBy: rootPath('/opt/libb.so'),
    };
    const explanation = explain(evidenceGraph({ ...closure, generated: [made] }), '/etc/passwd');
    assert.deepEqual(pathsOf(explanation), ['/opt/libb.so', '/etc/passwd']);
  });

  it('does not go round in circles', () => {
    const edge = (from: string, to: string): Edge => ({
      from: rootPath(from),
      to: rootPath(to),
      want: to,
      evidence: { by: 'program' },
    });
    const circle: EvidenceGraph = {
      programs: [rootPath('/a')],
      nodes: ['/a', '/b', '/c', '/far'].map((path) => ({
        path: rootPath(path),
        realPath: rootPath(path),
        hops: [],
        soname: null,
      })),
      edges: [edge('/a', '/b'), edge('/b', '/a'), edge('/b', '/c'), edge('/c', '/b')],
      problems: [],
    };
    assert.deepEqual(pathsOf(explain(circle, '/c')), ['/b', '/c']);
    assert.equal(explain(circle, '/far').kind, 'unasked');
  });
});
