import { spawnSync } from 'node:child_process';

/** Runs a tool to its end; throws what it said where it fails. @returns its standard output as latin1 */
export function run(tool: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const ended = spawnSync(tool, args, {
    encoding: 'latin1',
    env: { ...process.env, ...env },
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
