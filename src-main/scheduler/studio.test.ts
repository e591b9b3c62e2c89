import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WorkflowId } from '#shared/ids';
import type { Json } from '#shared/json';
import { PATIENCE } from '#shared/patience.testing';
import { Workflow } from '#shared/workflow/workflow';
import { fakeWorkers } from '../executor/fake-worker.testing.ts';
import { createStudio } from '../studio.ts';
import type { Studio } from '../studio-types.ts';

const id = WorkflowId.parse('tick');

function place(): { readonly dataDir: string; readonly open: () => Promise<Studio> } {
  const dataDir = mkdtempSync(join(tmpdir(), 'millrace-schedules-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  return { dataDir, open: () => createStudio({ dataDir, host: 'server', version: '1.0.0', spawn: fakeWorkers({}).spawn, schedules: { askMissedMs: 0 } }) };
}
const tick = (schedule: Json): Workflow =>
  Workflow.parse({
    formatVersion: 1,
    id,
    name: 'Tick',
    nodes: [
      { id: 'a', type: 'source', nodeType: 'sequence.numbers', config: { start: 1, end: 3 } },
      { id: 'b', type: 'sink', nodeType: 'console.log' },
    ],
    edges: [{ id: 'e', source: 'a', target: 'b' }],
    metadata: { schedule },
  });

test('a schedule takes effect when its workflow is saved, fires to the second, and stops with the studio', async () => {
  const { open } = place();
  const studio = await open();
  await studio.scheduler.ready;
  const library = await studio.library();
  const { revision } = await library.save(id, tick({ kind: 'interval', every: '1s', timeZone: 'UTC' }), null);
  await vi.waitFor(() => expect(studio.journal.occurrences({ outcomes: ['fired'] }, 0, 10).total).toBeGreaterThanOrEqual(3), PATIENCE);
  const { rows } = studio.journal.occurrences({ outcomes: ['fired'] }, 0, 10);
  for (const row of rows) {
    expect(row.nominalTime % 1000).toBe(0);
    expect(row.at).toBeGreaterThanOrEqual(row.nominalTime);
    expect(studio.journal.run(row.runId ?? ('' as never))?.trigger).toEqual({ kind: 'schedule', scheduleId: 'tick', nominalTime: new Date(row.nominalTime).toISOString() });
  }
  expect(new Set(rows.map((row) => row.nominalTime)).size).toBe(rows.length);
  await library.save(id, tick({ kind: 'interval', every: '1s', timeZone: 'UTC', enabled: false }), revision);
  await vi.waitFor(async () => expect((await studio.scheduler.list()).schedules[0]?.status).toBe('disabled'), PATIENCE);
  await studio.close();
});

test('a studio that is closed with fires in hand and opened again has every second once', async () => {
  const { open } = place();
  const first = await open();
  await (await first.library()).save(id, tick({ kind: 'interval', every: '1s', timeZone: 'UTC', overlap: 'allowAll', misfire: 'all' }), null);
  await vi.waitFor(() => expect(first.journal.occurrences({ outcomes: ['fired'] }, 0, 10).total).toBeGreaterThanOrEqual(2), PATIENCE);
  await first.close();
  const second = await open();
  await second.scheduler.ready;
  await vi.waitFor(() => expect(second.journal.occurrences({ outcomes: ['fired'] }, 0, 100).total).toBeGreaterThanOrEqual(5), PATIENCE);
  const fired = second.journal.occurrences({ outcomes: ['fired'] }, 0, 100).rows.map((row) => row.nominalTime).toReversed();
  expect(fired).toEqual(fired.map((_, n) => (fired[0] ?? 0) + n * 1000));
  expect(second.journal.runs({ trigger: 'schedule' }, 0, 100).total).toBe(fired.length);
  await second.close();
});

test('a workflow that fails its check is skipped with the sentence that a person would read', async () => {
  const { dataDir, open } = place();
  const studio = await open();
  await studio.scheduler.ready;
  const broken = { ...tick({ kind: 'interval', every: '1s', timeZone: 'UTC', pauseOnFailure: true }), edges: [{ id: 'e', source: 'a', target: 'gone' }] };
  writeFileSync(join(dataDir, 'workflows', 'tick.json'), JSON.stringify(broken));
  await vi.waitFor(async () => expect((await studio.scheduler.list()).schedules[0]?.paused?.by).toBe('failure'), PATIENCE);
  const [row] = studio.journal.occurrences({ outcomes: ['skipped'] }, 0, 10).rows;
  expect(row).toMatchObject({ reason: 'invalid', runId: null });
  expect(row?.detail).toMatch(/gone/u);
  await studio.close();
});
