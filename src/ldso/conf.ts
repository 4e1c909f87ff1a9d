import { LIMITS } from '../limits.ts';
import { type RootPath, rootPath, type Sysroot } from '../sysroot/sysroot.ts';
import { globMatches } from './conf-glob.ts';
import { readText } from './text.ts';

/**
 * Directories of an ld.so.conf, `include` lines followed, as ldconfig collects them (elf/ldconfig.c: parse_conf):
 * `#` begins a comment anywhere, a pattern is relative to the directory of the file that includes it, the legacy
 * suffix `=TYPE` is dropped, `hwcap` lines are ignored. The loader itself never reads this file.
 */
export function readConf(sysroot: Sysroot, file: RootPath = rootPath('/etc/ld.so.conf')): readonly string[] {
  const directories: string[] = [];
  const open: RootPath[] = [];
  let files = 0;
  const parse = (path: RootPath): void => {
    // ldconfig would read a file that includes itself for ever.
    if (open.includes(path) || ++files > LIMITS.configFiles) return;
    const text = readText(sysroot, path);
    if (text === null) return;
    open.push(path);
    for (const line of text.split('\n')) parseLine(line, path);
    open.pop();
  };
  const parseLine = (raw: string, from: RootPath): void => {
    const line = raw.replace(/#.*/s, '').trim();
    if (line === '') return;
    const include = /^include[ \t]+(.*)$/s.exec(line)?.[1];
    if (include !== undefined) {
      const patterns = include.split(/[ \t]+/).map((pattern) => absolute(pattern, from));
      for (const path of patterns.flatMap((pattern) => globMatches(sysroot, pattern))) parse(path);
      return;
    }
    if (/^hwcap[ \t]/.test(line)) return;
    const directory = line
      .replace(/=[^/]*$/, '')
      .trim()
      .replace(/(?<=.)\/+$/, '');
    if (directory.startsWith('/') && !directories.includes(directory)) directories.push(directory);
  };
  parse(file);
  return directories;
}

function absolute(pattern: string, from: RootPath): string {
  return pattern.startsWith('/') ? pattern : `${from.slice(0, from.lastIndexOf('/'))}/${pattern}`;
}
