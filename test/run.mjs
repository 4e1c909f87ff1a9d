// `npm test`: sets up what the tests need, runs them, and ends with `N passed, N failed, N skipped`.
//   npm test                everything, with coverage
//   npm test -- test/elf    one part: no Debian packages are installed, no coverage is asked for
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDebianPackages, installNpmPackages } from './setup.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const part = process.argv.slice(2);
const whole = part.length === 0;
const results = join('.cache', 'test-results.json');

installNpmPackages();
if (whole) installDebianPackages(join('test', 'packages.txt'));
run('npm', ['run', '--silent', 'build']);
rmSync(results, { force: true });
mkdirSync('.cache', { recursive: true });

const mocha = ['--reporter', './test/reporter.cjs', '--reporter-option', `output=${results}`, ...part];
const tests = whole
  ? spawn('npx', ['--no-install', 'c8', 'mocha', ...mocha])
  : spawn('npx', ['--no-install', 'mocha', ...mocha]);
const stats = readStats();
if (tests !== 0 && stats.failures === 0)
  console.error(`\nThe test command failed with code ${tests}: see above.`);
console.log(`${stats.passes} passed, ${stats.failures} failed, ${stats.pending} skipped`);
process.exitCode = tests === 0 && stats.failures === 0 && stats.passes > 0 ? 0 : 1;

/** Counts of mocha's own JSON report; it is missing when mocha itself broke. */
function readStats() {
  try {
    return JSON.parse(readFileSync(results, 'utf8')).stats;
  } catch {
    return { passes: 0, failures: 0, pending: 0 };
  }
}

function run(command, args) {
  const code = spawn(command, args);
  if (code === 0) return;
  console.error(`${command} ${args.join(' ')} failed with code ${code}`);
  process.exit(1);
}

function spawn(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) console.error(`cannot start ${command}: ${error.message}`);
  return status ?? 1;
}
