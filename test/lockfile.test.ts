import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, Entry>>;
};

describe('package-lock.json', () => {
  it('names no registry, so that each machine asks its own', () => {
    const named = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined);
    assert.deepEqual(named, []);
  });

  it('has a version of every package', () => {
    const without = Object.entries(packages).filter(
      ([path, { version }]) => path !== '' && version === undefined,
    );
    assert.deepEqual(without, []);
  });

  // npm leaves out the packages of other platforms that it could not ask for, and `npm ci` then refuses the file.
  it('has every optional package of every platform', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) => {
      return Object.keys(optionalDependencies).filter((name) => {
        return !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages);
      });
    });
    assert.deepEqual(missing, []);
  });
});
