import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { markOf, tellEffect } from './effect-proof.ts';
import { stage } from './staging.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-stage-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what is no ordinary file is not replaced by one: the rename would take it away from whoever uses it', async () => {
  const path = join(folder, 'socket');
  const server = createServer();
  await new Promise<void>((listening) => server.listen(path, listening));
  expect(() => stage(path, false)).toThrow('pipe or a device');
  expect(lstatSync(path).isSocket()).toBe(true);
  server.close();
});

test('nothing stands under the name before the commit, the whole file after it', async () => {
  const path = join(folder, 'new/out.csv');
  const staged = stage(path, false);
  writeFileSync(staged.target, 'a\n');
  expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
  await staged.commit();
  expect(lstatSync(path).size).toBe(2);
});

test('rows that are added begin a line of their own, also behind a last line without an end', async () => {
  for (const [before, after] of [['v\n9', 'v\n9\n1\n'], ['v\n9\n', 'v\n9\n1\n']] as const) {
    const path = join(folder, 'added.csv');
    writeFileSync(path, before);
    const staged = stage(path, true);
    writeFileSync(staged.target, '1\n');
    await staged.commit();
    expect(readFileSync(path, 'utf8')).toBe(after);
  }
});

test.skipIf(process.platform === 'win32')('a file that only its owner may read stays so', async () => {
  const path = join(folder, 'private.csv');
  writeFileSync(path, 'old');
  chmodSync(path, 0o600);
  const staged = stage(path, false);
  writeFileSync(staged.target, 'new');
  await staged.commit();
  expect(lstatSync(path).mode & 0o777).toBe(0o600);
});

test('a file as a part of the path is told with the path', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => stage(join(folder, 'file', 'out.csv'), false)).toThrow(expect.objectContaining({ code: 'io', place: join(folder, 'file', 'out.csv'), message: expect.stringContaining('a part of the path is a file') as string }));
});

test.each([['over a file', 'v\n9\n'], ['where none was', null], ['over an empty file', '']] as const)('ready %s, the rename alone is left, and the proof tells on which side of it the file is', async (_what, before) => {
  const path = join(folder, 'proven.csv');
  rmSync(path, { force: true });
  if (before !== null) writeFileSync(path, before);
  const staged = stage(path, true);
  writeFileSync(staged.target, '1\n');
  await staged.ready();
  const proof = staged.proof();
  expect(lstatSync(path, { throwIfNoEntry: false })?.size).toBe(before?.length);
  expect(tellEffect(proof)).toBe('not');
  await staged.commit();
  expect(tellEffect(proof)).toBe('happened');
  expect(readFileSync(path, 'utf8')).toBe(`${before ?? ''}1\n`);
});

test('what was made ready and is then discarded leaves the old file and nothing beside it', async () => {
  const path = join(folder, 'kept/old.csv');
  mkdirSync(dirname(path));
  writeFileSync(path, 'old\n');
  const staged = stage(path, true);
  writeFileSync(staged.target, '1\n');
  await staged.ready();
  staged.discard();
  expect(readdirSync(dirname(path))).toEqual(['old.csv']);
  expect(readFileSync(path, 'utf8')).toBe('old\n');
});

test('made ready again, it is joined to the old file as it is by then', async () => {
  const path = join(folder, 'twice.csv');
  writeFileSync(path, 'v\n');
  const staged = stage(path, true);
  writeFileSync(staged.target, '1\n');
  await staged.ready();
  const first = staged.proof();
  expect(staged.isUntouched()).toBe(true);
  writeFileSync(path, 'v\n9\n');
  expect([staged.isUntouched(), staged.fits()]).toEqual([false, true]);
  await staged.ready();
  expect(staged.isUntouched()).toBe(true);
  expect(await staged.commit()).toEqual(markOf(path));
  expect([tellEffect(first), readFileSync(path, 'utf8')]).toEqual(['unknown', 'v\n9\n1\n']);
  expect(readdirSync(folder).filter((name) => name.includes('twice'))).toEqual(['twice.csv']);
});

test('what was written as the beginning of a file fits no other, and the other way round', () => {
  const path = join(folder, 'fits.csv');
  const begins = stage(path, true);
  expect(begins.fits()).toBe(true);
  writeFileSync(path, 'v\n');
  expect([begins.fits(), stage(path, true).fits()]).toEqual([false, true]);
  const adds = stage(path, true);
  rmSync(path);
  expect(adds.fits()).toBe(false);
});
