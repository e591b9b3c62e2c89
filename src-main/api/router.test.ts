import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, describe, expect, it } from 'vitest';
import { runStream } from '#shared/events';
import { RunId, WorkflowId } from '#shared/ids';
import type { ApiContext } from './context.ts';
import { router } from './router.ts';
import { sampleWorkflow, testStudio } from './studio.testing.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'millrace-api-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function open(more: Partial<ApiContext> = {}) {
  const test = testStudio(dataDir);
  const unexpected: unknown[] = [];
  const context: ApiContext = { studio: test.studio, dialogs: null, trigger: { kind: 'manual' }, now: () => 2000, onUnexpected: (thrown) => unexpected.push(thrown), ...more };
  return { ...test, unexpected, client: createRouterClient(router, { context }) };
}

const orders = WorkflowId.parse('orders');
const complete = (id: string) => ({ type: 'WorkflowCompleted', at: 1500, id: `${id}-2`, data: { durationMs: 500 } }) as const;

describe('schedules', () => {
  it('says what a schedule means, from now or from another time on', async () => {
    const { client } = open();
    const schedule = { cron: '30 2 * * *', timezone: 'Europe/Zurich' };
    const meant = await client.schedules.preview({ schedule, from: Date.parse('2026-03-28T12:00:00Z'), count: 2 });
    expect(meant).toEqual({
      definition: expect.objectContaining({ times: expect.objectContaining({ kind: 'cron', expression: '30 2 * * *' }) }),
      problems: [],
      sentence: { en: 'Every day at 02:30 (Europe/Zurich)', zh: '每天 02:30（Europe/Zurich）' },
      times: [
        { at: Date.parse('2026-03-29T01:00:00Z'), nominalLocal: '2026-03-29T02:30:00', localTime: '2026-03-29T03:00:00+02:00', dst: 'gap', clockChange: 'forward' },
        { at: Date.parse('2026-03-30T00:30:00Z'), nominalLocal: '2026-03-30T02:30:00', localTime: '2026-03-30T02:30:00+02:00', dst: null, clockChange: null },
      ],
    });
    expect((await client.schedules.preview({ schedule })).times[0]?.at).toBe(Date.parse('1970-01-01T01:30:00Z'));
    expect(await client.schedules.preview({ schedule: { ...schedule, cron: '61 * * * *' } })).toMatchObject({ definition: null, sentence: null, times: [], problems: [{ code: 'schedule_cron', params: { position: '1' } }] });
    expect(await client.schedules.preview({ schedule: { kind: 'manual' } })).toMatchObject({ sentence: { en: 'Only when you start it' }, times: [], problems: [] });
  });
});

describe('runs', () => {
  it('starts a saved workflow from its file, and a draft from where its file is', async () => {
    const { client, asked } = open();
    await client.runs.start({ workflowId: orders });
    await client.runs.start({ workflow: sampleWorkflow('draft'), scope: { kind: 'all' } });
    expect(asked.map(({ file, folder, trigger, scope }) => ({ file, folder, trigger, scope }))).toEqual([
      { file: `${dataDir}/orders.json`, folder: dataDir, trigger: { kind: 'manual' }, scope: { kind: 'all' } },
      { file: null, folder: `${dataDir}/draft`, trigger: { kind: 'manual' }, scope: { kind: 'all' } },
    ]);
  });

  it('wants a workflow, and says how to give one', async () => {
    await expect(open().client.runs.start({})).rejects.toMatchObject({ code: 'invalid_input', data: { remedy: 'Give workflowId or workflow.' } });
  });

  it.each(['get', 'events', 'console', 'workflow'] as const)('%s says not_found of a run nobody asked for', async (call) => {
    await expect(open().client.runs[call]({ runId: RunId.parse('none') })).rejects.toMatchObject({ code: 'not_found', status: 404, data: { place: 'none' } });
  });

  it('gives the state now and at any event of the past', async () => {
    const { client, studio } = open();
    const { runId } = await client.runs.start({ workflowId: orders });
    studio.journal.append(runStream(runId), 'any', [complete(runId)]);
    expect((await client.runs.get({ runId })).status).toBe('completed');
    expect((await client.runs.get({ runId, at: 1 })).status).toBe('queued');
    expect((await client.runs.events({ runId, after: 1 })).map((event) => event.type)).toEqual(['WorkflowCompleted']);
    expect((await client.runs.list({ filter: { status: ['completed'] } })).rows.map((row) => row.id)).toEqual([runId]);
  });

  it('tells of every change of status, with the workflow it belongs to', async () => {
    const { client, studio } = open();
    const stop = new AbortController();
    const stream = await client.runs.changes(undefined, { signal: stop.signal });
    const first = stream.next();
    const { runId } = await client.runs.start({ workflowId: orders });
    expect((await first).value).toEqual({ runId, workflowId: 'orders', status: 'queued' });
    studio.journal.append(runStream(runId), 'any', [complete(runId)]);
    expect((await stream.next()).value).toEqual({ runId, workflowId: 'orders', status: 'completed' });
    const last = stream.next();
    stop.abort();
    expect((await last).done).toBe(true);
  });

  it('turns what a stream throws later into the same form', async () => {
    const stream = await open().client.runs.watch({ runId: RunId.parse('none') });
    await expect(stream.next()).rejects.toMatchObject({ code: 'not_found', data: { message: 'There is no run "none".' } });
  });

  it('stops watching when the reader goes', async () => {
    const { client, watchers } = open();
    const { runId } = await client.runs.start({ workflowId: orders });
    const stop = new AbortController();
    const stream = await client.runs.watch({ runId }, { signal: stop.signal });
    expect((await stream.next()).value).toMatchObject({ kind: 'event', event: { type: 'WorkflowRequested' } });
    const next = stream.next();
    expect(watchers()).toBe(1);
    stop.abort();
    expect((await next).done).toBe(true);
    expect(watchers()).toBe(0);
  });

  it('counts the last 24 hours and looks at the disk', async () => {
    const { client, studio } = open();
    const { runId } = await client.runs.start({ workflowId: orders });
    studio.journal.append(runStream(runId), 'any', [complete(runId)]);
    const stats = await client.runs.stats();
    expect(stats).toMatchObject({ running: 1, queued: 2, completed: 1, failed: 0, events: 2 });
    expect(stats.memoryBytes).toBeGreaterThan(3000);
    expect(stats.diskFreeBytes).toBeGreaterThan(0);
  });
});

describe('the rest of the contract', () => {
  it('hides what it has no words for, and tells the host', async () => {
    const { client, unexpected } = open();
    await expect(client.workflows.import({ text: '{}', name: 'x' })).rejects.toMatchObject({ code: 'internal', status: 500, data: { code: 'internal' } });
    expect(unexpected).toEqual([expect.any(TypeError)]);
  });

  it('changes only the settings it was given', async () => {
    const { client } = open();
    expect(await client.studio.saveSettings({ theme: 'dark', language: undefined })).toMatchObject({ theme: 'dark', language: 'en', folder: dataDir });
  });

  it('has system dialogs only where the host has them', async () => {
    await expect(open().client.files.pick({ mode: 'open' })).rejects.toMatchObject({ code: 'unsupported', status: 501 });
    const { client } = open({ dialogs: { pick: ({ mode }) => Promise.resolve(mode === 'open' ? '/a.csv' : null), reveal: () => Promise.resolve() } });
    expect(await client.files.pick({ mode: 'open' })).toEqual({ path: '/a.csv' });
    expect(await client.files.pick({ mode: 'save' })).toEqual({ path: null });
  });

  it('lists the workflow folder where no other is asked for', async () => {
    expect((await open().client.files.list({})).path).toBe(dataDir);
  });

  it('asks about a graph where its file is', async () => {
    const { client } = open();
    expect(await client.workflows.columns({ workflow: sampleWorkflow() })).toEqual({ read: { out: [{ name: 'id', type: 'BIGINT' }] } });
    expect(await client.workflows.check({ workflow: 5 })).toHaveLength(1);
    const asked = { workflow: sampleWorkflow(), node: sampleWorkflow().nodes[0]!.id, text: 'from', scope: 'scalar' } as const;
    await expect(client.workflows.tryExpression(asked)).rejects.toMatchObject({ code: 'node_failed', status: 422 });
  });

  it('streams what happens to the library, one subscription a reader', async () => {
    const { client, changeLibrary } = open();
    const stop = new AbortController();
    const stream = await client.workflows.changes(undefined, { signal: stop.signal });
    const first = stream.next();
    await expect.poll(() => changeLibrary({ id: orders, change: 'changed', revision: 'abc' })).toBe(1);
    expect((await first).value).toEqual({ id: 'orders', change: 'changed', revision: 'abc' });
    stop.abort();
    await stream.return();
    expect(changeLibrary({ id: orders, change: 'removed', revision: null })).toBe(0);
  });
});
