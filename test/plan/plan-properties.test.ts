import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Entry } from '../../src/plan/entry.ts';
import { excluder } from '../../src/plan/exclude.ts';
import { planLookup } from '../../src/plan/lookup.ts';
import { planRootfs } from '../../src/plan/plan.ts';
import { validatePlan } from '../../src/plan/validate.ts';
import { type RootPath, rootPath, type Sysroot } from '../../src/sysroot/sysroot.ts';
import { dir, file, hardlink, link, type MemoryEntry, memorySysroot } from '../../src/testing.ts';
import { closureOf } from './closure-of.ts';

/** Few names, so that links lead somewhere. */
const name = fc.constantFrom('a', 'a-', 'é');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => `/${names.join('/')}`);
const mode = fc.constantFrom(0o755, 0o644, 0o4711, 0o1777, 0o2750);
const relative = fc
  .array(fc.oneof({ weight: 3, arbitrary: name }, { weight: 2, arbitrary: fc.constantFrom('..', '.', '') }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((names) => names.join('/') || '/');
const deep = fc.tuple(name, name).map((names) => `/${names.join('/')}`);
const entry: fc.Arbitrary<readonly [path: string, entry: MemoryEntry]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.oneof(deep, path), fc.string({ maxLength: 3 }), mode).map(([at, text, bits]) => {
      return [at, file(text, { mode: bits })] as const;
    }),
  },
  { weight: 1, arbitrary: fc.tuple(path, mode).map(([at, bits]) => [at, dir({ mode: bits })] as const) },
  {
    weight: 6,
    arbitrary: fc.tuple(path, fc.oneof(name, deep, relative)).map(([at, to]) => [at, link(to)] as const),
  },
  { weight: 1, arbitrary: fc.tuple(deep, deep).map(([at, to]) => [at, hardlink(to)] as const) },
);

interface Drawn {
  readonly sysroot: Sysroot;
  /** Paths that lead to a file, spelled in every way. */
  readonly files: readonly RootPath[];
}

/** A tree from drawn entries: what contradicts an earlier one is left out. */
const drawn: fc.Arbitrary<Drawn> = fc
  .tuple(fc.array(entry, { minLength: 10, maxLength: 30, size: 'max' }), fc.array(relative, { maxLength: 6 }))
  .map(([entries, tails]) => {
    const kept = new Map<string, MemoryEntry>();
    for (const [at, one] of entries) if (fits(kept, at, one)) kept.set(at, one);
    const sysroot = memorySysroot(Object.fromEntries(kept));
    const spelled = [...kept.keys()].flatMap((key) => [key, ...tails.map((tail) => `${key}/${tail}`)]);
    const files = spelled.map(rootPath).filter((one) => sysroot.stat(one)?.type === 'file');
    return { sysroot, files };
  });

function fits(kept: ReadonlyMap<string, MemoryEntry>, at: string, one: MemoryEntry): boolean {
  if (kept.has(at) || parentsOf(at).some((parent) => (kept.get(parent) ?? dir()).type !== 'directory'))
    return false;
  if (one.type !== 'directory' && [...kept.keys()].some((other) => other.startsWith(`${at}/`))) return false;
  return one.type !== 'hardlink' || kept.get(one.path)?.type === 'file';
}

function parentsOf(at: string): readonly string[] {
  const names = at.split('/').slice(1, -1);
  return names.map((_, i) => `/${names.slice(0, i + 1).join('/')}`);
}

describe('planRootfs on any tree', () => {
  it('makes a valid plan in which every wanted path leads where it leads in the sysroot', () => {
    let links = 0;
    fc.assert(
      fc.property(drawn, ({ sysroot, files }) => {
        const closure = closureOf(sysroot, files);
        const plan = planRootfs(closure, sysroot);
        validatePlan(plan);
        const lookup = planLookup(plan);
        for (const node of closure.nodes) {
          const inside = lookup.follow(node.path);
          assert.equal(typeof inside === 'string' ? inside : inside.path, node.realPath, node.path);
          links += node.hops.length;
        }
      }),
      { numRuns: 600 },
    );
    console.log(links);
    assert.ok(links > 200, `only ${links} links were followed`);
  });

  it('keeps type, mode and target of each entry, and one file entry for an inode', () => {
    fc.assert(
      fc.property(drawn, ({ sysroot, files }) => {
        const { entries } = planRootfs(closureOf(sysroot, files), sysroot);
        const copied = entries.filter(({ path }) => !['/', '/dev', '/proc', '/sys', '/tmp'].includes(path));
        for (const one of copied) assert.deepEqual(shapeOf(one), shapeIn(sysroot, one.path));
        const inodes = copied
          .filter(({ type }) => type === 'file')
          .map(({ path }) => sysroot.lstat(path)?.ino);
        assert.equal(new Set(inodes).size, inodes.length);
        for (const one of copied) {
          if (one.type === 'hardlink')
            assert.equal(sysroot.lstat(one.target)?.ino, sysroot.lstat(one.path)?.ino);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('stays valid whatever is included and excluded', () => {
    const globs = fc.oneof(
      path,
      path.map((one) => `${one}/*`),
      fc.constantFrom('**/a', '/b/**', '/*/b'),
    );
    fc.assert(
      fc.property(
        drawn,
        fc.array(path),
        fc.array(globs, { maxLength: 3 }),
        ({ sysroot, files }, asked, exclude) => {
          const there = asked.filter((one) => sysroot.lstat(rootPath(one)) !== null);
          const include = there.map((pattern) => {
            return {
              from: 'sysroot',
              pattern,
              paths: [rootPath(pattern)],
              literal: true,
              except: [],
            } as const;
          });
          const gone = excluder(exclude);
          const left = files.filter((one) => !gone(one) && !gone(realOf(sysroot, one)));
          const plan = planRootfs(closureOf(sysroot, left), sysroot, { include, exclude });
          validatePlan({ ...plan, command: [] });
          for (const one of plan.entries) assert.equal(gone(one.path), false, one.path);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function shapeOf(one: Entry): unknown {
  const type = one.type === 'hardlink' ? 'file' : one.type;
  return { type, mode: one.mode, target: one.type === 'symlink' && one.target };
}

function shapeIn(sysroot: Sysroot, at: RootPath): unknown {
  const { type, mode } = sysroot.lstat(at)!;
  return { type, mode, target: type === 'symlink' && sysroot.readlink(at) };
}

function realOf(sysroot: Sysroot, at: RootPath): RootPath {
  const real = sysroot.realpath(at);
  assert.ok(typeof real !== 'string');
  return real.path;
}
