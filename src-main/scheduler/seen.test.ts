import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hasChanged, listingOf, seenText } from './seen.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'seen-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const kinds = (before: string, now: string): readonly string[] => (['added', 'changed', 'removed'] as const).filter((kind) => hasChanged(before, now, [kind]));
const many = (count: number): string => seenText(new Map(Array.from({ length: count }, (_, n) => [`file-${n}`, '1:1'])));

test('a glob is about the folder itself unless it names what is below; a file is itself', async () => {
  const root = folder();
  mkdirSync(join(root, 'deep'));
  for (const name of ['a.csv', 'b.txt', 'deep/c.csv']) writeFileSync(join(root, name), name);
  const names = async (glob?: string): Promise<readonly string[]> => [...((await listingOf(root, glob)) ?? new Map<string, string>()).keys()].toSorted((a, b) => (a < b ? -1 : 1));
  expect(await names()).toEqual(['a.csv', 'b.txt', 'deep/c.csv']);
  expect(await names('*.csv')).toEqual(['a.csv']);
  expect(await names('**/*.csv')).toEqual(['a.csv', 'deep/c.csv']);
  expect([...((await listingOf(join(root, 'b.txt'))) ?? new Map()).keys()]).toEqual(['']);
  expect(await listingOf(join(root, 'none'))).toBeNull();
});

test('of two looks it is known whether something was added, changed or removed', async () => {
  const root = folder();
  const look = async (): Promise<string> => seenText((await listingOf(root)) ?? new Map());
  const empty = await look();
  writeFileSync(join(root, 'a'), '1');
  const one = await look();
  utimesSync(join(root, 'a'), 1, 1);
  const touched = await look();
  expect(await look()).toBe(touched);
  expect([kinds(empty, one), kinds(one, touched), kinds(touched, empty), kinds(one, one)]).toEqual([['added'], ['changed'], ['removed'], []]);
});

test('of very many files only that something is different is known', () => {
  expect(many(1000).length).toBeLessThan(100);
  expect(hasChanged(many(1000), many(1001), ['removed'])).toBe(true);
  expect(hasChanged(many(1000), many(1000), ['added'])).toBe(false);
});
