import { RootfsError } from '../../errors.ts';
import type { Backend } from '../backend.ts';
import { unshare } from './unshare.ts';

/** Every backend by name, the best first: `auto` takes the first. */
export const BACKENDS: Readonly<Record<string, Backend>> = { unshare };

/** Names that the command line knows and this version lacks. */
const LATER = ['bwrap', 'crun', 'runc', 'chroot'];

/** @throws RootfsError ERR_USAGE for an unknown name, ERR_MACHINE for one that this version lacks */
export function backendNamed(name: string): Backend {
  const wanted = name === 'auto' ? Object.keys(BACKENDS)[0] : name;
  const backend = wanted !== undefined && Object.hasOwn(BACKENDS, wanted) ? BACKENDS[wanted] : undefined;
  if (backend) return backend;
  const hint = `one of: auto ${Object.keys(BACKENDS).join(' ')}`;
  if (LATER.includes(name)) {
    throw new RootfsError('ERR_MACHINE', `cannot run: this version has no backend ${name}`, { hint });
  }
  throw new RootfsError('ERR_USAGE', `cannot run: '${name}' is no backend`, { hint });
}
