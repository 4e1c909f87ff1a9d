import assert from 'node:assert/strict';
import type { DlopenNote } from '../../src/elf/image.ts';
import { readNotes } from '../../src/elf/notes.ts';
import { memorySysroot } from '../../src/sysroot/memory.ts';
import { program } from '../../src/sysroot/memory-entries.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';
import { buildElf } from '../../src/testing/build-elf.ts';
import type { ElfNotesSpec } from '../../src/testing/elf/spec.ts';
import { app, lib, scenarios } from './harness.ts';

const x = lib({ soname: 'libx.so' });

scenarios('G18: no loader reads the dlopen note', [
  {
    title: 'what it names is not loaded',
    tree: {
      '/app': app({
        needed: ['libx.so'],
        runpath: '/r',
        notes: { dlopen: [[{ soname: ['liby.so'], priority: 'required' }]] },
      }),
      '/r/libx.so': x,
      '/r/liby.so': lib(),
    },
    expected: ['/r/libx.so'],
  },
  {
    title: 'malformed JSON in it does not disturb the resolution',
    tree: {
      '/app': app({ needed: ['libx.so'], runpath: '/r', notes: { dlopen: ['[{"soname":', '\0\xff'] } }),
      '/r/libx.so': x,
    },
    expected: ['/r/libx.so'],
  },
]);

const note = (soname: readonly string[], more: Partial<DlopenNote> = {}): DlopenNote => ({
  feature: null,
  description: null,
  priority: 'recommended',
  soname,
  ...more,
});

describe('G18: the dlopen note, read', () => {
  const cases: readonly (readonly [title: string, notes: ElfNotesSpec, expected: readonly DlopenNote[]])[] = [
    [
      'an array of objects',
      { dlopen: [[{ soname: ['a.so'] }, { soname: ['b.so'] }]] },
      [note(['a.so']), note(['b.so'])],
    ],
    ['one object, as in the first drafts', { dlopen: [{ soname: ['a.so'] }] }, [note(['a.so'])]],
    ['a soname that is a string, as in the first drafts', { dlopen: [{ soname: 'a.so' }] }, [note(['a.so'])]],
    [
      'alternatives in order of preference',
      { dlopen: [[{ soname: ['a.so.2', 'a.so.1'] }]] },
      [note(['a.so.2', 'a.so.1'])],
    ],
    [
      'feature, description and priority',
      { dlopen: [[{ soname: ['a.so'], feature: 'f', description: 'd', priority: 'suggested' }]] },
      [note(['a.so'], { feature: 'f', description: 'd', priority: 'suggested' })],
    ],
    [
      'an unknown priority is the default',
      { dlopen: [[{ soname: ['a.so'], priority: 'urgent' }]] },
      [note(['a.so'])],
    ],
    ['unknown keys are allowed', { dlopen: [[{ soname: ['a.so'], color: 'red' }]] }, [note(['a.so'])]],
    [
      'several notes',
      { dlopen: [[{ soname: ['a.so'] }], [{ soname: ['b.so'] }]] },
      [note(['a.so']), note(['b.so'])],
    ],
    [
      'other notes beside it',
      {
        dlopen: [[{ soname: ['a.so'] }]],
        buildId: 'abcd',
        other: [{ owner: 'XXX', type: 0x407c0c0a, bytes: Uint8Array.of(1, 2, 3) }],
      },
      [note(['a.so'])],
    ],
    ['malformed JSON beside a good note', { dlopen: ['{', [{ soname: ['a.so'] }]] }, [note(['a.so'])]],
    [
      'an element without soname',
      { dlopen: [[{ feature: 'f' }, { soname: [] }, { soname: [3, ''] }, 7, null]] },
      [],
    ],
  ];
  for (const [title, notes, expected] of cases) {
    it(title, () => {
      const source = memorySysroot({ '/f': program(buildElf({ notes })) }).open(rootPath('/f'));
      assert.notEqual(typeof source, 'string');
      if (typeof source !== 'string') assert.deepEqual(readNotes(source, '/f').dlopen, expected);
    });
  }
});
