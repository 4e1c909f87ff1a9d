import { spawnSync } from 'node:child_process';
import { encodeName, fsName } from '../bytes.ts';
import { PERL_WIDTH_CHECK, xattrSyscalls } from './xattr-syscalls.ts';

/** Extended attributes of host files. */
export interface XattrReading {
  /** By host path, as given; by name, the bytes in base64. Files without attributes are not in it. */
  readonly attributes: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Why attributes could not be read; null where they were. */
  readonly unreadable: string | null;
}

/** Options of {@link readXattrs}. */
export interface XattrOptions {
  /** Read `user.*` besides `security.capability`. @default false */
  readonly user?: boolean;
}

type Attributes = Record<string, string>;

/** Milliseconds that a helper may take. */
const TIMEOUT_MS = 60_000;
/** Bytes of attributes that are looked at; one attribute has at most 64 KiB (xattr(7)). */
const OUTPUT_BYTES = 64 << 20;
/** Bytes of arguments of one getfattr: well under a process' least, 128 KiB (execve(2)). */
const ARGUMENT_BYTES = 64 << 10;

/**
 * Takes paths in hexadecimal, one a line; answers `INDEX NAME VALUE`, the latter two in hexadecimal. With
 * `$list` it asks for all names and keeps those of `user.`.
 */
const PERL = `
use strict; my ($get, $list, $width, $all) = @ARGV; ${PERL_WIDTH_CHECK}
my $room = 65536;
for (my $index = 0; my $path = <STDIN>; $index++) {
  chomp $path; $path = pack('H*', $path) . "\\0";
  my @names = ('security.capability');
  if ($all) {
    my $names = "\\0" x $room;
    my $size = syscall(0 + $list, $path, $names, $room);
    push @names, grep { /^user\\./ } split(/\\0/, substr($names, 0, $size)) if $size > 0;
  }
  for my $name (@names) {
    my $value = "\\0" x $room;
    my $size = syscall(0 + $get, $path, "$name\\0", $value, $room);
    print("$index ", unpack('H*', $name), ' ', unpack('H*', substr($value, 0, $size)), "\\n") if $size >= 0;
  }
}`;

/**
 * Reads `security.capability`, and `user.*` where asked, of host files; links are not followed. It takes no
 * privilege: anybody who may reach a file may read these.
 *
 * Node has no call for it, so it asks, in one batch of a few milliseconds, the first that is there of perl
 * (perl-base, on every Debian), getfattr (package attr). Capabilities work on programs alone, so callers
 * need only ask for files with an executable bit.
 */
export function readXattrs(hostPaths: readonly string[], options: XattrOptions = {}): XattrReading {
  if (hostPaths.length === 0) return { attributes: new Map(), unreadable: null };
  const user = options.user ?? false;
  const attributes = byPerl(hostPaths, user) ?? byGetfattr(hostPaths, user);
  if (attributes !== null) return { attributes, unreadable: null };
  return {
    attributes: new Map(),
    unreadable: 'file capabilities could not be read: neither perl nor getfattr (package attr) can be run',
  };
}

function byPerl(paths: readonly string[], user: boolean): Map<string, Attributes> | null {
  const calls = xattrSyscalls();
  if (calls === null) return null;
  const { lgetxattr, llistxattr, pointerBytes } = calls;
  const numbers = [lgetxattr, llistxattr, pointerBytes, user ? 1 : 0].map(String);
  const perl = spawnSync('perl', ['-e', PERL, ...numbers], {
    input: paths.map((path) => `${Buffer.from(encodeName(path)).toString('hex')}\n`).join(''),
    encoding: 'latin1',
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: TIMEOUT_MS,
    maxBuffer: OUTPUT_BYTES,
  });
  if (perl.error !== undefined || perl.status !== 0) return null;
  const found = new Map<string, Attributes>();
  for (const line of perl.stdout.split('\n')) {
    const [index, name, value] = line.split(' ');
    const path = paths[Number(index)];
    if (name === undefined || value === undefined || path === undefined) continue;
    note(found, path, Buffer.from(name, 'hex').toString(), Buffer.from(value, 'hex').toString('base64'));
  }
  return found;
}

function byGetfattr(paths: readonly string[], user: boolean): Map<string, Attributes> | null {
  const found = new Map<string, Attributes>();
  // An argument must be text; and a newline in a name would end its line in the answer.
  const askable = paths.filter((path) => typeof fsName(path) === 'string' && !path.includes('\n'));
  const pattern = user ? '^(security\\.capability|user\\.)' : '^security\\.capability$';
  for (const batch of batches(askable)) {
    const args = ['-h', '-d', '-m', pattern, '-e', 'base64', '--absolute-names', '--', ...batch];
    const getfattr = spawnSync('getfattr', args, {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: TIMEOUT_MS,
      maxBuffer: OUTPUT_BYTES,
    });
    // It ends with 1 where one file of many is missing, and has told the others.
    if (getfattr.error !== undefined || getfattr.signal !== null) return null;
    parseDump(getfattr.stdout, found);
  }
  return found;
}

function* batches(paths: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    const length = Buffer.byteLength(path) + 1;
    if (bytes + length > ARGUMENT_BYTES && batch.length > 0) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(path);
    bytes += length;
  }
  if (batch.length > 0) yield batch;
}

/** `# file: PATH`, then `NAME=0sBASE64` lines; bytes beyond ASCII and backslashes are octal escapes. */
function parseDump(dump: string, found: Map<string, Attributes>): void {
  let path: string | null = null;
  for (const line of dump.split('\n')) {
    if (line.startsWith('# file: ')) path = unescapeOctal(line.slice('# file: '.length));
    const value = line.indexOf('=0s');
    if (path !== null && value > 0 && !line.startsWith('#'))
      note(found, path, unescapeOctal(line.slice(0, value)), line.slice(value + 3));
  }
}

function unescapeOctal(text: string): string {
  const bytes = text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
  return bytes === text ? text : Buffer.from(bytes, 'latin1').toString();
}

function note(found: Map<string, Attributes>, path: string, name: string, base64: string): void {
  const attributes = found.get(path) ?? {};
  attributes[name] = base64;
  found.set(path, attributes);
}
