import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runNode, testFolder } from '../../dataplane/node.testing.ts';
import node from './run.ts';

let folder: string;
beforeEach(() => {
  folder = testFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder, name), content);
const read = async (config: Parameters<typeof runNode>[1]) => (await runNode(node, config, { folder })).outputs['out'];

test('every line comes as it is written: empty, quoted, with any line end, the last without one', async () => {
  write('a.txt', 'first\n\n"q, x"\r\n  spaced \n\ta;b|c\nlast');
  expect(await read({ path: 'a.txt' })).toEqual({
    columns: [{ name: 'value', type: 'VARCHAR' }, { name: 'line', type: 'BIGINT' }],
    rows: [['first', '1'], ['', '2'], ['"q, x"', '3'], ['  spaced ', '4'], ['\ta;b|c', '5'], ['last', '6']],
  });
  write('empty.txt', '');
  expect(await read({ path: 'empty.txt' })).toEqual({ columns: [{ name: 'value', type: 'VARCHAR' }, { name: 'line', type: 'BIGINT' }], rows: [] });
});

test('letters that lie across the border of two pieces stay whole', async () => {
  const line = '中é😀'.repeat(50);
  write('big.txt', Array.from({ length: 5000 }, (_, index) => `${index}${line}`).join('\n'));
  const rows = (await read({ path: 'big.txt' }))?.rows ?? [];
  expect(rows).toHaveLength(5000);
  expect(rows.every(([value], index) => value === `${index}${line}`)).toBe(true);
});

test.each([
  ['utf-8', Buffer.from('\ufeffhé中')],
  ['utf-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('hé中', 'utf16le')])],
  ['utf-16', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from('hé中', 'utf16le').swap16()])],
  ['gb18030', Buffer.from([0x68, 0xa8, 0xa6, 0xd6, 0xd0])],
])('%s is decoded', async (encoding, bytes) => {
  write('e.txt', bytes);
  expect((await read({ path: 'e.txt', encoding }))?.rows).toEqual([['hé中', '1']]);
});

test('latin1 is byte for letter', async () => {
  write('l.txt', new Uint8Array([0x68, 0xe9, 0x80]));
  expect((await read({ path: 'l.txt', encoding: 'latin1' }))?.rows).toEqual([['hé\u0080', '1']]);
});

test('a pattern reads all files by name, lines counted in each; whole mode gives one row a file', async () => {
  write('b.log', 'b1\nb2\n');
  write('a.log', 'a1\n');
  mkdirSync(join(folder, 'c.log'));
  expect((await read({ path: '*.log' }))?.rows).toEqual([['a1', '1'], ['b1', '1'], ['b2', '2']]);
  expect((await read({ path: '*.log', mode: 'whole' }))?.rows).toEqual([['a1\n', join(folder, 'a.log')], ['b1\nb2\n', join(folder, 'b.log')]]);
});

test('what can’t be read says what and where', async () => {
  write('bad.txt', new Uint8Array([0x6f, 0x6b, 0x0a, 0xe9, 0x6c]));
  await expect(read({ path: 'bad.txt' })).rejects.toMatchObject({ code: 'node_failed', place: join(folder, 'bad.txt'), remedy: expect.stringContaining('latin1') });
  await expect(read({ path: 'none.txt' })).rejects.toMatchObject({ code: 'io', place: join(folder, 'none.txt') });
  await expect(read({ path: '.' })).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('folder') });
  await expect(read({ path: '*.nothing' })).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('pattern') });
});

test.each([['/dev/zero', 'pipe or a device'], ['https://example.org/a.txt', 'an address'], ['file:///etc/hosts', 'an address']])('%s is refused with its reason', async (path, reason) => {
  await expect(read({ path })).rejects.toMatchObject({ message: expect.stringContaining(reason) });
});
