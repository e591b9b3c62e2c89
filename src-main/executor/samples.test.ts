import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSampleStore } from './samples.ts';

test('what a process that was killed had half written of samples is removed; whole ones and other files are there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-samples-'));
  const sample = { columns: [], rows: [['1']], partial: false };
  writeFileSync(join(folder, 'r1.json'), JSON.stringify({ n: { out: sample } }));
  for (const name of ['0192f0c1-2345-7abc-8def-0123456789ab', 'orders']) writeFileSync(join(folder, `${name}.json.tmp`), '{"n":');
  const store = createSampleStore(folder);
  expect(readdirSync(folder)).toEqual(['orders.json.tmp', 'r1.json']);
  expect(await store.get('r1', 'n', 'out')).toEqual(sample);
  const large = { columns: [], rows: [['x'.repeat(100_000)]], partial: false };
  store.add('r3', 'n', 'out', large);
  await store.keep('r3');
  await store.settled();
  expect(readdirSync(folder).toSorted()).toEqual(['orders.json.tmp', 'r1.json', 'r3.json']);
  expect(await createSampleStore(folder).get('r3', 'n', 'out')).toEqual(large);
  rmSync(folder, { recursive: true });
});
