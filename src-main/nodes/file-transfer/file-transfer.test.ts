import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EffectProof } from '#shared/events';
import { tellEffect } from '../../dataplane/effect-proof.ts';
import { runNode, testFolder } from '../../dataplane/node.testing.ts';
import type { TestRows } from '../../dataplane/node.testing.ts';
import node from './run.ts';
import { transfer } from './transfer.ts';

let folder: string;
beforeEach(() => {
  folder = testFolder();
  put('in/a.txt', 'alpha');
  put('in/sub/b.txt', 'beta');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: string, seconds = 1_700_000_000): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  utimesSync(path, seconds, seconds);
}
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const list = (name: string): readonly string[] => readdirSync(join(folder, name), { recursive: true }).map(String).toSorted();
const run = (config: Parameters<typeof runNode>[1], rows?: TestRows) => runNode(node, config, { folder, ...(rows === undefined ? {} : { inputs: { in: rows } }) });

test('a folder is copied with its folders, contents and times; again, everything is skipped', async () => {
  expect((await run({ source: 'in', target: 'out', verify: 'sha256' })).report).toEqual({ copied: 2, bytes: 9 });
  expect(list('out')).toEqual(['a.txt', 'sub', 'sub/b.txt']);
  expect([read('out/sub/b.txt'), statSync(join(folder, 'out/a.txt')).mtimeMs]).toEqual(['beta', 1_700_000_000_000]);
  expect((await run({ source: 'in', target: 'out' })).report).toEqual({ skipped: 2 });
});

test('one file goes to a new name, or into a folder', async () => {
  await run({ source: 'in/a.txt', target: 'copy.txt' });
  await run({ source: 'in/a.txt', target: 'new/' });
  expect([read('copy.txt'), read('new/a.txt')]).toEqual(['alpha', 'alpha']);
});

test('a pattern keeps the folders below its fixed part', async () => {
  await run({ source: 'in/**/*.txt', target: 'out' });
  expect(list('out')).toEqual(['a.txt', 'sub', 'sub/b.txt']);
});

test.each([
  ['never', 'old'],
  ['ifNewer', 'old'],
  ['always', 'alpha'],
])('overwrite %s leaves %s where the target is newer', async (overwrite, result) => {
  put('out/a.txt', 'old', 1_800_000_000);
  await run({ source: 'in/a.txt', target: 'out', overwrite });
  expect(read('out/a.txt')).toBe(result);
});

test('move takes the source away, also after an attempt that was killed between copy and removal', async () => {
  put('out/a.txt', 'alpha');
  expect((await run({ source: 'in', target: 'out', mode: 'move' })).report).toMatchObject({ moved: 2 });
  expect([list('in'), list('out')]).toEqual([['sub'], ['a.txt', 'sub', 'sub/b.txt']]);
});

test('mirror copies what differs and removes what is gone, but never from an empty source', async () => {
  put('out/a.txt', 'other', 1_800_000_000);
  put('out/old/gone.txt', 'x');
  expect((await run({ source: 'in', target: 'out', mode: 'sync' })).report).toMatchObject({ copied: 2, removed: 1 });
  expect([read('out/a.txt'), existsSync(join(folder, 'out/old/gone.txt'))]).toEqual(['alpha', false]);
  mkdirSync(join(folder, 'empty'));
  await expect(run({ source: 'empty', target: 'out', mode: 'sync' })).rejects.toMatchObject({ place: 'source' });
  expect(read('out/a.txt')).toBe('alpha');
});

test('rows give the paths', async () => {
  const { report } = await run({ target: 'out' }, [{ path: 'in/a.txt' }, { path: null }, { path: join(folder, 'in/sub/b.txt') }]);
  expect(report).toEqual({ copied: 2, bytes: 9, 'rows without a path': 1 });
  expect(list('out')).toEqual(['a.txt', 'b.txt']);
});

test('a file onto itself, a folder into itself and two files with one name are refused', async () => {
  await expect(run({ source: 'in/a.txt', target: 'in', overwrite: 'always' })).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('same file') });
  await expect(run({ source: 'in', target: 'in/sub/deep' })).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('lies in the folder') });
  symlinkSync(join(folder, 'in'), join(folder, 'link'));
  await expect(run({ source: 'in', target: 'link/x' })).rejects.toMatchObject({ message: expect.stringContaining('lies in the folder') });
  await expect(run({ source: 'in/sub', target: 'in', mode: 'sync' })).rejects.toMatchObject({ place: 'target' });
  put('in/sub/a.txt', 'second');
  await expect(run({ target: 'out' }, [{ path: 'in/a.txt' }, { path: 'in/sub/a.txt' }])).rejects.toMatchObject({ message: expect.stringContaining('Two files') });
  expect(read('in/a.txt')).toBe('alpha');
});

test('what is missing is said with its place', async () => {
  await expect(run({ source: 'none.txt', target: 'out' })).rejects.toMatchObject({ code: 'io', place: join(folder, 'none.txt') });
  await expect(run({ source: '*.zip', target: 'out' })).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('pattern') });
  await expect(run({ target: 'out' })).rejects.toMatchObject({ place: 'source' });
  await expect(run({ target: 'out', column: 'pth' }, [{ path: 'x' }])).rejects.toMatchObject({ place: 'column' });
  await expect(run({ source: 'in', target: 'out' }, [{ path: 'x' }])).rejects.toMatchObject({ place: 'source' });
});

test('a transfer that is stopped leaves neither the file nor a part of it', async () => {
  put('big.bin', 'x'.repeat(8_000_000));
  const stop = new AbortController();
  const copying = transfer({ from: join(folder, 'big.bin'), to: join(folder, 'out/big.bin') }, { mode: 'copy', overwrite: 'always', verify: 'sha256' }, stop.signal);
  setTimeout(() => stop.abort(new Error('stopped')), 1);
  await expect(copying).rejects.toThrow();
  expect(existsSync(join(folder, 'out')) ? list('out') : []).toEqual([]);
});

test('pipes, devices, dead links and links to folders in a folder are passed over; named, a device is refused', async () => {
  mkdirSync(join(folder, 'else'));
  symlinkSync('/dev/zero', join(folder, 'in/zero'));
  symlinkSync(join(folder, 'gone'), join(folder, 'in/dead'));
  symlinkSync(join(folder, 'else'), join(folder, 'in/else'));
  expect((await run({ source: 'in', target: 'out' })).report).toMatchObject({ copied: 2 });
  expect(list('out')).toEqual(['a.txt', 'sub', 'sub/b.txt']);
  await expect(run({ source: '/dev/zero', target: 'out/' })).rejects.toMatchObject({ message: expect.stringContaining('pipe or a device') });
});

test.each(['copy', 'move', 'sync'])('%s writes nothing through a link that leads out of the target', async (mode) => {
  mkdirSync(join(folder, 'else'));
  mkdirSync(join(folder, 'out'));
  symlinkSync(join(folder, 'else'), join(folder, 'out/sub'));
  await expect(run({ source: 'in', target: 'out', mode })).rejects.toMatchObject({ message: 'A link in the target leads out of it.' });
  expect(list('else')).toEqual([]);
  expect(read('in/sub/b.txt')).toBe('beta');
});

test('a target that is itself a link is a folder like any other', async () => {
  mkdirSync(join(folder, 'else'));
  symlinkSync(join(folder, 'else'), join(folder, 'out'));
  await run({ source: 'in', target: 'out' });
  expect(list('else')).toEqual(['a.txt', 'sub', 'sub/b.txt']);
});

test('nothing is mirrored onto the home folder, nor onto one around it', async () => {
  put('people/me/notes.txt', 'mine');
  vi.stubEnv('HOME', join(folder, 'people/me'));
  for (const target of ['people/me', 'people']) await expect(run({ source: 'in', target, mode: 'sync' })).rejects.toMatchObject({ place: 'target', message: expect.stringContaining('home folder') });
  vi.unstubAllEnvs();
  expect(read('people/me/notes.txt')).toBe('mine');
});

test('a move is announced before the first file goes, and the last file tells whether all went', async () => {
  const announced: { readonly what: string; readonly rows: number; readonly there: readonly string[]; readonly proof: EffectProof | undefined }[] = [];
  const moved = await runNode(node, { source: 'in', target: 'out', mode: 'move' }, { folder, intend: ({ what, rows, proof }) => announced.push({ what, rows, there: list('in'), proof }) });
  expect(moved.report).toMatchObject({ moved: 2 });
  expect(announced).toMatchObject([{ what: expect.stringMatching(/^2 files would be moved to .*out$/) as string, rows: 0, there: ['a.txt', 'sub', 'sub/b.txt'], proof: { kind: 'file', path: join(folder, 'out/sub/b.txt'), before: null } }]);
  const proof = announced[0]?.proof;
  expect(proof !== undefined && tellEffect(proof)).toBe('happened');
  expect((await run({ source: 'out', target: 'copy' })).intents).toEqual([]);
});

test('of a move that rows ask for, the intent is about as many rows as came', async () => {
  const rows: number[] = [];
  await runNode(node, { target: 'out', mode: 'move' }, { folder, inputs: { in: [{ path: 'in' }, { path: null }, { path: null }] }, intend: (intent) => rows.push(intent.rows) });
  expect(rows).toEqual([3]);
});

test('what an ended process had begun to copy is no file to transfer; what others call a part is', async () => {
  put('in/.a.txt.millrace.99.part', 'half');
  put('in/.mine.part', 'whole');
  expect((await run({ source: 'in', target: 'out' })).report).toMatchObject({ copied: 3 });
  expect(list('out')).toEqual(['.mine.part', 'a.txt', 'sub', 'sub/b.txt']);
});

test.each([
  ['a folder', { source: 'in', target: 'out' }, undefined],
  ['a pattern', { source: 'in/**/*.txt', target: 'out' }, undefined],
  ['one file', { source: 'in/a.txt', target: 'out/a.txt' }, undefined],
  ['rows', { target: 'out' }, [{ path: 'in/a.txt' }, { path: 'in/sub/b.txt' }]],
] as const)('a second attempt at a move of %s finds what the first one moved, and goes on', async (_what, config, rows) => {
  const attempt = (number: number) => runNode(node, { ...config, mode: 'move' }, { folder, attempt: number, ...(rows === undefined ? {} : { inputs: { in: rows } }) });
  await attempt(1);
  const left = list('out');
  await attempt(2);
  expect(list('out')).toEqual(left);
  expect(left).toContain('a.txt');
});

test('what was never there is missing at a second attempt too', async () => {
  await expect(runNode(node, { source: 'nowhere.txt', target: 'out/x.txt', mode: 'move' }, { folder, attempt: 2 })).rejects.toMatchObject({ code: 'io' });
});
