import { accessSync, constants, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Machine, Tool } from './backend.ts';

/** Where tools are though an ordinary user's PATH, or an empty one, does not name it. */
const TOOL_DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const TOOLS: readonly Tool[] = ['unshare'];
/** Node's names of processors, and the directories of init/prebuilt. */
const PROCESSORS: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };
/** Seen from src/run and dist/run, where this file is, and from dist/cli, where the bundle of it is. */
const PREBUILT = ['init/prebuilt', '../run/init/prebuilt'];

/** Finds what a launch depends on. Starts nothing. */
export function findMachine(): Machine {
  const tools = Object.fromEntries(TOOLS.map((tool) => [tool, findTool(tool)]));
  return {
    uid: process.geteuid?.() ?? 0,
    gid: process.getegid?.() ?? 0,
    tools: tools as Machine['tools'],
    init: findInit(),
  };
}

function findTool(name: string): string | null {
  const path = (process.env.PATH ?? '').split(':').filter((directory) => directory.startsWith('/'));
  for (const directory of [...path, ...TOOL_DIRECTORIES]) {
    const file = join(directory, name);
    if (isExecutable(file)) return file;
  }
  return null;
}

function findInit(): string | null {
  const processor = PROCESSORS[process.arch];
  if (processor === undefined) return null;
  for (const directory of PREBUILT) {
    const file = resolve(import.meta.dirname, directory, processor, 'mkrootfs-init');
    if (isExecutable(file)) return file;
  }
  return null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
