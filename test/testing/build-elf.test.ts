import assert from 'node:assert/strict';
import { buildElf } from '../../src/testing/build-elf.ts';
import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { needs } from '../helpers/capabilities.ts';
import { readelf } from '../helpers/readelf.ts';

interface FormatCase {
  readonly name: string;
  readonly spec: ElfSpec;
  readonly class: string;
  readonly data: string;
  readonly machine: string;
}

const LITTLE = "2's complement, little endian";
const BIG = "2's complement, big endian";

const FORMATS: readonly FormatCase[] = [
  { name: 'x86-64', spec: {}, class: 'ELF64', data: LITTLE, machine: 'Advanced Micro Devices X86-64' },
  { name: 'i386', spec: { class: 32 }, class: 'ELF32', data: LITTLE, machine: 'Intel 80386' },
  {
    name: 'x32',
    spec: { class: 32, machine: 62 },
    class: 'ELF32',
    data: LITTLE,
    machine: 'Advanced Micro Devices X86-64',
  },
  { name: 'aarch64', spec: { machine: 183 }, class: 'ELF64', data: LITTLE, machine: 'AArch64' },
  { name: 's390x', spec: { machine: 22, byteOrder: 'BE' }, class: 'ELF64', data: BIG, machine: 'IBM S/390' },
  {
    name: 'ppc',
    spec: { class: 32, byteOrder: 'BE', machine: 20 },
    class: 'ELF32',
    data: BIG,
    machine: 'PowerPC',
  },
  { name: 'ppc64le', spec: { machine: 21, flags: 2 }, class: 'ELF64', data: LITTLE, machine: 'PowerPC64' },
  { name: 'alpha', spec: { machine: 0x9026 }, class: 'ELF64', data: LITTLE, machine: 'Alpha' },
];

/** Everything at once. */
const FULL: ElfSpec = {
  soname: 'libfull.so.1',
  needed: ['libone.so.1', 'libtwo.so.2', 'libone.so.1'],
  filter: ['libfilter.so'],
  auxiliary: ['libaux.so'],
  rpath: '/r:$ORIGIN/r',
  runpath: '$ORIGIN/../lib',
  audit: 'liba.so:libb.so',
  depaudit: 'libd.so',
  dtFlags: 8,
  flags1: 0x801,
  relr: true,
  imports: [
    'plain',
    { name: 'versioned', from: 'libone.so.1', version: 'ONE_1' },
    { name: 'maybe', from: 'libtwo.so.2', version: 'TWO_2', weak: true, type: 'OBJECT' },
  ],
  exports: [
    'given',
    { name: 'given_v1', version: 'FULL_1', weak: true },
    { name: 'given_old', version: 'FULL_0', hidden: true, type: 'OBJECT' },
  ],
  verneed: [{ file: 'libone.so.1', versions: ['ONE_0', { name: 'ONE_W', weak: true }] }],
  verdef: ['FULL_0', { name: 'FULL_1', parents: ['FULL_0'] }],
  notes: { buildId: 'deadbeef0123', abiTag: '3.2.0' },
};

describe('buildElf beside readelf', () => {
  before(function () {
    needs(this, { tool: 'readelf', package: 'binutils' });
  });

  for (const { name, spec, ...expected } of FORMATS) {
    it(`writes a full library for ${name}`, () => {
      const reading = readelf(buildElf({ ...FULL, ...spec }));
      assert.equal(reading.warnings, '');
      const { header } = reading;
      assert.deepEqual(
        { class: header.Class, data: header.Data, machine: header.Machine, type: header.Type },
        { ...expected, type: 'DYN (Shared object file)' },
      );
      assert.deepEqual(
        reading.dynamic.filter(([, value]) => value.includes('[') || value.startsWith('Flags:')),
        [
          ['NEEDED', 'Shared library: [libone.so.1]'],
          ['NEEDED', 'Shared library: [libtwo.so.2]'],
          ['NEEDED', 'Shared library: [libone.so.1]'],
          ['FILTER', 'Filter library: [libfilter.so]'],
          ['AUXILIARY', 'Auxiliary library: [libaux.so]'],
          ['SONAME', 'Library soname: [libfull.so.1]'],
          ['RPATH', 'Library rpath: [/r:$ORIGIN/r]'],
          ['RUNPATH', 'Library runpath: [$ORIGIN/../lib]'],
          ['AUDIT', 'Audit library: [liba.so:libb.so]'],
          ['DEPAUDIT', 'Dependency audit library: [libd.so]'],
          ['FLAGS_1', 'Flags: NOW NODEFLIB'],
        ],
      );
      assert.deepEqual(
        reading.dynamic.find(([tag]) => tag === 'FLAGS'),
        ['FLAGS', 'BIND_NOW'],
      );
      assert.deepEqual([...reading.symbols].sort(), [
        'FUNC GLOBAL DEF given',
        'FUNC GLOBAL UND plain',
        'FUNC GLOBAL UND versioned@ONE_1',
        'FUNC WEAK DEF given_v1@@FULL_1',
        'OBJECT GLOBAL DEF given_old@FULL_0',
        'OBJECT WEAK UND maybe@TWO_2',
      ]);
      assert.match(reading.text, /Build ID: deadbeef0123/);
      assert.match(reading.text, /OS: Linux, ABI: 3\.2\.0/);
    });

    it(`writes version tables for ${name}`, () => {
      const { text } = readelf(buildElf({ ...FULL, ...spec }));
      const rows = [...text.matchAll(/^ +(?:0x)?[0-9a-f]+: +((?:Rev|Version|Name|Parent).*?) *$/gm)];
      assert.deepEqual(
        rows.map(([, row]) => row?.replace(/ {2,}/g, ' ')),
        [
          'Rev: 1 Flags: BASE Index: 1 Cnt: 1 Name: libfull.so.1',
          'Rev: 1 Flags: none Index: 2 Cnt: 1 Name: FULL_0',
          'Rev: 1 Flags: none Index: 3 Cnt: 2 Name: FULL_1',
          'Parent 1: FULL_0',
          'Version: 1 File: libone.so.1 Cnt: 3',
          'Name: ONE_0 Flags: none Version: 4',
          'Name: ONE_W Flags: WEAK Version: 5',
          'Name: ONE_1 Flags: none Version: 6',
          'Version: 1 File: libtwo.so.2 Cnt: 1',
          'Name: TWO_2 Flags: none Version: 7',
        ],
      );
    });
  }

  it('writes the same dynamic facts without section headers', () => {
    const reading = readelf(buildElf({ ...FULL, sections: false }));
    assert.equal(reading.warnings, '');
    assert.equal(reading.header['Number of section headers'], '0');
    assert.deepEqual(reading.dynamic, readelf(buildElf(FULL)).dynamic);
  });

  it('writes every number of the ELF header', () => {
    const { header } = readelf(
      buildElf({ osAbi: 3, abiVersion: 7, flags: 0x12345678, type: 'CORE', machine: 243 }),
    );
    assert.equal(header['OS/ABI'], 'UNIX - GNU');
    assert.equal(header['ABI Version'], '7');
    assert.match(header.Flags!, /^0x12345678/);
    assert.match(header.Type!, /^CORE/);
    assert.equal(header.Machine, 'RISC-V');
  });

  const types: readonly (readonly [ElfSpec['type'] & {}, RegExp])[] = [
    ['NONE', /^NONE/],
    ['REL', /^REL /],
    ['EXEC', /^EXEC/],
    ['DYN', /^DYN/],
    [0xfe01, /^OS Specific: \(fe01\)/],
  ];
  for (const [type, said] of types) {
    it(`writes e_type ${type}`, () => assert.match(readelf(buildElf({ type })).header.Type!, said));
  }

  it('orders program headers as the gABI asks: PT_PHDR and PT_INTERP before PT_LOAD', () => {
    const reading = readelf(
      buildElf({ interpreter: '/lib64/ld-linux-x86-64.so.2', notes: { x86IsaNeeded: 3, buildId: '00' } }),
    );
    assert.equal(reading.warnings, '');
    assert.deepEqual(
      reading.segments.map(({ type, flags }) => `${type} ${flags}`),
      [
        'PHDR R  ',
        'INTERP R  ',
        'LOAD R  ',
        'LOAD R E',
        'LOAD RW ',
        'DYNAMIC RW ',
        'NOTE R  ',
        'NOTE R  ',
        'GNU_PROPERTY R  ',
        'GNU_STACK RW ',
      ],
    );
    assert.match(reading.text, /Requesting program interpreter: \/lib64\/ld-linux-x86-64\.so\.2\]/);
    assert.match(reading.text, /x86 ISA needed: x86-64-baseline, x86-64-v2/);
  });

  it('keeps offset and address of each PT_LOAD congruent, on pages that no other shares', () => {
    const specs: readonly ElfSpec[] = [
      FULL,
      { ...FULL, type: 'EXEC', interpreter: '/i' },
      { ...FULL, programHeaders: 'end' },
      { ...FULL, machine: 183 },
      { ...FULL, base: 0x7000000, pageSize: 0x4000 },
      { ...FULL, placement: { dynstr: 5, hash: 4, verneed: 3, dynsym: 1 } },
    ];
    for (const spec of specs) {
      const { segments, warnings } = readelf(buildElf(spec));
      assert.equal(warnings, '');
      const loads = segments.filter(({ type }) => type === 'LOAD');
      assert.ok(loads.length >= 3);
      let end = 0;
      for (const { vaddr, offset, memsz, align } of loads) {
        assert.equal(vaddr % align, offset % align);
        assert.ok(vaddr - (vaddr % align) >= end, `${vaddr.toString(16)} overlaps the page before it`);
        end = vaddr + memsz;
      }
    }
  });

  it('puts tables into the PT_LOAD asked for, whose addresses are not its offsets', () => {
    const { segments, dynamic } = readelf(buildElf({ ...FULL, base: 0x10000, placement: { dynstr: 4 } }));
    const strtab = Number.parseInt(dynamic.find(([tag]) => tag === 'STRTAB')![1], 16);
    const loads = segments.filter(({ type }) => type === 'LOAD');
    const holder = loads.findIndex(({ vaddr, memsz }) => strtab >= vaddr && strtab < vaddr + memsz);
    assert.equal(holder, 3);
    assert.ok(loads.every(({ vaddr, offset }) => vaddr !== offset));
  });

  it('puts program headers at the end of the file, loaded', () => {
    const bytes = buildElf({ interpreter: '/i', programHeaders: 'end' });
    const { header, segments, warnings } = readelf(bytes);
    assert.equal(warnings, '');
    const [phdr, , , , , last] = segments;
    assert.equal(header['Start of program headers'], `${phdr!.offset} (bytes into file)`);
    assert.equal(phdr!.offset + phdr!.filesz, bytes.length);
    assert.deepEqual([last!.type, last!.offset, last!.vaddr], ['LOAD', phdr!.offset, phdr!.vaddr]);
  });

  it('writes no program headers where none are wanted', () => {
    const { header } = readelf(buildElf({ type: 'REL', programHeaders: 'none' }));
    assert.equal(header['Number of program headers'], '0');
    assert.equal(header['Start of program headers'], '0 (bytes into file)');
  });

  it('writes no PT_DYNAMIC for a static program, and one for a static PIE', () => {
    assert.deepEqual(readelf(buildElf({ type: 'EXEC' })).dynamic, []);
    const pie = readelf(buildElf({ code: 'exit', flags1: 0x08000000 }));
    assert.ok(pie.dynamic.some(([tag, value]) => tag === 'FLAGS_1' && value === 'Flags: PIE'));
    assert.ok(pie.segments.every(({ type }) => type !== 'INTERP'));
  });

  it('stores dynamic entries in the order given, several of one tag, and some behind the end', () => {
    const spec: ElfSpec = {
      tags: [
        { tag: 'RPATH', value: '/first' },
        { tag: 'NEEDED', value: 'a' },
        { tag: 'RPATH', value: '/second' },
        { tag: 0x6000dead, value: 0x1234n },
        { tag: 'NEEDED', value: 'b' },
      ],
      tagsAfterNull: [{ tag: 'NEEDED', value: 'unseen' }],
    };
    const bytes = buildElf(spec);
    const { dynamic, text } = readelf(bytes);
    const told = dynamic.filter(([tag]) => ['RPATH', 'NEEDED'].includes(tag)).map(([, value]) => value);
    assert.deepEqual(told, [
      'Library rpath: [/first]',
      'Shared library: [a]',
      'Library rpath: [/second]',
      'Shared library: [b]',
    ]);
    assert.match(text, /0x000000006000dead .*0x1234$/m);
    assert.ok(Buffer.from(bytes).includes('unseen\0'));
  });

  it('writes names that are not UTF-8 as the bytes they stand for', () => {
    const bytes = Buffer.from(buildElf({ needed: ['lib\udcff\udce9.so'] }));
    assert.ok(bytes.includes(Buffer.from('006c6962ffe92e736f00', 'hex')));
  });

  it('writes notes of any owner, and metadata of dlopen as JSON', () => {
    const { text, warnings } = readelf(
      buildElf({
        notes: {
          dlopen: [[{ soname: ['libz.so.1'] }], 'not json'],
          other: [{ owner: 'Odd', type: 0x42, bytes: Uint8Array.of(1, 2, 3) }],
        },
      }),
    );
    assert.equal(warnings, '');
    assert.match(text, /FDO +0x0000001b\t.*0x407c0c0a/);
    assert.match(text, /FDO +0x00000009\t.*0x407c0c0a/);
    assert.match(text, /Odd +0x00000003\t.*0x00000042/);
  });

  it('leaves out the hash tables that are not wanted', () => {
    const tags = (hash: ElfSpec['hash'] & {}): string[] =>
      readelf(buildElf({ exports: ['x'], hash }))
        .dynamic.map(([tag]) => tag)
        .filter((tag) => tag.includes('HASH'));
    assert.deepEqual(tags('both'), ['HASH', 'GNU_HASH']);
    assert.deepEqual(tags('gnu'), ['GNU_HASH']);
    assert.deepEqual(tags('sysv'), ['HASH']);
    assert.deepEqual(tags('none'), []);
  });

  const relocations: readonly (readonly [name: string, spec: ElfSpec, rows: readonly RegExp[]])[] = [
    [
      'x86-64',
      {},
      [
        / 0000000100000006 R_X86_64_GLOB_DAT .* one \+ 0$/m,
        / 0000000200000006 R_X86_64_GLOB_DAT .* two@V \+ 0$/m,
      ],
    ],
    ['i386', { class: 32 }, [/ 00000106 R_386_GLOB_DAT .* one$/m, / 00000206 R_386_GLOB_DAT .* two@V$/m]],
  ];
  for (const [name, spec, rows] of relocations) {
    it(`relocates one word of .data for each import that is bound, for ${name}`, () => {
      const imports: ElfSpec['imports'] = ['one', { name: 'two', from: 'lib.so', version: 'V' }];
      const { text, warnings } = readelf(buildElf({ ...spec, imports, bind: true, relr: true }));
      assert.equal(warnings, '');
      for (const row of rows) assert.match(text, row);
      const words = spec.class === 32 ? '00000c' : '000018';
      assert.match(text, new RegExp(`\\.data +PROGBITS +[0-9a-f]+ [0-9a-f]+ ${words} `));
    });
  }

  it('writes more program headers than e_phnum counts', () => {
    const segments = Array.from({ length: 0x10000 }, () => ({ type: 0x60000001 }));
    const { header } = readelf(buildElf({ segments }));
    assert.equal(header['Number of program headers'], '65535 (65540)');
  });

  it('writes program headers of any kind behind its own', () => {
    const odd = { type: 0x60000001, flags: 7, offset: 8, vaddr: 0x9000, filesz: 16, memsz: 32, align: 2 };
    const { segments } = readelf(buildElf({ segments: [odd] }));
    const { offset, vaddr, filesz, memsz, align } = segments.at(-1)!;
    assert.deepEqual(
      { offset, vaddr, filesz, memsz, align },
      { offset: 8, vaddr: 0x9000, filesz: 16, memsz: 32, align: 2 },
    );
  });
});

describe('buildElf', () => {
  it('makes the same bytes from the same specification', () => {
    assert.deepEqual(buildElf(FULL), buildElf(FULL));
  });

  it('keeps a small library below 2 KiB', () => {
    const spec: ElfSpec = {
      soname: 'liba.so.1',
      needed: ['libb.so.1', 'libc.so.6'],
      runpath: '$ORIGIN',
      exports: ['a'],
    };
    assert.ok(buildElf(spec).length < 2048);
    assert.ok(buildElf({ ...spec, sections: false }).length < 1024);
  });

  it('pads to the size asked for and cuts as asked', () => {
    assert.equal(buildElf({ size: 100_000 }).length, 100_000);
    assert.deepEqual(buildElf({ truncate: 70 }), buildElf().slice(0, 70));
    assert.deepEqual(buildElf({ truncate: -70 }), buildElf().slice(0, -70));
  });

  it('refuses to bind imports for a machine whose relocations it does not know', () => {
    assert.throws(() => buildElf({ machine: 183, imports: ['x'], bind: true }), {
      code: 'ERR_USAGE',
      message: /cannot bind imports for e_machine 183/,
    });
  });
});
