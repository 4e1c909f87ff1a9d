import { type BuildReport, buildRootfs } from '../../build.ts';
import { problemTitle } from '../../closure/problems.ts';
import { RootfsError } from '../../errors.ts';
import type { BuildOptions, Format } from '../../options.ts';
import { byteCount } from '../../report/bytes.ts';
import { document } from '../../report/json.ts';
import { planList } from '../../report/plan-list.ts';
import { printable } from '../../report/printable.ts';
import { buildSummary } from '../../report/summary.ts';
import { hostSysroot } from '../../sysroot/host.ts';
import type { Command, Flags, Input } from '../command.ts';
import { imageOptions } from '../image-options.ts';
import { interruptible } from '../interrupt.ts';
import { locatePrograms } from '../programs.ts';
import type { Terminal } from '../terminal.ts';
import { countFiles } from '../tiers.ts';

/** Least time between two lines of progress, milliseconds. */
const PROGRESS_INTERVAL = 100;

export const command: Command = {
  run: (input, terminal) => interruptible((signal) => build(input, terminal, signal)),
};

async function build({ flags, operands }: Input, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const options = optionsFrom(flags);
  if (operands.length === 0)
    throw usage('no PROGRAM is named', 'mkrootfs build /bin/echo -o rootfs builds one');
  if (options.output === undefined && !flags.has('dry-run')) {
    throw usage(
      'no output is named',
      `add -o OUT, for example: mkrootfs build ${operands.join(' ')} -o rootfs`,
    );
  }
  const sysroot = hostSysroot(flags.text('sysroot') ?? '/', countFiles());
  const programs = locatePrograms(operands, sysroot, flags.has('sysroot') ? '/' : process.cwd());
  const report = await buildRootfs(programs, {
    ...options,
    sysroot,
    signal,
    onProgress: progressOf(terminal, flags.has('quiet')),
  });
  terminal.progress('');
  print(report, flags, terminal);
  return 0;
}

/** Standard output belongs to the archive where that is written there. */
function print(report: BuildReport, flags: Flags, terminal: Terminal): void {
  const say = report.output === '-' ? terminal.note : terminal.out;
  if (flags.has('json')) say(document(report));
  if (flags.has('json') || flags.has('quiet')) return;
  const { plan, emitted } = report;
  if (emitted === null || flags.has('verbose')) say(planList(plan, terminal.paint));
  if (emitted) {
    const proved = !flags.has('no-verify') && plan.closure.problems.length === 0;
    // The path as it was typed is the one to type again.
    const typed = { ...emitted, output: flags.text('output') ?? '' };
    say(buildSummary(plan, typed, proved, terminal.paint));
  }
  const allowed = plan.closure.problems.map((problem) => `${problemTitle(problem)}; allowed`);
  for (const line of [...allowed, ...(emitted?.warnings ?? [])]) {
    terminal.note(`mkrootfs: note: ${printable(line)}\n`);
  }
}

function optionsFrom(flags: Flags): BuildOptions {
  const options = {
    output: flags.text('output'),
    format: flags.text('format') as Format | undefined,
    libraryPath: flags.text('library-path'),
    preload: flags.text('preload'),
    hwcaps: flags.text('hwcaps') as BuildOptions['hwcaps'],
    discover: rules(flags.text('discover')),
    timezone: flags.text('timezone'),
    locale: flags.text('locale'),
    epoch: epoch(flags.text('epoch') ?? process.env.SOURCE_DATE_EPOCH),
    include: flags.list('include'),
    exclude: flags.list('exclude'),
    allowMissing: flags.list('allow-missing'),
    force: flags.has('force'),
    verify: !flags.has('no-verify'),
    dryRun: flags.has('dry-run'),
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(given) as BuildOptions), ...imageOptions(flags) };
}

function rules(text: string | undefined): BuildOptions['discover'] {
  return text === undefined || text === 'auto' || text === 'none' ? text : text.split(',');
}

/** https://reproducible-builds.org/specs/source-date-epoch/: a decimal count of seconds. */
function epoch(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seconds)) return seconds;
  throw usage(`'${text}' is no time stamp`, '--epoch and SOURCE_DATE_EPOCH take whole seconds since 1970');
}

function progressOf(terminal: Terminal, quiet: boolean): (done: number, total: number) => void {
  let shownAt = 0;
  return (done, total) => {
    const now = performance.now();
    if (quiet || total === 0 || now - shownAt < PROGRESS_INTERVAL) return;
    shownAt = now;
    terminal.progress(`writing ${Math.floor((100 * done) / total)}% of ${byteCount(total)}`);
  };
}

function usage(why: string, hint: string): RootfsError {
  return new RootfsError('ERR_USAGE', `cannot build: ${why}`, { hint });
}
