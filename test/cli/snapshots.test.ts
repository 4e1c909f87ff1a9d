import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mkrootfs, mkrootfsHere } from '../helpers/command-line.ts';
import { madeUpDirectory } from './made-up-sysroot.ts';

/**
 * The built command line over a made-up sysroot: each line's output and exit code stand in the snapshot named
 * after it. `U=1 npx mocha test/cli/snapshots.test.ts` writes them anew; read the difference before committing.
 */
const SNAPSHOTS = join(import.meta.dirname, 'snapshots');
const REWRITE = process.env.U === '1';

const LINES: readonly string[] = [
  '',
  '--help',
  '--version',
  'help build',
  'help biuld',
  'help nothing',
  'build --help',
  'resolve --help',
  'run --help',
  'inspect --help',

  'resolve --sysroot sysroot /bin/app',
  'resolve --sysroot sysroot app',
  'resolve --sysroot sysroot --json /bin/app',
  'resolve --sysroot sysroot --flat /bin/app /bin/static',
  'resolve --sysroot sysroot --paths /bin/app /bin/static',
  'resolve --sysroot sysroot --flat --from list.txt',
  'resolve --sysroot sysroot --from nosuch.txt',
  'resolve --sysroot sysroot /bin/static',
  'resolve --sysroot sysroot /bin/script',
  'resolve --sysroot sysroot /bin/broken',
  'resolve --sysroot sysroot --json /bin/broken',
  'resolve --sysroot sysroot --flat /bin/broken',
  'resolve --sysroot sysroot --symbols /bin/app',
  'resolve --sysroot sysroot --symbols --json /bin/unbound',
  'resolve --sysroot sysroot --symbols /bin/unbound',
  'resolve --sysroot sysroot --symbols --flat /bin/unbound',
  'resolve --sysroot sysroot --dot /bin/broken',
  'resolve --sysroot sysroot --mermaid /bin/broken',
  'resolve --sysroot sysroot --hwcaps baseline --paths /bin/app',
  'resolve --sysroot sysroot --library-path /usr/lib/app --preload libgreet.so.1 /bin/static',
  'resolve --sysroot sysroot /bin/too-new',
  'resolve --sysroot sysroot /bin/no-loader',
  'resolve --sysroot sysroot /bin/nosuch',
  'resolve --sysroot sysroot nosuch',
  'resolve --sysroot sysroot /etc',
  'resolve --sysroot sysroot /bin/text',
  'resolve --sysroot sysroot /bin/empty',
  'resolve --sysroot sysroot /bin/truncated',
  'resolve --sysroot nosuch /bin/app',
  'resolve --sysroot list.txt /bin/app',
  'resolve --flat --json /bin/app',
  'resolve',
  'resolve --jsno /bin/app',

  'explain --help',
  'explain --sysroot sysroot /bin/app libc.so.6',
  'explain --sysroot sysroot --json /bin/app libgreet.so.1',
  'explain --sysroot sysroot /bin/app /bin/app',
  'explain --sysroot sysroot /bin/broken libgone.so.3',
  'explain --sysroot sysroot /bin/script sh',
  'explain --sysroot sysroot /bin/app libnothing.so',
  'explain sysroot libgreet.so.1',
  'explain --sysroot sysroot /bin/nosuch x',
  'explain sysroot',

  'inspect files/app',
  'inspect --json files/app',
  'inspect files/text files/app',
  'inspect files/nosuch',
  'inspect',

  'verify --help',
  'verify sysroot',
  'verify --json sysroot',
  'verify nosuch',
  'verify list.txt',
  'verify',

  'build --sysroot sysroot /bin/app -o out',
  '--sysroot sysroot /bin/app -o out',
  'build --sysroot sysroot /bin/app -o out.tar',
  'build --sysroot sysroot /bin/app -o out --verbose',
  'build --sysroot sysroot /bin/app -o out --no-verify',
  'build --sysroot sysroot /bin/app -o out --quiet',
  'build --sysroot sysroot /bin/app -o out --discover nothing',
  'build --sysroot sysroot /bin/app -o out --hwcaps baseline --discover none',
  'build --sysroot sysroot /bin/app --dry-run',
  'build --sysroot sysroot /bin/app --include /etc/app.conf --exclude /etc/passwd --dry-run',
  'build --sysroot sysroot /bin/app -o taken',
  'build --sysroot sysroot /bin/app -o nosuch/out',
  'build --sysroot sysroot /bin/broken -o out',
  'build --sysroot sysroot /bin/broken -o out --allow-missing libgone.so.3',
  'build --sysroot sysroot /bin/no-loader -o out',
  'build --sysroot sysroot /bin/text -o out',
  'build --sysroot sysroot /bin/nosuch -o out',
  'build --sysroot sysroot /bin/app -o out --epoch yesterday',
  'SOURCE_DATE_EPOCH=tomorrow build --sysroot sysroot /bin/app -o out',
  'build --sysroot sysroot /bin/app -o out.tar --cmd x',
  'build --sysroot sysroot /bin/app -o out -f oci --env A',
  'build --sysroot sysroot /bin/app -o out -f oci --entrypoint [1]',
  'build --sysroot sysroot /bin/app -o out -f oci --workdir srv',
  'build --sysroot sysroot /bin/app -o out -f oci --tag App:1',
  'build --sysroot sysroot /bin/app -o - -f erofs',
  'build --sysroot sysroot /bin/app',
  'build -o out',
  'build --sysroot sysroot /bin/app -o out -f tra',
  '--sysroot sysroot qwertyuiop -o out',
  '--sysroot sysroot /bin/text -o out',
  'build --sysroot sysroot /bin/app -o out --hwcaps host --format dir --library-path /usr/lib --preload libc.so.6',
  'run',
  'run nosuch /bin/true',
  'run --timeuot 3 nosuch /bin/true',
  'resolve --sysroot sysroot /bin/broken /bin/no-loader',
  'resolve --sysroot sysroot --from list.txt /bin/script --paths',
  'biuld --sysroot sysroot /bin/app -o out',
];

describe('snapshots of the command line', () => {
  before(() => mkdirSync(SNAPSHOTS, { recursive: true }));

  for (const line of LINES) {
    it(`mkrootfs ${line}`, async () => {
      const actual = await record(line, mkrootfs);
      if (REWRITE) writeFileSync(snapshot(line), actual);
      assert.equal(actual, readFileSync(snapshot(line), 'utf8'));
    });

    it(`mkrootfs ${line} (from the sources)`, async () => {
      assert.equal(await record(line, mkrootfsHere), readFileSync(snapshot(line), 'utf8'));
    });
  }

  it('has no snapshot without a command line', () => {
    const expected = LINES.map(snapshot);
    const stale = readdirSync(SNAPSHOTS).filter((file) => !expected.includes(join(SNAPSHOTS, file)));
    if (REWRITE) for (const file of stale) rmSync(join(SNAPSHOTS, file));
    else assert.deepEqual(stale, []);
  });
});

/** Command, output and exit code as a terminal's user would see them, each stream apart. */
async function record(line: string, start: typeof mkrootfs | typeof mkrootfsHere): Promise<string> {
  const cwd = madeUpDirectory();
  try {
    const words = line.split(' ').filter((word) => word !== '');
    const first = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
    const env = Object.fromEntries(words.slice(0, Math.max(first, 0)).map((word) => word.split('=')));
    const argv = first === -1 ? [] : words.slice(first);
    const { code, stdout, stderr } = await start(argv, { cwd, env });
    const streams = [stdout, stderr === '' ? '' : `--- standard error ---\n${stderr}`].join('');
    return `$ mkrootfs ${line}\n${streams.replaceAll(cwd, 'CWD')}--- exit code ${code} ---\n`;
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

function snapshot(line: string): string {
  return join(SNAPSHOTS, `${line === '' ? 'no words' : line.replaceAll('/', '_')}.txt`);
}
