import { buildRootfs } from '../build.ts';
import { hostSysroot } from '../sysroot/host.ts';
import { locatePrograms } from './programs.ts';

/**
 * Builds one program of this machine into a directory.
 * @param name as typed
 * @returns its path inside
 * @throws RootfsError as {@link buildRootfs}
 */
export async function buildProgram(name: string, output: string, signal: AbortSignal): Promise<string> {
  const [program = name] = locatePrograms([name], hostSysroot('/'), process.cwd());
  await buildRootfs(program, { output, signal });
  return program;
}
