import assert from 'node:assert/strict';
import type { ElfImage } from '../../src/elf/image.ts';
import { architectureOf, kernelObject } from '../../src/ldso/architectures.ts';
import { BASELINE, hwcapsCpus, hwcapsLevels, legacySubdirectories } from '../../src/ldso/hwcaps.ts';
import { type Compiled, compiledIn, type Profile } from '../../src/ldso/profile.ts';
import { loaderBytes, MACHINES, type Machine } from '../scenarios/machines.ts';

describe('compiledIn', () => {
  const banner = 'GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.\n';
  const cases: readonly (readonly [string, bytes: string, Compiled | null])[] = [
    ['nothing', '\x7fELF', null],
    ['one directory is no list', 'x\0/lib/\0x', null],
    [
      'directories alone',
      'x\0/lib64/\0/usr/lib64/\0x',
      { defaultDirectories: ['/lib64/', '/usr/lib64/'], lib: 'lib64', release: null },
    ],
    [
      'directories, $LIB and release',
      `${banner}\0/a/\0/b/\0ORIGIN\0PLATFORM\0LIB\0lib/t\0`,
      { defaultDirectories: ['/a/', '/b/'], lib: 'lib/t', release: [2, 36] },
    ],
  ];
  for (const [title, bytes, expected] of cases) {
    it(title, () => assert.deepEqual(compiledIn(bytes), expected));
  }

  for (const [name, machine] of Object.entries(MACHINES) as [string, Machine][]) {
    const bytes = loaderBytes(machine);
    if (machine.libc !== 'glibc' || bytes === null) continue;
    it(`finds four directories and a release in the loader of ${name}`, () => {
      const compiled = compiledIn(Buffer.from(bytes).toString('latin1'));
      assert.equal(compiled?.defaultDirectories.length, 4);
      assert.equal(compiled?.release?.[0], 2);
      assert.equal(`/${compiled?.lib}/`, compiled?.defaultDirectories[0]);
    });
  }
});

describe('architectureOf', () => {
  const image = (machine: number, bits: 32 | 64 = 64, byteOrder: 'LE' | 'BE' = 'LE', flags = 0): ElfImage =>
    ({ machine, class: bits, byteOrder, flags }) as ElfImage;
  const cases: readonly (readonly [string, ElfImage, interpreter: string, musl: string])[] = [
    ['x86-64', image(62), '/lib64/ld-linux-x86-64.so.2', 'x86_64'],
    ['x32', image(62, 32), '/libx32/ld-linux-x32.so.2', 'x32'],
    ['i386', image(3, 32), '/lib/ld-linux.so.2', 'i386'],
    ['aarch64', image(183), '/lib/ld-linux-aarch64.so.1', 'aarch64'],
    ['armhf', image(40, 32, 'LE', 0x400), '/lib/ld-linux-armhf.so.3', 'armhf'],
    ['arm', image(40, 32), '/lib/ld-linux.so.3', 'arm'],
    ['riscv64', image(243), '/lib/ld-linux-riscv64-lp64d.so.1', 'riscv64'],
    ['s390x', image(22, 64, 'BE'), '/lib/ld64.so.1', 's390x'],
    ['ppc64le', image(21), '/lib64/ld64.so.2', 'powerpc64le'],
    ['ppc64', image(21, 64, 'BE'), '/lib64/ld64.so.1', 'powerpc64'],
    ['mips64el', image(8), '/lib64/ld.so.1', 'mips64el'],
    ['mips', image(8, 32, 'BE'), '/lib/ld.so.1', 'mips'],
    ['loongarch64', image(258), '/lib64/ld-linux-loongarch-lp64d.so.1', 'loongarch64'],
    ['what nobody knows', image(9999), '/lib/ld.so.1', ''],
  ];
  for (const [name, of, interpreter, musl] of cases) {
    it(name, () => {
      const found = architectureOf(of);
      assert.deepEqual([found.interpreter, found.musl], [interpreter, musl]);
    });
  }

  it('the kernel maps an object of its own name into each', () => {
    assert.deepEqual(
      [image(62), image(3, 32), image(22), image(21), image(22, 32), image(40, 32)].map(kernelObject),
      [
        'linux-vdso.so.1',
        'linux-gate.so.1',
        'linux-vdso64.so.1',
        'linux-vdso64.so.1',
        'linux-vdso32.so.1',
        'linux-vdso.so.1',
      ],
    );
  });
});

describe('Processors', () => {
  it('each level sees itself and those below', () => {
    assert.deepEqual(
      hwcapsCpus(62, 64).map(({ levels }) => levels),
      [[], ['x86-64-v2'], ['x86-64-v3', 'x86-64-v2'], ['x86-64-v4', 'x86-64-v3', 'x86-64-v2']],
    );
  });

  it('32-bit machines and those without levels have none', () => {
    assert.deepEqual(
      [hwcapsLevels(62, 32), hwcapsLevels(183, 64), hwcapsCpus(183, 64)],
      [[], [], [BASELINE]],
    );
  });

  const profile = (release: readonly [number, number] | null): Profile =>
    ({
      machine: 62,
      class: 64,
      platform: 'x86_64',
      compiled: () => ({ release, defaultDirectories: [], lib: '' }),
    }) as unknown as Profile;
  const all = (): boolean => true;

  it('legacy subdirectories are those of a number counted down', () => {
    assert.deepEqual(legacySubdirectories(profile([2, 36]), { levels: [], platform: 'haswell' }, all), [
      'tls/haswell/x86_64/',
      'tls/haswell/',
      'tls/x86_64/',
      'tls/',
      'haswell/x86_64/',
      'haswell/',
      'x86_64/',
    ]);
  });

  it('AVX-512 is one more', () => {
    const cpu = { levels: [], platform: 'haswell', capabilities: ['x86_64', 'avx512_1'] };
    assert.deepEqual(legacySubdirectories(profile([2, 36]), cpu, all).slice(0, 4), [
      'tls/haswell/avx512_1/x86_64/',
      'tls/haswell/avx512_1/',
      'tls/haswell/x86_64/',
      'tls/haswell/',
    ]);
  });

  it('glibc 2.37 has none, nor one whose release is not known', () => {
    for (const release of [[2, 37], [3, 0], null] as const) {
      assert.deepEqual(legacySubdirectories(profile(release), BASELINE, all), []);
    }
  });

  it('where no such directory is, the loader is not read', () => {
    const unread = { ...profile(null), compiled: () => assert.fail('read') } as unknown as Profile;
    assert.deepEqual(
      legacySubdirectories(unread, BASELINE, () => false),
      [],
    );
  });
});
