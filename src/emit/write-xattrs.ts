import { spawnSync } from 'node:child_process';
import { getSystemErrorName } from 'node:util';
import { encodeName, fsName } from '../bytes.ts';
import type { Entry } from '../plan/entry.ts';
import { PERL_WIDTH_CHECK, xattrSyscalls } from '../sysroot/xattr-syscalls.ts';
import { why } from './failure.ts';
import type { Tally } from './tally.ts';

/** One attribute to be set. */
interface Wanted {
  readonly entry: Entry;
  readonly path: string;
  readonly name: string;
  readonly value: Buffer;
}

/** Why an attribute could not be set; null where it was. */
type Outcome = string | null;

/** Milliseconds that a helper may take. */
const TIMEOUT_MS = 60_000;

/**
 * Takes lines `PATH NAME VALUE` in hexadecimal, answers each with its errno. perl-base is on every Debian, its
 * `syscall` needs no compiler, and a path travels as bytes: Node's arguments must be text.
 */
const PERL = `
use strict; my ($call, $width) = @ARGV; ${PERL_WIDTH_CHECK}
while (my $line = <STDIN>) {
  chomp $line;
  my ($path, $name, $value) = map { pack('H*', $_) } split(/ /, $line, -1);
  my $failed = syscall(0 + $call, "$path\\0", "$name\\0", $value, length($value), 0) == -1;
  print(($failed ? 0 + $! : 0), "\\n");
}`;

/** Sets the extended attributes of what was made; says in the report which could not be. */
export function writeXattrs(placed: readonly { entry: Entry; path: string }[], tally: Tally): void {
  const wanted = placed.flatMap(({ entry, path }) => attributesOf(entry, path));
  if (wanted.length === 0) return;
  const outcomes = byPerl(wanted) ?? wanted.map(bySetfattr);
  const lost = new Map<string, Entry[]>();
  for (const [index, { entry, name }] of wanted.entries()) {
    const fault = outcomes[index] ?? null;
    if (fault === null) continue;
    const kind = name === 'security.capability' ? 'file capabilities' : `the attributes ${name}`;
    const text = `${kind} are not kept: ${fault}`;
    lost.set(text, [...(lost.get(text) ?? []), entry]);
  }
  for (const [text, entries] of lost)
    tally.warn(`${text} (${entries.length} entries, the first is ${entries[0]?.path})`);
}

function attributesOf(entry: Entry, path: string): Wanted[] {
  // A hard link shares its file's attributes.
  if (entry.type === 'hardlink') return [];
  return Object.entries(entry.xattrs).map(([name, base64]) => ({
    entry,
    path,
    name,
    value: Buffer.from(base64, 'base64'),
  }));
}

/** All in one go; null where perl is missing, or speaks another ABI than we do. */
function byPerl(wanted: readonly Wanted[]): Outcome[] | null {
  const calls = xattrSyscalls();
  if (calls === null) return null;
  const hex = (name: string): string => Buffer.from(encodeName(name)).toString('hex');
  const lines = wanted.map(({ path, name, value }) => `${hex(path)} ${hex(name)} ${value.toString('hex')}\n`);
  const perl = spawnSync('perl', ['-e', PERL, String(calls.lsetxattr), String(calls.pointerBytes)], {
    input: lines.join(''),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: TIMEOUT_MS,
  });
  if (perl.error !== undefined || perl.status !== 0) return null;
  const answers = perl.stdout.split('\n');
  return wanted.map((_, index) => outcome(Number(answers[index])));
}

function outcome(number: number): Outcome {
  return number === 0 ? null : why(Object.assign(new Error(), { code: getSystemErrorName(-number) }));
}

function bySetfattr({ path, name, value }: Wanted): Outcome {
  if (typeof fsName(path) !== 'string') return 'setfattr takes no name that is not UTF-8';
  // It takes the empty value `0s` and sets nothing.
  const given = value.length === 0 ? [] : ['-v', `0s${value.toString('base64')}`];
  const set = spawnSync('setfattr', ['-h', '-n', name, ...given, '--', path], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: TIMEOUT_MS,
  });
  if (set.error !== undefined) return 'neither perl nor setfattr (package attr) can be run';
  if (set.status === 0) return null;
  return set.stderr.trim().split(': ').at(-1) || `setfattr ended with ${set.signal ?? set.status}`;
}
