import assert from 'node:assert/strict';
import fc from 'fast-check';
import { extract, type Header as Read } from 'tar-stream';
import { fromLatin1 } from '../../src/bytes.ts';
import { encodeEntry } from '../../src/emit/tar-entry.ts';
import { encodeHeader, octalLimit, splitName, type TarHeader } from '../../src/emit/tar-header.ts';
import { device, directory, file, fileFrom, hardlink, symlink } from './helpers/plan.ts';

const plain: TarHeader = {
  name: Buffer.from('f'),
  typeflag: '0',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: 0,
  linkname: Buffer.alloc(0),
  major: 0,
  minor: 0,
};

/** The first entry of an archive, as tar-stream reads it. */
function readBack(blocks: Uint8Array): Promise<ReadHeader> {
  return new Promise((resolve, reject) => {
    const archive = extract({ filenameEncoding: 'latin1' } as Parameters<typeof extract>[0]);
    archive.on('entry', (header) => resolve(header as ReadHeader));
    archive.on('error', reject);
    archive.write(blocks);
  });
}

type ReadHeader = Read & { readonly pax?: Readonly<Record<string, string>> | null };

describe('encodeHeader', () => {
  it('lays the fields out as ustar has them', () => {
    const block = encodeHeader({
      ...plain,
      name: Buffer.from('bin/x'),
      mode: 0o4755,
      uid: 8,
      gid: 9,
      size: 65,
    });
    assert.equal(block.length, 512);
    const text = block.toString('latin1');
    assert.equal(text.slice(0, 6), 'bin/x\0');
    assert.equal(text.slice(100, 108), '0004755\0');
    assert.equal(text.slice(108, 124), '0000010\x000000011\0');
    assert.equal(text.slice(124, 136), '00000000101\0');
    assert.equal(text.slice(136, 148), '00000000000\0');
    assert.equal(text[156], '0');
    assert.equal(text.slice(257, 265), 'ustar\x0000');
    assert.equal(text.slice(265, 329), '\0'.repeat(64), 'no user and group names');
  });

  it('sums all bytes, the checksum itself as blanks', () => {
    const block = encodeHeader(plain);
    const stored = Number.parseInt(block.toString('latin1', 148, 154), 8);
    block.fill(' ', 148, 156);
    assert.equal(
      stored,
      block.reduce((sum, byte) => sum + byte, 0),
    );
  });

  for (const { field, offset, width, value, bytes } of [
    { field: 'uid', offset: 108, width: 8, value: 0o7777777, bytes: '3737373737373700' },
    { field: 'uid', offset: 108, width: 8, value: 0o7777777 + 1, bytes: '8000000000200000' },
    { field: 'gid', offset: 116, width: 8, value: 4_294_967_295, bytes: '80000000ffffffff' },
    { field: 'size', offset: 124, width: 12, value: 8 * 2 ** 30 - 1, bytes: `${'37'.repeat(11)}00` },
    { field: 'size', offset: 124, width: 12, value: 8 * 2 ** 30, bytes: '800000000000000200000000' },
    { field: 'mtime', offset: 136, width: 12, value: 2 ** 40, bytes: '800000000000010000000000' },
  ]) {
    it(`writes ${field} ${value} so that no bit is lost`, () => {
      const block = encodeHeader({ ...plain, [field]: value });
      assert.equal(block.toString('hex', offset, offset + width), bytes);
    });
  }

  for (const value of [-1, 1.5, Number.NaN, 2 ** 60]) {
    it(`refuses ${value} for a number`, () => {
      assert.throws(() => encodeHeader({ ...plain, uid: value }), { code: 'ERR_INTERNAL' });
    });
  }

  it('reads back in tar-stream field by field, whatever the numbers', async () => {
    const id = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const name = fc.uint8Array({ min: 1, minLength: 1, maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          name: name.filter((bytes) => !bytes.includes(0) && bytes.at(-1) !== 0x2f),
          mode: fc.integer({ min: 0, max: 0o7777 }),
          uid: id,
          gid: id,
          mtime: fc.integer({ min: 0, max: 2 ** 36 }),
          size: fc.integer({ min: 0, max: 2 ** 50 }),
          major: fc.integer({ min: 0, max: 4095 }),
          minor: fc.integer({ min: 0, max: 2 ** 20 - 1 }),
        }),
        async (header) => {
          const read = await readBack(encodeHeader({ ...plain, ...header }));
          assert.deepEqual(
            {
              name: read.name,
              mode: read.mode,
              uid: read.uid,
              gid: read.gid,
              mtime: (read.mtime as Date).getTime() / 1000,
              size: read.size,
              major: read.devmajor,
              minor: read.devminor,
            },
            { ...header, name: Buffer.from(header.name).toString('latin1') },
          );
        },
      ),
    );
  });
});

describe('octalLimit', () => {
  it('is the largest number of all sevens', () => {
    assert.equal(octalLimit(8), 0o7777777);
    assert.equal(octalLimit(12), 0o77777777777);
  });
});

describe('splitName', () => {
  const n = (count: number) => 'n'.repeat(count);
  for (const [why, name, prefix] of [
    ['keeps 100 bytes whole', n(100), ''],
    ['has no way for 101 bytes without a slash', n(101), null],
    ['splits at a slash', `${n(10)}/${n(100)}`, n(10)],
    ['has no way where the last part is too long', `${n(10)}/${n(101)}`, null],
    ['fills the prefix to 155 bytes', `${n(155)}/${n(100)}`, n(155)],
    ['has no way for a prefix of 156 bytes', `${n(156)}/${n(100)}`, null],
    ['does not split at the last slash of a directory', `${n(101)}/`, null],
    ['splits a directory before its last part', `${n(50)}/${n(60)}/`, n(50)],
    ['has no way where only the leading slash would do', `/${n(100)}`, null],
  ] as const) {
    it(why, () => {
      const parts = splitName(Buffer.from(name));
      assert.equal(parts === null ? null : Buffer.from(parts.prefix).toString(), prefix);
      if (parts === null) return;
      const rest = Buffer.from(parts.name).toString();
      assert.equal(prefix === '' ? rest : `${prefix}/${rest}`, name);
    });
  }
});

describe('encodeEntry', () => {
  const long = 'l'.repeat(300);
  const types = (blocks: Buffer): string => {
    let found = '';
    for (let at = 0; at < blocks.length; ) {
      found += String.fromCharCode(blocks[at + 156] ?? 0);
      const size = Number.parseInt(blocks.toString('latin1', at + 124, at + 135), 8);
      at += 512 + Math.ceil(size / 512) * 512;
    }
    return found;
  };

  for (const [what, entry, expected] of [
    ['a plain file by one block', file('/f', ''), '0'],
    ['a long ASCII name by pax', file(`/${long}`, ''), 'x0'],
    ['a long UTF-8 name by GNU L', file(`/${long}ü`, ''), 'L0'],
    ['a long name that is not UTF-8 by GNU L', file(`/${long}\udcff`, ''), 'L0'],
    ['a short name that is not UTF-8 by one block', file('/\udcff', ''), '0'],
    ['a long link target by pax', symlink('/s', long), 'x2'],
    ['a long UTF-8 link target by GNU K', symlink('/s', `${long}ü`), 'K2'],
    ['a long hard link target by pax', hardlink('/h', `/${long}`), 'x1'],
    ['long UTF-8 name and target by both', symlink(`/${long}ü`, `${long}ü`), 'KL2'],
    ['a large owner by pax too', file('/f', '', { uid: 2 ** 21 }), 'x0'],
    ['a character device', device('/d', 'character', 1, 3), '3'],
    ['a block device', device('/d', 'block', 8, 0), '4'],
    ['a directory', directory('/d'), '5'],
    ['attributes by pax', file('/f', '', { xattrs: { 'user.x': '' } }), 'x0'],
    ['no attributes for a hard link', hardlink('/h', '/f', { xattrs: { 'user.x': '' } }), '1'],
  ] as const) {
    it(`writes ${what}`, () => {
      assert.equal(types(encodeEntry(entry, entry.path.slice(1), 0)), expected);
    });
  }

  it('names a directory with a slash, the root as ./', async () => {
    assert.equal((await readBack(encodeEntry(directory('/a'), 'a', 0))).name, 'a/');
    assert.equal((await readBack(encodeEntry(directory('/'), '', 0))).name, './');
  });

  for (const name of [long, `${long}ü`, `ü${long}\udcfe`, `${'d'.repeat(120)}/${'e'.repeat(90)}`]) {
    it(`keeps a name of ${name.length} characters whole`, async () => {
      const read = await readBack(encodeEntry(file(`/${name}`, ''), name, 0));
      assert.equal(fromLatin1(read.name), name);
    });
  }

  it('tells sizes of 8 GiB and more', async () => {
    const size = 8 * 2 ** 30;
    const read = await readBack(encodeEntry(fileFrom('/f', '/f', size), 'f', 0));
    assert.equal(read.size, size);
    assert.equal(read.pax?.size, String(size));
  });

  it('tells large owners to readers of pax and of base-256 alike', async () => {
    const read = await readBack(encodeEntry(file('/f', '', { uid: 3e9, gid: 4e9 }), 'f', 0));
    assert.deepEqual([read.uid, read.gid], [3e9, 4e9]);
    assert.deepEqual([read.pax?.uid, read.pax?.gid], ['3000000000', '4000000000']);
  });

  it('writes attributes as bytes, sorted, with = and % of their names escaped', () => {
    const xattrs = {
      'user.b=%': Buffer.from([0, 0xff, 0x0a]).toString('base64'),
      'security.capability': Buffer.from('0100000202', 'hex').toString('base64'),
    };
    const body = encodeEntry(file('/f', '', { xattrs }), 'f', 0).subarray(512, 1024);
    const expected = Buffer.concat([
      Buffer.from('42 SCHILY.xattr.security.capability='),
      Buffer.from('0100000202', 'hex'),
      Buffer.from('\n33 SCHILY.xattr.user.b%3D%25='),
      Buffer.from([0, 0xff, 0x0a]),
      Buffer.from('\n'),
    ]);
    assert.equal(body.toString('latin1', 0, expected.length), expected.toString('latin1'));
    assert.equal(
      body.subarray(expected.length).every((byte) => byte === 0),
      true,
    );
  });

  it('gives a symbolic link the mode 0777', async () => {
    assert.equal((await readBack(encodeEntry(symlink('/s', 't', { mode: 0 }), 's', 0))).mode, 0o777);
  });

  it('gives every entry the time of the plan', async () => {
    const read = await readBack(encodeEntry(file('/f', ''), 'f', 1_700_000_000));
    assert.equal((read.mtime as Date).toISOString(), '2023-11-14T22:13:20.000Z');
  });
});
