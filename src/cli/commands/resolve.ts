import { readFileSync } from 'node:fs';
import { cpuOf } from '../../build/host-cpu.ts';
import { decodeName } from '../../bytes.ts';
import { why } from '../../emit/failure.ts';
import { RootfsError } from '../../errors.ts';
import type { Resolution } from '../../ldso/resolution.ts';
import { type ResolutionOptions, resolve } from '../../ldso/resolve.ts';
import type { ResolveOptions } from '../../options.ts';
import { resolutionDot } from '../../report/dot.ts';
import { resolutionFlat, resolutionPaths } from '../../report/flat.ts';
import { resolutionJson } from '../../report/json.ts';
import { resolutionMermaid } from '../../report/mermaid.ts';
import { resolutionTree } from '../../report/tree.ts';
import { hostSysroot } from '../../sysroot/host.ts';
import type { Command, Flags } from '../command.ts';
import { locatePrograms } from '../programs.ts';
import type { Terminal } from '../terminal.ts';
import { countFiles } from '../tiers.ts';

const FORMS = ['json', 'flat', 'paths', 'dot', 'mermaid'] as const;

export const command: Command = {
  run({ flags, operands }, terminal) {
    const form = formOf(flags);
    const sysroot = hostSysroot(flags.text('sysroot') ?? '/', countFiles());
    const names = [...operands, ...listed(flags.text('from'))];
    if (names.length === 0) throw usage('no PROGRAM is named', 'mkrootfs resolve /bin/sh shows one');
    const programs = locatePrograms(names, sysroot, flags.has('sysroot') ? '/' : process.cwd());
    const resolution = resolve(programs, sysroot, optionsFrom(flags));
    terminal.out(render(resolution, form, terminal));
    if (resolution.missing.length > 0 || (resolution.unbound ?? []).length > 0) throw incomplete(resolution);
    return 0;
  },
};

function render(resolution: Resolution, form: (typeof FORMS)[number] | 'tree', terminal: Terminal): string {
  switch (form) {
    case 'json':
      return resolutionJson(resolution);
    case 'flat':
      return resolutionFlat(resolution);
    case 'paths':
      return resolutionPaths(resolution);
    case 'dot':
      return resolutionDot(resolution);
    case 'mermaid':
      return resolutionMermaid(resolution);
    case 'tree':
      return resolutionTree(resolution, terminal.paint);
  }
}

function optionsFrom(flags: Flags): ResolutionOptions {
  const libraryPath = flags.text('library-path');
  const preload = flags.text('preload');
  return {
    cpu: cpuOf(flags.text('hwcaps') as ResolveOptions['hwcaps']),
    symbols: flags.has('symbols'),
    ...(libraryPath !== undefined && { libraryPath }),
    ...(preload !== undefined && { preload }),
  };
}

function formOf(flags: Flags): (typeof FORMS)[number] | 'tree' {
  const asked = FORMS.filter((form) => flags.has(form));
  if (asked.length > 1) throw usage(`--${asked.join(' and --')} exclude each other`);
  return asked[0] ?? 'tree';
}

/** The programs that a list names, one a line. */
function listed(file: string | undefined): readonly string[] {
  if (file === undefined) return [];
  try {
    const text = decodeName(readFileSync(file === '-' ? 0 : file));
    return text.split('\n').filter((line) => line !== '');
  } catch (error) {
    throw new RootfsError('ERR_NOT_READABLE', `cannot read list ${file}: ${why(error)}`, { cause: error });
  }
}

function incomplete({ missing, unbound = [] }: Resolution): RootfsError {
  const lacks = [
    ...missing.map(({ name, neededBy, version }) => ({
      neededBy,
      lack: version === undefined ? `${name} is missing` : `${name} lacks ${version}`,
    })),
    ...unbound.map(({ symbol, neededBy }) => ({ neededBy, lack: `nothing defines the symbol ${symbol}` })),
  ];
  const [first, ...others] = lacks;
  if (first === undefined) throw new RangeError('nothing is missing');
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new RootfsError('ERR_INCOMPLETE', `cannot resolve ${first.neededBy}: ${first.lack}${more}`);
}

function usage(why: string, hint?: string): RootfsError {
  return new RootfsError('ERR_USAGE', `cannot resolve: ${why}`, hint ? { hint } : {});
}
