import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import ts from 'typescript';

/**
 * docs/architecture.md as a test. A room imports only itself and rooms to its left; the pure ones reach neither
 * the file system nor the clock.
 */
const ROOT = join(import.meta.dirname, '..');
const SOURCE = join(ROOT, 'src');

/** Which rooms each room may import, besides itself. A file straight below src is a room of its own. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  limits: [],
  bytes: [],
  'sysroot/sysroot': ['errors', 'limits', 'bytes'],
  sysroot: ['errors', 'limits', 'bytes', 'sysroot/sysroot'],
  options: ['sysroot/sysroot'],
  elf: ['errors', 'limits', 'bytes', 'sysroot/sysroot'],
  ldso: ['errors', 'limits', 'bytes', 'options', 'sysroot/sysroot', 'elf'],
  closure: ['errors', 'limits', 'bytes', 'options', 'sysroot/sysroot', 'elf', 'ldso'],
  finders: ['errors', 'limits', 'bytes', 'options', 'sysroot/sysroot', 'elf', 'ldso', 'closure'],
  plan: ['errors', 'limits', 'bytes', 'options', 'sysroot/sysroot', 'elf', 'ldso', 'closure'],
  emit: ['errors', 'limits', 'bytes', 'options', 'sysroot/sysroot', 'sysroot', 'plan'],
  verify: ['errors', 'limits', 'bytes', 'options', 'sysroot/sysroot', 'elf', 'ldso', 'closure', 'plan'],
  report: ['errors', 'bytes', 'sysroot/sysroot', 'elf', 'ldso', 'closure', 'plan', 'emit'],
  run: ['errors', 'limits', 'bytes'],
  testing: ['errors', 'limits', 'bytes', 'sysroot/sysroot', 'sysroot', 'elf', 'plan'],
};

/** Rooms that see the machine only through a Sysroot. */
const PURE = ['errors', 'limits', 'bytes', 'options', 'elf', 'ldso', 'closure', 'finders', 'plan', 'report'];

/** Packages that touch nothing of the machine either. */
const PURE_PACKAGES = ['picomatch'];

/** The part of sysroot that is types and rules: the lowest floor, with errors and limits. */
const SYSROOT_RULES = ['sysroot/sysroot.ts', 'sysroot/links.ts', 'sysroot/device-number.ts'];

/** Pure files of rooms that are not. */
const PURE_FILES = [
  ...SYSROOT_RULES,
  'sysroot/memory.ts',
  'run/backend.ts',
  'run/backends/table.ts',
  'run/backends/unshare.ts',
  'run/diagnose.ts',
  'run/option-values.ts',
  'run/options.ts',
  'run/reports.ts',
  'run/run-spec.ts',
  'run/shell-words.ts',
  'run/spec.ts',
];

/** Globals that make a result depend on more than its arguments. */
const IMPURE = /\b(?:process\.|Date\b|performance\.|setTimeout|setInterval|Math\.random|globalThis)/;

/** Rooms above the line: they put the others together. */
const ABOVE = ['build', 'index', 'testing', 'cli'];

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

describe('architecture', () => {
  const files = sourceFiles();

  it('has no file outside a known room', () => {
    const unknown = files.filter(
      ({ path }) => !(roomOf(path) in MAY_IMPORT) && !ABOVE.includes(roomOf(path)),
    );
    assert.deepEqual(names(unknown), []);
  });

  it('imports run from right to left only', () => {
    const wrong = files.flatMap((file) =>
      forbiddenImports(file).map((target) => `${file.path} imports ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('only build, index and cli know the sysroot of the host', () => {
    const knowing = files.filter(
      ({ path, imports }) => imports.includes('sysroot/host.ts') && !path.startsWith('sysroot/'),
    );
    const wrong = knowing.filter(({ path }) => !['build', 'index', 'cli'].includes(roomOf(path)));
    assert.deepEqual(names(wrong), []);
  });

  it('pure rooms import nothing of node but node:path/posix, and no package that does', () => {
    const wrong = files.filter(isPure).flatMap(({ path, imports }) => {
      const outside = imports.filter((target) => {
        return !target.endsWith('.ts') && target !== 'node:path/posix' && !PURE_PACKAGES.includes(target);
      });
      return outside.map((target) => `${path} imports ${target}`);
    });
    assert.deepEqual(wrong, []);
  });

  it('pure rooms touch neither process nor clock', () => {
    const wrong = files.filter((file) => isPure(file) && IMPURE.test(withoutComments(file)));
    assert.deepEqual(names(wrong), []);
  });

  it('heavy packages are loaded only by the paths that need them', () => {
    const heavy = ['globby', 'fs-extra', 'tar-stream', 'elfinfo'];
    // The second door is for tests, which wait for nothing.
    const wrong = files
      .filter(({ path }) => !path.startsWith('testing'))
      .flatMap(({ path, text }) => {
        const loaded = staticImports(path, text).filter((target) => heavy.includes(target));
        return loaded.map((target) => `${path} imports ${target}`);
      });
    assert.deepEqual(wrong, []);
  });

  it('every file can be imported first', async () => {
    // All but the one whose import starts a process. Coverage then counts files that no test uses, too.
    for (const { path } of files) if (path !== 'cli/start.ts') await import(`../src/${path}`);
  });

  it('no file has more than 300 lines', () => {
    const long = files.filter(({ text }) => text.split('\n').length > 301);
    assert.deepEqual(names(long), []);
  });

  it('nothing is called utils', () => {
    assert.deepEqual(names(files.filter(({ path }) => /\b(?:utils?|helpers?|misc|common)\b/.test(path))), []);
  });

  it('every file stands in the tree of docs/architecture.md by its room', () => {
    const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
    const rooms = new Set(files.map(({ path }) => path.split('/')[0] ?? ''));
    assert.deepEqual(
      [...rooms].filter((room) => !page.includes(room)),
      [],
    );
  });
});

function forbiddenImports({ path, imports }: SourceFile): readonly string[] {
  const room = roomOf(path);
  const allowed = MAY_IMPORT[room];
  if (!allowed || ABOVE.includes(room)) return [];
  const inside = imports.filter((target) => target.endsWith('.ts'));
  return inside.filter((target) => roomOf(target) !== room && !allowed.includes(roomOf(target)));
}

/** `elf/header.ts` is of elf, `errors.ts` of errors; the types of sysroot lie lower than its implementations. */
function roomOf(path: string): string {
  if (SYSROOT_RULES.includes(path)) return 'sysroot/sysroot';
  const [first = ''] = path.split('/');
  return first.replace(/\.m?ts$/, '');
}

function isPure({ path }: SourceFile): boolean {
  return PURE.includes(roomOf(path)) || PURE_FILES.includes(path);
}

function names(files: readonly SourceFile[]): readonly string[] {
  return files.map(({ path }) => path);
}

function sourceFiles(): readonly SourceFile[] {
  const paths = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  return paths.sort().map((path) => {
    const text = readFileSync(join(SOURCE, path), 'utf8');
    const found = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    return { path, text, imports: found.map((target) => insideSource(path, target)) };
  });
}

/** A relative import as a path below src, any other as it is. */
function insideSource(path: string, target: string): string {
  return target.startsWith('.') ? posix.join(dirname(path), target) : target;
}

function staticImports(path: string, text: string): readonly string[] {
  const parsed = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return parsed.statements.flatMap((statement) => {
    if (
      !ts.isImportDeclaration(statement) ||
      statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    )
      return [];
    return ts.isStringLiteral(statement.moduleSpecifier) ? [statement.moduleSpecifier.text] : [];
  });
}

function withoutComments({ path, text }: SourceFile): string {
  const parsed = ts.createSourceFile(relative(SOURCE, path), text, ts.ScriptTarget.Latest);
  return ts.createPrinter({ removeComments: true }).printFile(parsed);
}
