// Brings a fresh clone to where its commands work: npm dependencies, and the tests' Debian packages.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `npm ci`, where node_modules is missing or holds other versions than the lockfile. */
export function installNpmPackages() {
  if (npmIsCurrent()) return;
  console.log('Installing npm dependencies ...');
  const { status } = spawnSync('npm', ['ci', '--loglevel=error'], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

/**
 * Installs the packages of a list with apt-get, where this user may (root, or sudo without a password) and this
 * is a Debian. Elsewhere the tests that need them skip and name the package.
 */
export function installDebianPackages(list) {
  const wanted = readList(list);
  const missing = wanted.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const sudo = asRoot();
  if (sudo === null) {
    console.log(`Not installed, and this user may not: ${missing.join(' ')}`);
    return;
  }
  console.log(`Installing Debian packages: ${missing.join(' ')}`);
  apt(sudo, ['update']);
  // One name that this release does not have must not cost the others.
  if (!apt(sudo, ['install', ...missing])) for (const name of missing) apt(sudo, ['install', name]);
  const absent = missing.filter((name) => !isInstalled(name));
  if (absent.length > 0) console.error(`Could not be installed: ${absent.join(' ')}\n${lastLog}`);
}

let lastLog = '';

function apt(sudo, [verb, ...names]) {
  const options = verb === 'install' ? ['--yes', '--no-install-recommends'] : [];
  const quiet = ['env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C.UTF-8', 'apt-get', '--quiet'];
  const [command, ...args] = [...sudo, ...quiet, verb, ...options, ...names];
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  lastLog = `${stdout ?? ''}${stderr ?? ''}`;
  mkdirSync('.cache', { recursive: true });
  writeFileSync(join('.cache', `apt-${verb}.log`), lastLog);
  return status === 0;
}

function readList(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.map((line) => line.replace(/#.*/, '').trim()).filter((name) => name !== '');
}

function isInstalled(name) {
  const { status, stdout } = spawnSync('dpkg-query', ['--status', name], { encoding: 'utf8' });
  return status === 0 && stdout.includes('\nStatus: install ok installed\n');
}

/** What to put before a command that needs root; null where there is no way. */
function asRoot() {
  if (!existsSync('/usr/bin/apt-get')) return null;
  if (process.getuid() === 0) return [];
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : null;
}

function npmIsCurrent() {
  try {
    const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
    const there = JSON.parse(readFileSync(join('node_modules', '.package-lock.json'), 'utf8')).packages;
    const required = Object.entries(wanted).filter(([path, entry]) => path !== '' && !entry.optional);
    return required.every(([path, entry]) => there[path]?.version === entry.version);
  } catch {
    return false;
  }
}

if (process.argv[1] === import.meta.filename) installNpmPackages();
