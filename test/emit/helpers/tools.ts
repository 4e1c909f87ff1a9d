import { spawnSync } from 'node:child_process';
import type { EmitReport } from '../../../src/emit/emitter.ts';
import type { RootfsPlan } from '../../../src/plan/entry.ts';

/** Arguments of Node for the process that writes a plan; see write-plan.ts. */
export const WRITE_PLAN: readonly string[] = [
  '--import',
  import.meta.resolve('tsx'),
  `${import.meta.dirname}/write-plan.ts`,
];

/** Another user cannot write its coverage where ours goes, and would say so where we listen. */
const UNCOVERED = { NODE_V8_COVERAGE: '' };
const ORDINARY_USER = ['--reuid=65534', '--regid=65534', '--clear-groups'];

/** Runs a tool to its end; throws what it said where it fails. @returns its standard output as latin1 */
export function run(tool: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const ended = spawnSync(tool, args, {
    encoding: 'latin1',
    env: { ...process.env, ...UNCOVERED, ...env },
    maxBuffer: 64 << 20,
  });
  if (ended.error !== undefined) throw ended.error;
  if (ended.status !== 0 || ended.stderr !== '')
    throw new Error(`${tool} ${args.join(' ')} ended with ${ended.status}: ${ended.stderr}`);
  return ended.stdout;
}

/** What python3's tarfile reads: `TYPE MODE UID GID SIZE MTIME NAME LINK` by entry, names in hexadecimal. */
export function pythonTarList(archive: string): string[] {
  const script = `
import os, sys, tarfile
for m in tarfile.open(sys.argv[1], errorlevel=2):
    print(m.type.decode(), oct(m.mode), m.uid, m.gid, m.size, int(m.mtime), os.fsencode(m.name).hex(), os.fsencode(m.linkname).hex())
`;
  // Names are bytes only where the locale is UTF-8.
  return run('/usr/bin/python3', ['-c', script, archive], { PYTHONUTF8: '1' }).trim().split('\n');
}

/** Writes the plan in another process, with an environment and umask of its own. */
export function writeInProcess(
  plan: RootfsPlan,
  format: string,
  output: string,
  { env = {}, umask = '022', wrapper = [] as readonly string[] } = {},
): EmitReport {
  const [command = '', ...args] = [...wrapper, process.execPath, ...WRITE_PLAN, format, output, umask];
  const ended = spawnSync(command, args, {
    input: JSON.stringify(plan),
    env: { ...process.env, ...UNCOVERED, ...env },
    encoding: 'utf8',
  });
  if (ended.status !== 0) throw new Error(`writing ended with ${ended.status}: ${ended.stderr}`);
  return JSON.parse(ended.stderr);
}

/** Writes the plan as somebody who is not root, whoever runs the tests. */
export function writeAsOrdinaryUser(plan: RootfsPlan, format: string, output: string): EmitReport {
  const wrapper = process.getuid?.() === 0 ? ['setpriv', ...ORDINARY_USER] : [];
  return writeInProcess(plan, format, output, { wrapper });
}
