import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Need, needs, needsNamespaces } from '../helpers/capabilities.ts';
import { BINARY, environment } from '../helpers/command-line.ts';

const SCENARIOS = join(import.meta.dirname, '../../fixtures/scenarios');

/** What compiling a scenario takes. */
export const COMPILER: readonly Need[] = [
  { tool: 'cc', package: 'gcc' },
  { tool: '/usr/include/stdio.h', package: 'libc6-dev' },
];

/** Whoever starts the runner: the words before `node`, and what `id -u` says there. */
export interface Caller {
  readonly name: string;
  readonly prefix: readonly string[];
}

const ORDINARY = { uid: 65_534, gid: 65_534 };

/** Root and an ordinary user; for an ordinary user there is only itself. */
export const CALLERS: readonly Caller[] =
  process.getuid?.() === 0
    ? [
        { name: 'root', prefix: [] },
        {
          name: 'an ordinary user',
          prefix: ['setpriv', `--reuid=${ORDINARY.uid}`, `--regid=${ORDINARY.gid}`, '--clear-groups', '--'],
        },
      ]
    : [{ name: 'an ordinary user', prefix: [] }];

/** How a command ended, and what it wrote. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Started {
  readonly process: ChildProcess;
  /** Resolves once standard output holds the text. */
  said(text: string): Promise<void>;
  readonly outcome: Promise<Outcome>;
}

/**
 * A rootfs with /bin/probe (fixtures/scenarios/probe.c) in a folder that every user can read, and a copy of the
 * built command line beside it: the working tree may lie where an ordinary user cannot look.
 */
export class Bench {
  readonly folder: string;
  readonly root: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'mkrootfs-run-test-'));
    this.root = join(this.folder, 'rootfs');
    for (const name of ['bin', 'proc', 'sys', 'dev', 'tmp', 'data']) {
      mkdirSync(join(this.root, name), { recursive: true });
    }
    chmodSync(join(this.root, 'tmp'), 0o1777);
    chmodSync(this.folder, 0o755);
    cpSync(dirname(dirname(BINARY)), join(this.folder, 'dist'), { recursive: true });
    compile('probe', join(this.folder, 'probe'));
    this.add('bin/probe', 0o755);
    this.add('bin/locked', 0o644);
    writeFileSync(join(this.root, 'data/file'), 'as it was');
  }

  /** Puts a copy of the probe at a path of the rootfs. */
  add(path: string, mode: number): void {
    copyFileSync(join(this.folder, 'probe'), join(this.root, path));
    chmodSync(join(this.root, path), mode);
  }

  /** `PREFIX node mkrootfs ARGV...` as a process. */
  start(caller: Caller, argv: readonly string[], options: { env?: Record<string, string> } = {}): Started {
    const [file = '', ...args] = this.words(caller, argv);
    return started(
      spawn(file, args, { env: this.environment(caller, options.env), stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  /** The same, to its end. */
  run(caller: Caller, argv: readonly string[], options: { env?: Record<string, string> } = {}): Outcome {
    const [file = '', ...args] = this.words(caller, argv);
    const done = spawnSync(file, args, {
      encoding: 'utf8',
      env: this.environment(caller, options.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (done.error) throw done.error;
    return { code: done.status, signal: done.signal, stdout: done.stdout, stderr: done.stderr };
  }

  /** The words on a terminal of their own, which script(1) makes; its keyboard is the process' standard input. */
  onTerminal(caller: Caller, words: readonly string[]): Started {
    const line = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    const script = ['--quiet', '--return', '--command', line, '/dev/null'];
    return started(spawn('script', script, { env: this.environment(caller), stdio: 'pipe' }));
  }

  words({ prefix }: Caller, argv: readonly string[]): readonly string[] {
    const binary = prefix.length === 0 ? BINARY : join(this.folder, 'dist/cli/mkrootfs.cjs');
    return [...prefix, process.execPath, binary, ...argv];
  }

  /** Coverage is written where only the owner of the working tree may write; unset, Node would pass it on. */
  environment({ prefix }: Caller, env: Readonly<Record<string, string>> = {}): Record<string, string> {
    const all = environment(env);
    return prefix.length === 0 ? all : { ...all, NODE_V8_COVERAGE: '' };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Sets up a bench for the tests of a `describe`. */
export function bench(): () => Bench {
  let made: Bench | null = null;
  before(function () {
    this.timeout(60_000);
    needs(
      this,
      ...COMPILER,
      { tool: 'unshare', package: 'util-linux' },
      { tool: 'setpriv', package: 'util-linux' },
      { tool: 'script', package: 'bsdutils' },
    );
    needsNamespaces(this);
    made = new Bench();
  });
  after(() => made?.remove());
  return () => {
    if (made === null) throw new Error('the bench is set up before the tests');
    return made;
  };
}

/** Compiles fixtures/scenarios/NAME.c into a static program. */
export function compile(name: string, output: string, more: readonly string[] = []): void {
  const flags = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O1', '-static', '-s', ...more];
  execFileSync('cc', [...flags, join(SCENARIOS, `${name}.c`), '-o', output], { stdio: 'inherit' });
}

function started(child: ChildProcess): Started {
  let stdout = '';
  let stderr = '';
  const waiting: { text: string; resolve: () => void }[] = [];
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  child.stdout?.on('data', (part) => {
    stdout += String(part);
    for (const { text, resolve } of waiting) if (stdout.includes(text)) resolve();
  });
  child.stderr?.on('data', (part) => {
    stderr += String(part);
  });
  const said = async (text: string): Promise<void> => {
    const heard = new Promise<void>((resolve) => {
      waiting.push({ text, resolve });
      if (stdout.includes(text)) resolve();
    });
    await Promise.race([heard, outcome.then((end) => failedToSay(text, stdout, end))]);
  };
  return { process: child, said, outcome };
}

function failedToSay(text: string, stdout: string, end: Outcome): void {
  if (stdout.includes(text)) return;
  throw new Error(`the command ended before it said '${text}': ${JSON.stringify(end)}`);
}

/** Waits until a condition holds, as the kernel ends processes in its own time; the test's timeout bounds it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
