import type { RootPath } from '../sysroot/sysroot.ts';
import { judge } from './compatible.ts';
import type { Files } from './files.ts';
import type { Profile } from './profile.ts';

/** Why the kernel could not start a program through its PT_INTERP (load_elf_binary); null where it can. */
export function interpreterFault(files: Files, profile: Profile, path: RootPath): string | null {
  const record = files.open(path, true);
  if (record.failure === 'ENOENT' || record.failure === 'ENOTDIR') return 'no such file';
  if (record.failure !== null) return record.failure;
  const stat = files.sysroot.stat(path);
  if (stat !== null && stat.type !== 'file') return `a ${stat.type}, not a file`;
  if (stat !== null && (stat.mode & 0o111) === 0) return 'not executable';
  if (record.header === null || record.image === null) return 'not a usable ELF file';
  const { verdict, why } = judge(record, profile);
  return verdict === 'wrong-machine' || verdict === 'wrong-class' ? why : null;
}
