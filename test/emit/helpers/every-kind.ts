import type { Entry, RootfsPlan } from '../../../src/plan/entry.ts';
import { device, directory, file, hardlink, planOf, symlink } from './plan.ts';

/** Names that some archive, tool or shell has been wrong about. */
export const HARD_NAMES: readonly string[] = [
  '-rf',
  'a newline\nand a tab\t',
  'trailing blanks  ',
  'back\\slash "and" \'quotes\' $HOME *',
  'ünïcödé 中文 😀',
  'not UTF-8 \udcff\udcfe',
  'n'.repeat(100),
  'm'.repeat(101),
  `long ${'ü'.repeat(120)}`,
  `long not UTF-8 \udcff${'x'.repeat(150)}`,
];

const DEEP = `/${'d'.repeat(140)}/${'e'.repeat(99)}`;
const DEEPER = `${DEEP}/${'f'.repeat(200)}`;

/** Entries of every type, with every kind of name, mode and link; owners are `owner`. */
export function everyKind(owner: { uid: number; gid: number } = { uid: 0, gid: 0 }): Entry[] {
  const entries: Entry[] = [
    directory('/bin', owner),
    file('/bin/app', 'app', { mode: 0o755, ...owner }),
    hardlink('/bin/app2', '/bin/app', { mode: 0o755, ...owner }),
    file('/bin/su', 'setuid', { mode: 0o4755, ...owner }),
    directory('/closed', { mode: 0o500, ...owner }),
    file('/closed/none', 'no mode at all', { mode: 0, ...owner }),
    directory('/tmp', { mode: 0o1777, ...owner }),
    file('/empty', '', owner),
    file('/big', Buffer.alloc(3_000_001, 'mkrootfs'), owner),
    file('/block', Buffer.alloc(512, 1), owner),
    symlink('/lib', 'usr/lib', owner),
    symlink('/dangling', '/nowhere/at all', owner),
    symlink('/long link', 'target/'.repeat(40), owner),
    symlink('/long ünïcödé link', 'ziel-ü/'.repeat(40), owner),
    symlink('/odd link', 'not UTF-8 \udcfe', owner),
    directory(`/${'d'.repeat(140)}`, owner),
    directory(DEEP, owner),
    file(`${DEEP}/splits`, 'in prefix and name', owner),
    directory(DEEPER, owner),
    file(`${DEEPER}/${'g'.repeat(90)}`, 'in a pax header', owner),
    hardlink('/to a long name', `${DEEPER}/${'g'.repeat(90)}`, owner),
    directory('/names', owner),
    ...HARD_NAMES.map((name, index) => file(`/names/${name}`, `file ${index}`, owner)),
    ...HARD_NAMES.map((name) => directory(`/names/directory ${name}`.slice(0, 200), owner)),
  ];
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** {@link everyKind}, with what only root can make: devices and other owners. */
export function everyKindOfRoot(): RootfsPlan {
  const entries = [
    ...everyKind(),
    directory('/dev'),
    device('/dev/null', 'character', 1, 3, { mode: 0o666 }),
    device('/dev/zblock', 'block', 259, 70_000, { mode: 0o660, gid: 6 }),
    file('/owned', 'by somebody', { uid: 1234, gid: 5678 }),
    file('/owned by many', 'in base-256', { uid: 3_000_000_000, gid: 4_000_000_000 }),
    symlink('/owned link', 'owned', { uid: 1234, gid: 5678 }),
  ];
  return planOf(entries.sort((a, b) => (a.path < b.path ? -1 : 1)));
}
