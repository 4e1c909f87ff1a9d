import type { Launch } from './backend.ts';

/** Characters that mean themselves to a POSIX shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A launch as a line for a shell, which starts the same process with the same environment. */
export function shellWords({ file, args, env }: Launch): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return ['env', '-i', ...variables, file, ...args].map(quoted).join(' ');
}

function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
