import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeWorkers } from './executor/fake-worker.testing.ts';
import { createStudio } from './studio.ts';

test('what workers have spilled is gone when a studio opens and when it is closed, and nothing else', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'millrace-studio-'));
  const spill = (name: string): void => {
    mkdirSync(join(dataDir, 'scratch', name), { recursive: true });
    writeFileSync(join(dataDir, 'scratch', name, 'profile.json'), '{}');
  };
  spill('spill-1-1');
  spill('run-01a20b85-85f4-7000-a29a-8f4339b1234b');
  spill('my-notes');
  const studio = await createStudio({ dataDir, host: 'cli', version: '1.0.0', spawn: fakeWorkers({}).spawn });
  expect(readdirSync(join(dataDir, 'scratch'))).toEqual(['my-notes']);
  spill('spill-2-1');
  await studio.close();
  expect(readdirSync(join(dataDir, 'scratch'))).toEqual(['my-notes']);
  rmSync(dataDir, { recursive: true });
});
