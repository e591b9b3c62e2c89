import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stage } from './staging.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-stage-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a pipe is not replaced by a file: the rename would take it away from whoever reads it', () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  expect(() => stage(path, false)).toThrow('pipe or a device');
  expect(lstatSync(path).isFIFO()).toBe(true);
});

test('nothing stands under the name before the commit, the whole file after it', async () => {
  const path = join(folder, 'new/out.csv');
  const staged = stage(path, false);
  writeFileSync(staged.target, 'a\n');
  expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
  await staged.commit();
  expect(lstatSync(path).size).toBe(2);
});
