import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultSettings, openSettings } from './settings.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const file = (): string => join(folder, 'deep', 'settings.json');

test('what is saved is there the next time, and those who listen are told', async () => {
  const store = await openSettings(file(), '/flows');
  expect(store.get()).toEqual(defaultSettings('/flows'));
  const heard: unknown[] = [];
  store.subscribe((settings) => heard.push(settings.theme));
  await Promise.all([store.save({ theme: 'dark' }), store.save({ workers: 3 })]);
  expect(heard).toEqual(['dark', 'dark']);
  expect((await openSettings(file(), '/other')).get()).toEqual({ ...defaultSettings('/flows'), theme: 'dark', workers: 3 });
});

test('a slip of the hand counts as the default, and unknown keys stay', async () => {
  const path = join(folder, 'settings.json');
  writeFileSync(path, '{ "theme": "neon", "language": "zh", "mine": 1 }');
  const store = await openSettings(path, '/flows');
  expect(store.get()).toEqual({ ...defaultSettings('/flows'), language: 'zh' });
  await store.save({ theme: 'light' });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ mine: 1, theme: 'light' });
  writeFileSync(path, 'not JSON');
  expect((await openSettings(path, '/flows')).get()).toEqual(defaultSettings('/flows'));
});

test('a value that is not allowed is refused and nothing changes', async () => {
  const store = await openSettings(file(), '/flows');
  await expect(store.save({ workers: 0 })).rejects.toThrow();
  expect(store.get().workers).toBeNull();
});
