import { type RootPath, rootPath, type Sysroot } from '../sysroot/sysroot.ts';
import { envCommand, type Shebang } from './script.ts';
import type { Attempt } from './types.ts';

/** Where env(1) and a shell look for a command in a rootfs: the PATH that `run` gives. */
export const COMMAND_PATH: readonly string[] = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
];

/** A program that a `#!` line starts, directly or through env(1). */
export interface ScriptRequest {
  readonly name: string;
  /** Where it is; null where nothing that can be executed answers. */
  readonly path: RootPath | null;
  readonly tried: readonly Attempt[];
}

/** The interpreter of a `#!` line, and the command that it starts where it is env(1). */
export function scriptRequests(sysroot: Sysroot, shebang: Shebang): readonly ScriptRequest[] {
  const interpreter = locate(sysroot, shebang.interpreter, [rootPath(shebang.interpreter)]);
  const command = /(^|\/)env$/.test(shebang.interpreter) ? envCommand(shebang.argument) : null;
  if (command === null) return [interpreter];
  const { command: name, chdir } = command;
  const at = (directory: string): RootPath => rootPath(`${directory === '/' ? '' : directory}/${name}`);
  const direct = name.startsWith('/') ? rootPath(name) : at(chdir ?? '/');
  return [interpreter, locate(sysroot, name, name.includes('/') ? [direct] : COMMAND_PATH.map(at))];
}

/** The first candidate that is a regular file with an execute bit, as execvp(3) goes on after ENOENT and EACCES. */
function locate(sysroot: Sysroot, name: string, candidates: readonly RootPath[]): ScriptRequest {
  const tried: Attempt[] = [];
  for (const path of candidates) {
    const stat = sysroot.stat(path);
    if (stat?.type === 'file' && (stat.mode & 0o111) !== 0) return { name, path, tried };
    const why = stat?.type === 'file' ? 'not executable' : `a ${stat?.type}, not a file`;
    tried.push({
      path,
      via: 'direct',
      verdict: stat === null ? 'absent' : 'unusable',
      why: stat === null ? null : why,
    });
  }
  return { name, path: null, tried };
}
