// Bundles the command line: each static import stays in its chunk, each `import()` begins a chunk of its own.
// So one command loads one file (start-up grows with every file and byte loaded: docs/architecture.md), and what
// only some paths need costs nothing elsewhere.
import { spawnSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Command lines that run what a cache should hold; the last one decides what main.cjs holds. */
const WARM_UP = [
  ['--help'],
  ['inspect', process.execPath],
  ['build', '--dry-run', process.execPath],
  ['resolve', process.execPath],
];

const source = fileURLToPath(new URL('.', import.meta.url));
const target = resolve(source, '../../dist/cli');
// Built beside it and put in place whole: a command line that is in use must not lose its chunks.
const output = `${target}.new`;
const { version } = JSON.parse(readFileSync(resolve(source, '../../package.json'), 'utf8'));
const pending = new Map([['main', join(source, 'start.ts')]]);
const built = new Set();

/** Turns each `import('./x.ts')` or `import('package')` into a require of a chunk beside this one. */
const chunks = {
  name: 'chunks',
  setup({ onResolve, resolve: find }) {
    onResolve({ filter: /./ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === chunks || path.startsWith('node:')) return null;
      const found = await find(path, { kind, resolveDir, pluginData: chunks });
      if (found.errors.length > 0) return { errors: found.errors };
      const chunk = chunkName(path, found.path);
      if (!built.has(chunk)) pending.set(chunk, found.path);
      return { path: `./${chunk}.cjs`, external: true };
    });
  },
};

rmSync(output, { recursive: true, force: true });
while (pending.size > 0) {
  const [[chunk, entry]] = pending;
  pending.delete(chunk);
  built.add(chunk);
  await bundle(chunk, entry);
}
const launcher = join(output, 'mkrootfs.cjs');
writeFileSync(launcher, `#!/usr/bin/env node\n${readFileSync(join(source, 'launcher.cjs'), 'utf8')}`, {
  mode: 0o755,
});
for (const words of WARM_UP) {
  // A cache that could not be made is one that V8 does without.
  spawnSync(process.execPath, [join(source, 'code-cache.mjs'), launcher, ...words], { stdio: 'ignore' });
}
rmSync(target, { recursive: true, force: true });
renameSync(output, target);

/** `commands-build` for src/cli/commands/build.ts, `build` for src/build.ts, a package's own name. */
function chunkName(imported, file) {
  const name = imported.startsWith('.') ? relative(source, file).replace(/^(\.\.\/)+|\.ts$/g, '') : imported;
  return name.replaceAll('/', '-');
}

async function bundle(chunk, entry) {
  await build({
    entryPoints: [entry],
    outfile: join(output, `${chunk}.cjs`),
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    minifySyntax: true,
    sourcemap: 'linked',
    legalComments: 'inline',
    // `import()` in CommonJS starts the ESM loader (5 ms); a require costs nothing.
    supported: { 'dynamic-import': false },
    define: { MKROOTFS_VERSION: JSON.stringify(version), 'import.meta.dirname': '__dirname' },
    plugins: [chunks],
    logLevel: 'warning',
  });
}
