import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, constants, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { hostCpu } from '../../src/build/host-cpu.ts';
import { EM_X86_64 } from '../../src/elf/constants.ts';
import { Loader } from '../../src/ldso/loader.ts';
import type { LinkMap, LoadedObject } from '../../src/ldso/object.ts';
import { resolve } from '../../src/ldso/resolve.ts';
import { hostSysroot } from '../../src/sysroot/host.ts';
import { rootPath } from '../../src/sysroot/sysroot.ts';
import { needs, skip } from '../helpers/capabilities.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
const DIRECTORIES = ['/usr/bin', '/usr/sbin'];
const SET_ID = 0o6000;

/** What one loader, real or ours, maps for one program. */
interface Mapped {
  readonly objects: readonly string[];
  readonly missing: readonly string[];
}

/** ELF files of a directory, links left out: they are the same programs again. */
function elfFiles(directory: string): readonly string[] {
  return readdirSync(directory)
    .map((name) => join(directory, name))
    .filter((path) => lstatSync(path).isFile() && isElf(path));
}

function isElf(path: string): boolean {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    const head = Buffer.alloc(4);
    return readSync(fd, head, 0, 4, 0) === 4 && head.toString('latin1') === '\x7fELF';
  } finally {
    closeSync(fd);
  }
}

/** Set-user-ID programs refuse to be traced: the loader is run on them. */
function traced(path: string): Mapped {
  const setId = (lstatSync(path).mode & SET_ID) !== 0;
  const argv = setId ? [LOADER, '--list', path] : [path];
  const env = setId ? {} : { LD_TRACE_LOADED_OBJECTS: '1' };
  const { stdout, stderr, error } = spawnSync(argv[0] as string, argv.slice(1), { encoding: 'utf8', env });
  assert.equal(error, undefined);
  assert.doesNotMatch(stderr, /error while loading/, path);
  const objects: string[] = [];
  const missing: string[] = [];
  for (const line of stdout.split('\n')) {
    const [, name, target = name] = /^\t(.+?)(?: => (.*?))?(?: \(0x[0-9a-f]+\))?$/.exec(line) ?? [];
    if (name === undefined || /^linux-vdso|^statically linked$/.test(name)) continue;
    if (target === 'not found') missing.push(name);
    else objects.push(target as string);
  }
  return { objects, missing };
}

function mapped({ objects, missing }: LinkMap): Mapped {
  const named = new Set(objects.flatMap(({ bindings }) => bindings.map(({ path }) => path)));
  const told = (object: LoadedObject): boolean => object.kind !== 'interpreter' || named.has(object.path);
  return {
    objects: objects
      .slice(1)
      .filter(told)
      .map(({ path }) => path),
    missing: missing.map(({ name }) => name),
  };
}

describe('Every dynamic program of this machine', () => {
  let programs: readonly string[] = [];
  const sysroot = hostSysroot();

  before(function () {
    if (process.arch !== 'x64') skip(this, 'needs an x86-64 machine');
    needs(this, { tool: LOADER, package: 'libc6' });
    const files = new Loader(sysroot).files;
    programs = DIRECTORIES.flatMap(elfFiles).filter((path) => {
      const image = files.open(rootPath(path), true).image;
      return image?.interpreter === LOADER && image.machine === EM_X86_64;
    });
  });

  it('has what the real loader maps, in its order', function () {
    this.timeout(300_000);
    assert.ok(programs.length > 100, `only ${programs.length} programs`);
    const loader = new Loader(sysroot, { cpu: hostCpu() });
    const ours = programs.map((path) => [path, mapped(loader.linkMaps(rootPath(path))[0] as LinkMap)]);
    assert.deepEqual(
      ours,
      programs.map((path) => [path, traced(path)]),
    );
  });

  it('gives the same by resolve, one by one', function () {
    this.timeout(300_000);
    const loader = new Loader(sysroot, { cpu: hostCpu() });
    for (const path of programs) {
      const map = loader.linkMaps(rootPath(path))[0] as LinkMap;
      const { objects, missing } = resolve(path, sysroot, { cpu: hostCpu() });
      assert.deepEqual(
        objects.map((object) => object.path),
        map.objects.map((object) => object.path),
      );
      assert.equal(missing.length, map.missing.length, path);
    }
  });
});
