import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** What a test needs of the machine, and the Debian package of test/packages.txt that brings it. */
export interface Need {
  /** Name of a program looked up in PATH, or an absolute path of any file. */
  readonly tool: string;
  /** Debian package that holds it. */
  readonly package: string;
}

/**
 * Skips the test where a tool is missing, and says which package brings it. With CI set the set-up was to
 * install it, so its absence is a failure.
 */
export function needs(context: Mocha.Context, ...wanted: readonly Need[]): void {
  for (const need of wanted) {
    if (hasTool(need.tool)) continue;
    const reason = `${need.tool} is missing (Debian package ${need.package})`;
    if (isCi()) throw new Error(`${reason}; with CI set nothing that the set-up installs may be skipped`);
    skip(context, reason);
  }
}

/** Skips the test where it does not run as root. */
export function needsRoot(context: Mocha.Context): void {
  if (process.getuid?.() !== 0) skip(context, 'needs root');
}

/** Skips the test where this process may not make its own user, mount and PID namespaces. */
export function needsNamespaces(context: Mocha.Context): void {
  const probe = spawnSync('unshare', ['--user', '--map-root-user', '--mount', '--pid', '--fork', 'true']);
  if (probe.status === 0) return;
  const why = probe.error?.message ?? probe.stderr.toString().trim();
  skip(context, `this machine makes no user namespaces (${why})`);
}

/** Whether a program is in PATH, or a file at an absolute path. */
export function hasTool(tool: string): boolean {
  if (tool.startsWith('/')) return isThere(tool, constants.F_OK);
  // Debian keeps ldconfig and mkfs.* where an ordinary user's PATH does not look.
  const directories = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`.split(':');
  return directories.some((directory) => directory !== '' && isThere(join(directory, tool), constants.X_OK));
}

/** Skips with a reason, which test/reporter.cjs prints. */
export function skip(context: Mocha.Context, reason: string): never {
  const runnable = context.currentTest ?? context.test;
  const isHook = runnable !== undefined && 'type' in runnable && runnable.type === 'hook';
  const owner = isHook ? runnable.parent : runnable;
  if (owner) Object.assign(owner, { skipReason: reason });
  return context.skip();
}

function isCi(): boolean {
  return !['', '0', 'false'].includes(process.env.CI ?? '');
}

function isThere(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
