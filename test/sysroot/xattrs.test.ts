import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { fsName } from '../../src/bytes.ts';
import { xattrSyscalls } from '../../src/sysroot/xattr-syscalls.ts';
import { readXattrs } from '../../src/sysroot/xattrs.ts';
import { run } from '../emit/helpers/tools.ts';
import { hasTool, needs, needsRoot, skip } from '../helpers/capabilities.ts';
import { scratch } from '../helpers/scratch.ts';

const ATTR = { tool: 'setfattr', package: 'attr' };
const LIBCAP = { tool: 'setcap', package: 'libcap2-bin' };
/** cap_net_raw=ep. */
const NET_RAW = Buffer.from('0100000200200000000000000000000000000000', 'hex').toString('base64');

describe('readXattrs', () => {
  const files = scratch();
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  /** A PATH that leads to one tool only. */
  function only(tool: string | null): void {
    if (tool !== null) {
      run('mkdir', ['-p', files.path('bin')]);
      run('ln', ['-sf', run('which', [tool]).trim(), files.path(`bin/${tool}`)]);
    }
    process.env.PATH = files.path('bin');
  }

  for (const tool of ['perl', 'getfattr']) {
    describe(`by ${tool}`, () => {
      beforeEach(function () {
        needs(this, tool === 'perl' ? { tool, package: 'perl-base' } : { tool, package: 'attr' });
        if (tool === 'perl' && xattrSyscalls() === null) skip(this, `no numbers for ${process.arch}`);
      });

      it('reads what setcap gave', function () {
        needs(this, LIBCAP);
        needsRoot(this);
        const names = ['a', 'b c', 'ünï', 'back\\slash'].map((name) => files.write(name, ''));
        run('setcap', ['cap_net_raw=ep', names[1] as string]);
        run('setcap', ['cap_net_raw=ep', names[2] as string]);
        run('setcap', ['cap_net_raw=ep', names[3] as string]);
        only(tool);
        assert.deepEqual(readXattrs(names), {
          attributes: new Map(names.slice(1).map((name) => [name, { 'security.capability': NET_RAW }])),
          unreadable: null,
        });
      });

      it('reads user attributes only if asked', function () {
        needs(this, ATTR);
        const file = files.write('f', '');
        run('setfattr', ['-n', 'user.text', '-v', 'hello', file]);
        run('setfattr', ['-n', 'user.bytes=\\x', '-v', '0x00ff0a', file]);
        run('setfattr', ['-n', 'user.empty', file]);
        only(tool);
        assert.deepEqual(readXattrs([file]).attributes, new Map());
        assert.deepEqual(readXattrs([file], { user: true }).attributes.get(file), {
          'user.text': 'aGVsbG8=',
          'user.bytes=\\x': 'AP8K',
          'user.empty': '',
        });
      });

      it('does not follow links, nor mind files that are missing', function () {
        needs(this, ATTR);
        const file = files.write('f', '');
        run('setfattr', ['-n', 'user.x', '-v', 'y', file]);
        run('ln', ['-s', 'f', files.path('link')]);
        only(tool);
        const names = [files.path('gone'), files.path('link'), file];
        assert.deepEqual([...readXattrs(names, { user: true }).attributes.keys()], [file]);
      });

      it('takes thousands of files', function () {
        needs(this, ATTR);
        const file = files.write('f', '');
        run('setfattr', ['-n', 'user.x', '-v', 'y', file]);
        only(tool);
        const names = Array.from({ length: 5000 }, (_, index) =>
          files.path(`nothing-${index}-${'x'.repeat(50)}`),
        );
        assert.equal(readXattrs([...names, file], { user: true }).attributes.size, 1);
      });

      it('needs no privilege', function () {
        needs(this, LIBCAP);
        needsRoot(this);
        run('chmod', ['755', files.path()]);
        const file = files.write('f', '', 0o600);
        run('setcap', ['cap_net_raw=ep', file]);
        const script = `import { readXattrs } from '${import.meta.resolve('../../src/sysroot/xattrs.ts')}';
          process.stdout.write(JSON.stringify([...readXattrs([${JSON.stringify(file)}]).attributes]));`;
        only(tool);
        const loader = import.meta.resolve('tsx');
        const args = [
          '--reuid=65534',
          '--clear-groups',
          process.execPath,
          '--import',
          loader,
          '--input-type=module',
        ];
        const seen = run('/usr/bin/setpriv', [...args, '-e', script]);
        assert.deepEqual(JSON.parse(seen), [[file, { 'security.capability': NET_RAW }]]);
      });
    });
  }

  it('reads files with any name by perl', function () {
    needs(this, LIBCAP, { tool: 'perl', package: 'perl-base' });
    needsRoot(this);
    const file = files.write('f', '');
    run('setcap', ['cap_net_raw=ep', file]);
    const odd = files.path('new\nline \udcff');
    renameSync(file, fsName(odd));
    assert.deepEqual(readXattrs([odd]).attributes.get(odd), { 'security.capability': NET_RAW });
  });

  it('says so where no tool is there', () => {
    only(null);
    assert.deepEqual(readXattrs([files.write('f', '')]), {
      attributes: new Map(),
      unreadable: 'file capabilities could not be read: neither perl nor getfattr (package attr) can be run',
    });
  });

  it('starts nothing where nothing is asked', () => {
    only(null);
    assert.deepEqual(readXattrs([]), { attributes: new Map(), unreadable: null });
  });

  it('does not trust a perl of another ABI', function () {
    const numbers = xattrSyscalls();
    if (numbers === null || !hasTool('perl')) skip(this, 'no perl, or no numbers for this machine');
    // A perl that finds its pointers to be of another width ends so.
    writeFileSync(files.path('perl'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    process.env.PATH = files.path();
    assert.notEqual(readXattrs([files.write('f', '')]).unreadable, null);
  });
});

describe('xattrSyscalls', () => {
  it('agrees with the kernel headers of this machine', function () {
    needs(this, { tool: 'cc', package: 'gcc' });
    const source = '#include <sys/syscall.h>\nSYS_lsetxattr SYS_lgetxattr SYS_llistxattr';
    const file = `${process.env.TMPDIR ?? '/tmp'}/mkrootfs-syscalls-${process.pid}.c`;
    writeFileSync(file, source);
    const numbers = run('cc', ['-E', '-P', file]).trim().split('\n').at(-1)?.trim().split(/\s+/).map(Number);
    run('rm', [file]);
    const known = xattrSyscalls();
    assert.deepEqual(numbers, [known?.lsetxattr, known?.lgetxattr, known?.llistxattr]);
  });

  it('knows nothing of a machine that it does not know', () => {
    assert.equal(xattrSyscalls('pdp11'), null);
  });
});
