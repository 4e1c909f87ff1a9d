// PID 1 of a rootfs (main.c), built for the machines that we ship.
//   node src/run/init/build.mjs           writes prebuilt/ anew (after a change to the C files)
//   node src/run/init/build.mjs --check   compiles and compares with prebuilt/; a compiler that is not the one
//                                         that made prebuilt/ is passed over, for its code differs
//   node src/run/init/build.mjs DIR       the same check, then copies prebuilt/ to DIR
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('.', import.meta.url));
const prebuilt = join(source, 'prebuilt');
const manifestFile = join(prebuilt, 'manifest.json');
/** Name of the program in each directory of prebuilt/. */
const PROGRAM = 'mkrootfs-init';
/** The first compiler that is there makes the binary. */
const MACHINES = {
  x86_64: { compilers: ['x86_64-linux-gnu-gcc', 'gcc'], flags: ['-fcf-protection=none'] },
  aarch64: { compilers: ['aarch64-linux-gnu-gcc', 'gcc'], flags: ['-mno-outline-atomics'] },
};
const FLAGS = [
  ...[
    '-std=c11',
    '-Os',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-ffreestanding',
    '-fno-tree-loop-distribute-patterns',
  ],
  ...[
    '-fno-stack-protector',
    '-fno-asynchronous-unwind-tables',
    '-fno-pie',
    '-no-pie',
    '-nostdlib',
    '-static',
    '-s',
  ],
  ...['-ffunction-sections', '-Wl,--gc-sections', '-Wl,--build-id=none', '-Wl,-z,noseparate-code'],
  ...['-Wl,-z,noexecstack', '-fno-ident'],
];

const files = readdirSync(source)
  .filter((name) => /\.[ch]$/.test(name))
  .sort();
const [argument] = process.argv.slice(2);
if (argument === undefined) writePrebuilt();
else checkPrebuilt();
if (argument !== undefined && argument !== '--check') cpSync(prebuilt, argument, { recursive: true });

function writePrebuilt() {
  const binaries = {};
  for (const machine of Object.keys(MACHINES)) {
    const compiler = findCompiler(machine);
    if (!compiler)
      throw new Error(
        `no compiler for ${machine}: apt-get install gcc gcc-aarch64-linux-gnu libc6-dev-arm64-cross`,
      );
    const bytes = compile(machine, compiler);
    mkdirSync(join(prebuilt, machine), { recursive: true });
    writeFileSync(join(prebuilt, machine, PROGRAM), bytes);
    chmodSync(join(prebuilt, machine, PROGRAM), 0o755);
    binaries[machine] = { compiler: compiler.version, sha256: digest(bytes) };
  }
  writeFileSync(manifestFile, `${JSON.stringify({ sources: sourcesDigest(), binaries }, null, 2)}\n`);
}

function checkPrebuilt() {
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  const advice = 'run: node src/run/init/build.mjs';
  if (manifest.sources !== sourcesDigest())
    throw new Error(`src/run/init/prebuilt is older than its sources; ${advice}`);
  for (const machine of Object.keys(MACHINES)) {
    const shipped = readFileSync(join(prebuilt, machine, PROGRAM));
    const { compiler: maker, sha256 } = manifest.binaries[machine];
    if (digest(shipped) !== sha256) throw new Error(`the ${machine} ${PROGRAM} is damaged; ${advice}`);
    const compiler = findCompiler(machine);
    if (compiler?.version !== maker) continue;
    if (!compile(machine, compiler).equals(shipped))
      throw new Error(`the ${machine} ${PROGRAM} does not rebuild the same; ${advice}`);
  }
}

function findCompiler(machine) {
  for (const file of MACHINES[machine].compilers) {
    const target = spawnSync(file, ['-dumpmachine'], { encoding: 'utf8' });
    if (target.status !== 0 || !target.stdout.startsWith(machine)) continue;
    const linker = execFileSync(file, ['-print-prog-name=ld'], { encoding: 'utf8' }).trim();
    return { file, version: `${banner(file)}, ${banner(linker)}` };
  }
  return null;
}

/** Names distribution and package too: any of them may change the code. */
function banner(tool) {
  const [line = ''] = execFileSync(tool, ['--version'], { encoding: 'utf8' }).split('\n');
  return line.slice(line.indexOf('('));
}

function compile(machine, { file }) {
  const folder = mkdtempSync(join(tmpdir(), 'mkrootfs-init-'));
  const output = join(folder, PROGRAM);
  try {
    const sources = files.filter((name) => name.endsWith('.c'));
    execFileSync(file, [...FLAGS, ...MACHINES[machine].flags, ...sources, '-o', output], {
      cwd: source,
      stdio: 'inherit',
    });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function sourcesDigest() {
  const hash = createHash('sha256');
  for (const name of files) hash.update(`${name}\0`).update(readFileSync(join(source, name)));
  return hash.update(JSON.stringify([FLAGS, MACHINES])).digest('hex');
}

function digest(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
