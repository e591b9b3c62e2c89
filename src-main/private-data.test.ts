import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { keepPrivate, makePrivate } from './private-data.ts';

const top = mkdtempSync(join(tmpdir(), 'millrace-private-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));
const mode = (path: string): number => statSync(join(top, path)).mode & 0o777;

test('a data folder that is made is its owner’s alone; one that was there keeps its rights', () => {
  makePrivate(join(top, 'new'));
  expect(mode('new')).toBe(0o700);
  mkdirSync(join(top, 'old'));
  chmodSync(join(top, 'old'), 0o755);
  makePrivate(join(top, 'old'));
  expect(mode('old')).toBe(0o755);
});

test('nobody else reads samples, drafts, spilled rows or the journal, even in a folder open to all', () => {
  mkdirSync(join(top, 'open/samples'), { recursive: true });
  for (const path of ['open', 'open/samples']) chmodSync(join(top, path), 0o755);
  writeFileSync(join(top, 'open/journal.sqlite'), '', { mode: 0o644 });
  keepPrivate(join(top, 'open'));
  for (const folder of ['samples', 'outputs', 'payloads', 'opened', 'drafts', 'scratch', 'trash']) expect(mode(`open/${folder}`)).toBe(0o700);
  expect(mode('open/journal.sqlite')).toBe(0o600);
});
